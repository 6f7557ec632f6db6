from django.urls import path

from common.desk.editing import editing_paths
from common.desk.listing import listing_paths
from common.desk.performing import action_paths
from enterprises import mass_grid, views
from enterprises.actions import ACTIONS
from enterprises.editing import ENTERPRISE
from enterprises.exclusion_lists import EXCLUSION_REQUESTS, EXCLUSIONS

urlpatterns = [
    path("enterprises/check-credit-code/", views.check_code, name="check-credit-code"),
    path("enterprises/mass-grid/", mass_grid.mass_grid, name="mass-grid"),
    *editing_paths(ENTERPRISE),
    *action_paths(ACTIONS),
    *listing_paths(EXCLUSIONS),
    *listing_paths(EXCLUSION_REQUESTS),
]
