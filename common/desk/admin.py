"""One admin base: history, and import and export with the safe settings."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from import_export.admin import ImportExportMixin
from import_export.resources import ModelResource
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from common.desk.brought_in import LookedAtForm
from common.desk.resources import FORMATS, Identities, resource_of
from common.desk.versioned import VersionedModelForm, masks_of
from common.lives import cut

# What autocomplete and related pages ask.
_ALWAYS = {"id", "id__exact", "pk", "pk__exact"}


class AskedAsOffered(ModelAdmin):
    """A list that answers only what it offers to be asked."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers to be asked by: any other question by the address would answer letter for letter
        what is masked."""
        return lookup in _ALWAYS or lookup.split("__")[0] in self._asked_by()

    def _asked_by(self) -> set[str]:
        return {str(name).split("__")[0] for name in (*self.list_filter, self.date_hierarchy) if name}


class RegisterAdmin(AskedAsOffered, ImportExportMixin, SimpleHistoryAdmin):
    """The admin of a tracked model. Who has no permission code `import`/`export` sees neither button."""

    form = VersionedModelForm
    formats: ClassVar[list] = FORMATS
    import_form_class = LookedAtForm
    # By what rows of a file are known again (common/desk/resources.py), and columns that no file may carry.
    identities: Identities = ()
    not_in_files: tuple[str, ...] = ()
    # Whether its rows are persons or tell of them: only for who may know them, and every look is on record.
    of_persons: ClassVar[bool] = False
    show_full_result_count = False
    list_per_page = 50

    def view_on_site(self, obj: Any) -> str | None:
        """The product's own page of it."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        return [resource_of(self.model, self.identities, self.not_in_files)]

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

    # -- persons, and what is masked ---------------------------------------------

    def _may_see(self, request: HttpRequest) -> bool:
        return not self.of_persons or request.user.sees_persons  # type: ignore[union-attr]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may_see(request) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_see(request) and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_see(request) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may_see(request) and super().has_add_permission(request)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self._may_see(request) and super().has_import_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self._may_see(request) and super().has_export_permission(request)

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        answer = super().changeform_view(request, object_id, *args, **kwargs)
        self._note(request, object_id, "后台页面")
        return answer

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        answer = super().history_view(request, object_id, extra_context)
        self._note(request, object_id, "后台修改记录")
        return answer

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> Any:
        # The versions of what the user does not see are nobody's.
        if not self.get_queryset(request).filter(pk=object_id).exists():
            raise Http404
        answer = super().history_form_view(request, object_id, version_id, extra_context)
        self._note(request, object_id, "后台修改记录")
        return answer

    def _note(self, request: HttpRequest, object_id: Any, where: str) -> None:
        """That somebody looked at a person."""
        found = self.get_object(request, str(object_id)) if self.of_persons and object_id else None
        if found is not None:
            request.user.note_access(request, "person", where, of=found)  # type: ignore[union-attr]

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> Any:
        return Masked(self.model, historical_record)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read under the lock while it is being saved, so that the version that the form carries is the last."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and connection.in_atomic_block:
            return type(found)._default_manager.select_for_update().get(pk=found.pk)
        return found

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; what lies within the record's life is cut to it (law 3)."""
        super().save_model(request, obj, form, change)
        for words in getattr(obj, "doubts", list)():
            messages.warning(request, f"已保存，请核对：{words}")
        if hasattr(obj, "LIFE"):
            cut(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that was counted vanishes: a fact is voided with a reason, on the record's page."""
        return False


class Masked(HistoricalRecordContextHelper):
    """A record's history with phones and birth dates as forms show them."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        mask = masks_of(self.model).get(change.field)
        return mask(value) if mask and value else super().prepare_delta_change_value(change, value)


class ReadOnlyAdmin(AskedAsOffered):
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
