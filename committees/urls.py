from committees.listings import ACCESS, USERS
from committees.responsible import ACTIONS
from common.desk.listing import listing_paths
from common.desk.performing import action_paths

urlpatterns = [*listing_paths(USERS), *listing_paths(ACCESS), *action_paths(ACTIONS)]
