"""One admin base: history, and import and export with the safe settings."""

from import_export.admin import ImportExportMixin
from import_export.resources import ModelResource, modelresource_factory
from simple_history.admin import SimpleHistoryAdmin


class CheckedResource(ModelResource):
    """import-export's defaults save what no form would: here every row passes the model's own checks."""

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True


class RegisterAdmin(ImportExportMixin, SimpleHistoryAdmin):
    """The admin of a tracked model. Who has no permission code `import`/`export` sees neither button."""

    show_full_result_count = False
    list_per_page = 50

    def get_resource_classes(self, request):
        return [modelresource_factory(self.model, resource_class=CheckedResource)]

    def get_queryset(self, request):
        rows = self.model._default_manager.visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows
