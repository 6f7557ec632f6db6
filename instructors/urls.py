from common.actions import action_paths
from common.listing import listing_paths
from instructors.actions import ON_ASSIGNMENT, ON_ENTERPRISE
from instructors.listings import INSTRUCTORS

urlpatterns = [
    *listing_paths(INSTRUCTORS),
    *action_paths("enterprises", ON_ENTERPRISE),
    *action_paths("assignments", ON_ASSIGNMENT),
]
