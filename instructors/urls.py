from django.urls import path

from common.actions import action_paths
from instructors import views
from instructors.actions import ON_ASSIGNMENT, ON_ENTERPRISE

urlpatterns = [
    path("instructors/", views.instructors, name="instructors"),
    path("instructors/export/", views.instructors_export, name="instructors-export"),
    *action_paths("enterprises", ON_ENTERPRISE),
    *action_paths("assignments", ON_ASSIGNMENT),
]
