from common.actions import action_paths
from common.listing import listing_paths
from organizations.actions import ON_COVER, ON_ENTERPRISE, ON_ORGANIZATION
from organizations.listings import MEMBERS, ORGANIZATIONS

urlpatterns = [
    *listing_paths(ORGANIZATIONS),
    *listing_paths(MEMBERS),
    *action_paths("organizations", ON_ORGANIZATION),
    *action_paths("enterprises", ON_ENTERPRISE),
    *action_paths("covers", ON_COVER),
]
