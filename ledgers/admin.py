from django.contrib import admin

from common.admin import ReadOnlyAdmin
from ledgers.models import Upload


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """To look at; uploads are made and committed in the pages."""

    list_display = ["file_name", "committee", "user", "as_of", "state", "created_at", "committed_at"]
    list_filter = ["state", "committee"]
    search_fields = ["file_name", "sha256"]
    list_select_related = ["committee", "user"]
    exclude = ["file"]
