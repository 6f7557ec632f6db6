"""One admin base: history, and import and export with the safe settings."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export.admin import ImportExportMixin
from import_export.resources import ModelResource, modelresource_factory
from simple_history.admin import SimpleHistoryAdmin

from common.desk.versioned import VersionedModelForm
from common.initials import OF_THE_NAME
from common.lives import cut
from common.sheets import safe_text, unsafe_text


class CheckedResource(ModelResource):
    """import-export's defaults save what no form would: here every row passes the model's own checks."""

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        """Text that a spreadsheet would run gets an apostrophe; nothing else is touched."""
        value = super().export_field(field, instance, **kwargs)
        return safe_text(value) if isinstance(value, str) else value

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Take that apostrophe off again, so that an export comes back unchanged."""
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = unsafe_text(value)

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True


class RegisterAdmin(ImportExportMixin, SimpleHistoryAdmin):
    """The admin of a tracked model. Who has no permission code `import`/`export` sees neither button."""

    form = VersionedModelForm
    # Columns that no file may carry: derived, or personal.
    not_in_files: tuple[str, ...] = tuple(OF_THE_NAME)
    show_full_result_count = False
    list_per_page = 50

    def view_on_site(self, obj: Any) -> str | None:
        """The product's own page of it."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        meta = {"exclude": [name for name in self.not_in_files if hasattr(self.model, name)]}
        return [modelresource_factory(self.model, resource_class=CheckedResource, meta_options=meta)]

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
