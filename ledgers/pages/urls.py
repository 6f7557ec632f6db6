from django.urls import path

from common.desk.listing import listing_paths
from common.desk.performing import action_paths
from ledgers.pages import views, views_help
from ledgers.pages.registration_list import FINDINGS
from ledgers.uploads.settle_finding import SETTLING

urlpatterns = [
    path("ledgers/", views.uploads, name="uploads"),
    path("ledgers/new/", views.upload_new, name="upload-new"),
    path("ledgers/help/", views_help.help_page, name="ledger-help"),
    path("ledgers/templates/<slug:kind>/", views_help.template, name="ledger-template"),
    path("ledgers/mappings/", views_help.mappings, name="mappings"),
    path("ledgers/mappings/<int:pk>/forget/", views_help.mapping_forget, name="mapping-forget"),
    path("ledgers/words/<int:pk>/forget/", views_help.word_forget, name="word-forget"),
    path("ledgers/conflicts/", views_help.conflicts, name="conflicts"),
    path("ledgers/conflicts/<int:pk>/", views_help.conflict_settle, name="conflict-settle"),
    path("ledgers/<int:pk>/", views.upload, name="upload"),
    path("ledgers/<int:pk>/progress/", views.upload_progress, name="upload-progress"),
    path("ledgers/<int:pk>/as-of/", views.upload_as_of, name="upload-as-of"),
    path("ledgers/<int:pk>/unit/", views.upload_unit, name="upload-unit"),
    path("ledgers/<int:pk>/discard/", views.upload_discard, name="upload-discard"),
    path("ledgers/<int:pk>/mapping/", views.upload_mapping, name="upload-mapping"),
    path("ledgers/<int:pk>/settle/", views.upload_settle, name="upload-settle"),
    path("ledgers/<int:pk>/again/", views.upload_again, name="upload-again"),
    path("ledgers/<int:pk>/commit/", views.upload_commit, name="upload-commit"),
    path("ledgers/<int:pk>/retry/", views.upload_retry, name="upload-retry"),
    path("ledgers/<int:pk>/undo/", views.upload_undo, name="upload-undo"),
    path("ledgers/<int:pk>/original/", views.upload_original, name="upload-original"),
    path("ledgers/<int:pk>/marked/", views.upload_marked, name="upload-marked"),
    path("ledgers/<int:pk>/details/", views.upload_details, name="upload-details"),
    *listing_paths(FINDINGS),
    *action_paths(SETTLING),
]
