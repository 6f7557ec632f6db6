"""One admin base: history, and import and export with the safe settings."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export.admin import ImportExportMixin
from import_export.resources import ModelResource
from simple_history.admin import SimpleHistoryAdmin

from common.desk.resources import FORMATS, Identities, resource_of
from common.desk.versioned import VersionedModelForm
from common.lives import cut


class RegisterAdmin(ImportExportMixin, SimpleHistoryAdmin):
    """The admin of a tracked model. Who has no permission code `import`/`export` sees neither button."""

    form = VersionedModelForm
    formats: ClassVar[list] = FORMATS
    # By what rows of a file are known again (common/desk/resources.py), and columns that no file may carry.
    identities: Identities = ()
    not_in_files: tuple[str, ...] = ()
    # Columns for those only who may change something.
    personal: tuple[str, ...] = ()
    show_full_result_count = False
    list_per_page = 50

    def view_on_site(self, obj: Any) -> str | None:
        """The product's own page of it."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        personal = () if self.has_change_permission(request) else self.personal
        return [resource_of(self.model, self.identities, (*self.not_in_files, *personal))]

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        """What leaves is on record."""
        what = str(self.model._meta.verbose_name)
        content = super().get_export_data(file_format, request, queryset, **kwargs)
        taken = content.encode() if isinstance(content, str) else content
        request.user.note_access(request, "export", f"后台导出：{what}", count=queryset.count(), content=taken)  # type: ignore[union-attr]
        return content

    def process_result(self, result: Any, request: HttpRequest) -> Any:
        """So is what comes in."""
        what = str(self.model._meta.verbose_name)
        number = result.totals["new"] + result.totals["update"]
        request.user.note_access(request, "import", f"后台导入：{what}", count=number)  # type: ignore[union-attr]
        return super().process_result(result, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = self.model._default_manager.visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read under the lock while it is being saved, so that the version that the form carries is the last."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and connection.in_atomic_block:
            return type(found)._default_manager.select_for_update().get(pk=found.pk)
        return found

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; what lies within the record's life is cut to it (law 3)."""
        super().save_model(request, obj, form, change)
        if hasattr(obj, "LIFE"):
            cut(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that was counted vanishes: a fact is voided with a reason, on the record's page."""
        return False


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the product writes and nobody edits."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = self.model._default_manager.visible_to(request.user)
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
