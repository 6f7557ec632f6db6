from committees.listings import USERS
from common.desk.listing import listing_paths

urlpatterns = listing_paths(USERS)
