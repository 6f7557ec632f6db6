from django.urls import path

from common.actions import action_paths
from enterprises import views
from enterprises.actions import ACTIONS

urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/export/", views.enterprises_export, name="enterprises-export"),
    *action_paths("enterprises", ACTIONS),
]
