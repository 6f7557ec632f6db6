from django.urls import path

from common.desk.actions import action_paths
from common.desk.editing import editing_paths
from enterprises import views
from enterprises.actions import ACTIONS, ON_FACTS
from enterprises.editing import ENTERPRISE

urlpatterns = [
    path("enterprises/check-credit-code/", views.check_code, name="check-credit-code"),
    *editing_paths(ENTERPRISE),
    *action_paths("enterprises", ACTIONS),
    *action_paths("facts/{model}", ON_FACTS),
]
