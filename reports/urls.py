from django.urls import path

from reports import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/export/", views.dashboard_export, name="dashboard-export"),
    path("committees/", views.committees, name="committees"),
    path("committees/<int:pk>/", views.committee, name="committee"),
    path("figures/<slug:key>/", views.figure, name="figure"),
    path("figures/<slug:key>/export/", views.figure_export, name="figure-export"),
    path("recognitions/<slug:code>/", views.recognition, name="recognition"),
    path("plan/", views.plan, name="plan"),
    path("healthy/", views.healthy, name="healthy"),
]
