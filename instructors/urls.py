from common.desk.editing import editing_paths
from common.desk.listing import listing_paths
from common.desk.performing import action_paths
from instructors.actions import ACTIONS
from instructors.editing import INSTRUCTOR
from instructors.listings import INSTRUCTORS

urlpatterns = [
    *listing_paths(INSTRUCTORS),
    *editing_paths(INSTRUCTOR),
    *action_paths(ACTIONS),
]
