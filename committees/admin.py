from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from committees.models import AccessLog, Committee, Responsible, User
from common.desk.admin import AskedAsOffered, ReadOnlyAdmin, RegisterAdmin


@admin.register(Committee)
class CommitteeAdmin(RegisterAdmin):
    identities = (("name",),)
    list_display = ["name", "short_name", "kind", "order", "active"]
    list_filter = ["kind", "active"]
    search_fields = ["name", "short_name"]


@admin.register(User)
class ScopedUserAdmin(AskedAsOffered, UserAdmin, SimpleHistoryAdmin):
    list_display = ["username", "name", "role", "committee", "is_active", "is_superuser"]
    list_filter = ["role", "committee", "is_active"]
    search_fields = ["username", "name"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who did something stays known: users are deactivated."""
        return False

    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("人员", {"fields": ["name", "role", "committee"]}),
        ("权限", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("时间", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "name", "role", "committee", "password1", "password2"]})
    ]


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
