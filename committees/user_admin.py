"""Users in the admin: nobody thinks up another's password, and what is done to an account says why."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from committees.accounts import second
from committees.accounts.handing_out import FIRST_DAYS, Slip, end_sessions, hand_out
from committees.models import AccessKind, User
from common.desk.admin import AskedAsOffered


class NewUserForm(forms.ModelForm):
    """A user without a password: that is made when the user is saved."""

    class Meta:
        model = User
        fields: ClassVar[list] = ["username", "name", "role", "committee"]


def slips(request: HttpRequest, handed: list[Slip], back: str) -> HttpResponse:
    """The page with new one-time passwords, shown this once."""
    context = {"slips": handed, "back": back, "days": FIRST_DAYS, "address": request.build_absolute_uri("/")}
    return render(request, "registration/slips.html", context)


@admin.register(User)
class ScopedUserAdmin(AskedAsOffered, UserAdmin, SimpleHistoryAdmin):
    list_display = ["username", "name", "role", "committee", "is_active", "is_superuser"]
    list_filter = ["role", "committee", "is_active"]
    search_fields = ["username", "name"]
    change_list_template = "admin/committees/user/change_list.html"
    add_form = NewUserForm
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("人员", {"fields": ["name", "role", "committee"]}),
        ("权限", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("时间", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["username", "name", "role", "committee"],
                "description": "保存后显示一个一次性密码，交给本人；第一次登录必须改。",
            },
        )
    ]
    actions: ClassVar[list] = ["one_time_passwords", "take_off_second_factor", "end_sessions"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who did something stays known: users are deactivated."""
        return False

    # -- a new user --------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.slip = hand_out(obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        request.user.note_access(request, AccessKind.ACCOUNT, "建立用户", of=obj)  # type: ignore[union-attr]
        return slips(request, [obj.slip], reverse("admin:committees_user_changelist"))

    # -- what is done to accounts ------------------------------------------------

    @admin.action(description="发新的一次性密码（忘记密码的）")
    def one_time_passwords(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._done(request, queryset, "one_time_passwords", "发新的一次性密码", hand_out)

    @admin.action(description="取消动态口令（手机和纸质备用码都丢了的）")
    def take_off_second_factor(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        def take_off(user: Any) -> None:
            second.take_off(user)
            end_sessions(user)

        return self._done(request, queryset, "take_off_second_factor", "取消动态口令", take_off)

    @admin.action(description="结束登录（在别处没有退出的）")
    def end_sessions(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._done(request, queryset, "end_sessions", "结束登录", end_sessions)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """The page where an administrator would think up a password asks for a one-time one instead."""
        chosen = self.get_queryset(request).filter(pk=id)
        return self.one_time_passwords(request, chosen) or HttpResponse(status=405)

    def _done(self, request: HttpRequest, queryset: Any, action: str, label: str, do: Any) -> HttpResponse | None:
        """`do` to each of `queryset`, once it is said how it is known that the owner asks for it."""
        reason = request.POST.get("reason", "").replace("\x00", "").strip()
        if not reason:
            context = {
                **self.admin_site.each_context(request),
                "title": label,
                "users": queryset,
                "action": action,
                "checkbox": ACTION_CHECKBOX_NAME,
                "list": reverse("admin:committees_user_changelist"),
                "said": "请先填写怎样核实的。" if "reason" in request.POST else "",
            }
            return render(request, "admin/committees/user/ask.html", context)
        with transaction.atomic():
            answers = []
            for user in queryset:
                answers.append(do(user))
                request.user.note_access(request, AccessKind.ACCOUNT, label, of=user, reason=reason)  # type: ignore[union-attr]
        if answers and isinstance(answers[0], Slip):
            return slips(request, answers, reverse("admin:committees_user_changelist"))
        self.message_user(request, f"{label}：已办 {len(answers)} 个用户。")
        return None
