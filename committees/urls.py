from committees.listings import USERS
from common.listing import listing_paths

urlpatterns = listing_paths(USERS)
