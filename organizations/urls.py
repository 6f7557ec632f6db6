from django.urls import path

from organizations import views

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/export/", views.organizations_export, name="organizations-export"),
]
