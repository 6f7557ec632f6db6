from django.contrib import admin

from common.desk.admin import ReadOnlyAdmin
from ledgers.models import ColumnMapping, Conflict, RegistrationFinding, Upload, WordMeaning


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """To look at; uploads are made and committed in the pages."""

    list_display = ["file_name", "committee", "user", "kind", "as_of", "state", "created_at", "committed_at"]
    list_filter = ["state", "kind", "committee"]
    search_fields = ["file_name", "sha256"]
    list_select_related = ["committee", "user"]
    exclude = ["file", "details"]


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdmin):
    list_display = ["shown", "field", "committee", "user", "created_at"]
    list_filter = ["committee"]
    list_select_related = ["committee", "user"]


@admin.register(WordMeaning)
class WordMeaningAdmin(ReadOnlyAdmin):
    list_display = ["shown", "meaning", "field", "kind", "committee", "user", "created_at"]
    list_filter = ["kind", "committee"]
    list_select_related = ["committee", "user"]


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "committee", "holder", "decision", "settled_at"]
    list_filter = ["kind", "decision"]
    list_select_related = ["committee", "holder"]
    # The key of a person is a fingerprint, which nobody needs to see.
    exclude = ["subject"]


@admin.register(RegistrationFinding)
class RegistrationFindingAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "committee", "as_of", "state", "settled_on", "settled_by"]
    list_filter = ["kind", "state", "committee"]
    search_fields = ["name", "code"]
    list_select_related = ["committee", "settled_by"]
    # File names may name people, whom an administrator need not know.
    exclude = ["upload", "said_by", "subject"]
