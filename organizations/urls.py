from django.urls import path

from common.desk.editing import editing_paths
from common.desk.listing import listing_paths
from common.desk.performing import action_paths
from organizations.actions import ACTIONS
from organizations.editing import MEMBER, ORGANIZATION
from organizations.inspection_list import INSPECTIONS
from organizations.listings import MEMBERS, ORGANIZATIONS
from organizations.nomination_list import NOMINATIONS
from organizations.views import liaisons

urlpatterns = [
    *listing_paths(ORGANIZATIONS),
    path("liaisons/", liaisons, name="liaisons"),
    *listing_paths(MEMBERS),
    *listing_paths(NOMINATIONS),
    *listing_paths(INSPECTIONS),
    *editing_paths(ORGANIZATION),
    *editing_paths(MEMBER),
    *action_paths(ACTIONS),
]
