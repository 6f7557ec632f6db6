from common.actions import action_paths
from common.listing import listing_paths
from enterprises.actions import ACTIONS
from enterprises.listings import ENTERPRISES

urlpatterns = [
    *listing_paths(ENTERPRISES),
    *action_paths("enterprises", ACTIONS),
]
