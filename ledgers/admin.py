from django.contrib import admin

from ledgers.models import Upload


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):
    """To look at; uploads are made and committed in the pages."""

    list_display = ["file_name", "committee", "user", "as_of", "state", "created_at", "committed_at"]
    list_filter = ["state", "committee"]
    search_fields = ["file_name", "sha256"]
    list_select_related = ["committee", "user"]
    exclude = ["file"]

    def get_queryset(self, request):
        return Upload.objects.visible_to(request.user)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
