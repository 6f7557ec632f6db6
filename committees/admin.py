from django.contrib import admin

import committees.user_admin  # noqa: F401 - registers users
from committees.models import AccessLog, Committee, Responsible
from common.desk.admin import ReadOnlyAdmin, RegisterAdmin


@admin.register(Committee)
class CommitteeAdmin(RegisterAdmin):
    identities = (("name",),)
    list_display = ["name", "short_name", "kind", "order", "active"]
    list_filter = ["kind", "active"]
    search_fields = ["name", "short_name"]


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "what", "subject", "count"]
    list_filter = ["what"]
    search_fields = ["subject", "user__username"]
    list_select_related = ["user"]
    date_hierarchy = "at"


@admin.register(Responsible)
class ResponsibleAdmin(RegisterAdmin):
    list_display = ["committee", "duty", "name", "post", "start", "end"]
    list_filter = ["committee", "duty"]
    list_select_related = ["committee"]
