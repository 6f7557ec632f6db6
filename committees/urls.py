from committees.accounts.urls import urlpatterns as accounts
from committees.listings import ACCESS, USERS
from committees.responsible import ACTIONS
from common.desk.listing import listing_paths
from common.desk.performing import action_paths

urlpatterns = [*accounts, *listing_paths(USERS), *listing_paths(ACCESS), *action_paths(ACTIONS)]
