from django.urls import path

from common.desk.editing import editing_paths
from common.desk.performing import action_paths
from enterprises import views
from enterprises.actions import ACTIONS
from enterprises.editing import ENTERPRISE

urlpatterns = [
    path("enterprises/check-credit-code/", views.check_code, name="check-credit-code"),
    *editing_paths(ENTERPRISE),
    *action_paths(ACTIONS),
]
