from django.urls import path

from instructors import views

urlpatterns = [
    path("instructors/", views.instructors, name="instructors"),
    path("instructors/export/", views.instructors_export, name="instructors-export"),
]
