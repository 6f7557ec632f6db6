from common.desk.actions import action_paths
from common.desk.editing import editing_paths
from common.desk.listing import listing_paths
from instructors.actions import ON_ASSIGNMENT, ON_ENTERPRISE, ON_FACTS, ON_INSTRUCTOR
from instructors.editing import INSTRUCTOR
from instructors.listings import INSTRUCTORS

urlpatterns = [
    *listing_paths(INSTRUCTORS),
    *editing_paths(INSTRUCTOR),
    *action_paths("enterprises", ON_ENTERPRISE),
    *action_paths("instructors", ON_INSTRUCTOR),
    *action_paths("assignments", ON_ASSIGNMENT),
    *action_paths("facts/{model}", ON_FACTS),
]
