from django.urls import path

from ledgers import views

urlpatterns = [
    path("ledgers/", views.uploads, name="uploads"),
    path("ledgers/new/", views.upload_new, name="upload-new"),
    path("ledgers/<int:pk>/", views.upload, name="upload"),
    path("ledgers/<int:pk>/as-of/", views.upload_as_of, name="upload-as-of"),
    path("ledgers/<int:pk>/again/", views.upload_again, name="upload-again"),
    path("ledgers/<int:pk>/commit/", views.upload_commit, name="upload-commit"),
]
