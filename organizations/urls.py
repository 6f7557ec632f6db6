from django.urls import path

from common.actions import action_paths
from organizations import views
from organizations.actions import ON_COVER, ON_ENTERPRISE, ON_ORGANIZATION

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/export/", views.organizations_export, name="organizations-export"),
    *action_paths("organizations", ON_ORGANIZATION),
    *action_paths("enterprises", ON_ENTERPRISE),
    *action_paths("covers", ON_COVER),
]
