from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from committees.accounts.second import take_off
from committees.models import AccessKind, AccessLog, Committee, Responsible, User
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

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """A password that somebody else has set is a first one."""
        user = super().save_form(request, form, change)
        if not change:
            user.password_is_first = True
        return user

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        answer = super().user_change_password(request, id, form_url)
        User.objects.filter(pk=id).exclude(pk=request.user.pk).exclude(password=before).update(password_is_first=True)
        return answer

    actions: ClassVar[list] = ["take_off_second_factor"]

    @admin.action(description="取消动态口令（手机和纸质备用码都丢了的）")
    def take_off_second_factor(self, request: HttpRequest, queryset: Any) -> None:
        for user in queryset:
            take_off(user)
            request.user.note_access(request, AccessKind.ACCOUNT, "取消动态口令", of=user)  # type: ignore[union-attr]
        self.message_user(request, f"已取消 {queryset.count()} 个用户的动态口令，下次登录后重新设置。")

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
