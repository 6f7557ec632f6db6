from django.urls import path

from enterprises import views

urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/export/", views.enterprises_export, name="enterprises-export"),
    path("enterprises/<int:pk>/", views.enterprise, name="enterprise"),
]
