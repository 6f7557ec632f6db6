from django.contrib import admin

from common.desk.admin import RegisterAdmin
from reports.models import Target


@admin.register(Target)
class TargetAdmin(RegisterAdmin):
    list_display = ["indicator", "due_on", "percent", "count", "clause", "obligation", "is_target"]
    list_filter = ["indicator", "obligation", "is_target"]
