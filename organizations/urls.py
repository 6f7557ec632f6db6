from common.desk.actions import action_paths
from common.desk.editing import editing_paths
from common.desk.listing import listing_paths
from organizations.actions import ON_COVER, ON_ENTERPRISE, ON_FACTS, ON_MEMBER, ON_ORGANIZATION
from organizations.editing import MEMBER, ORGANIZATION
from organizations.listings import MEMBERS, ORGANIZATIONS

urlpatterns = [
    *listing_paths(ORGANIZATIONS),
    *listing_paths(MEMBERS),
    *editing_paths(ORGANIZATION),
    *editing_paths(MEMBER),
    *action_paths("organizations", ON_ORGANIZATION),
    *action_paths("enterprises", ON_ENTERPRISE),
    *action_paths("members", ON_MEMBER),
    *action_paths("covers", ON_COVER),
    *action_paths("facts/{model}", ON_FACTS),
]
