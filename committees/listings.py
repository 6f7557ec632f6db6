"""The list of users."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from committees.models import User
from committees.scope import Role, may_change
from common.desk.filters import ListFilter
from common.desk.listing import Column, Listing


class UserFilter(ListFilter):
    q = django_filters.CharFilter(
        method="search", label="用户", widget=forms.TextInput(attrs={"placeholder": "用户名、姓名", "type": "search"})
    )
    role = django_filters.ChoiceFilter(choices=Role.choices, label="角色", empty_label="全部")

    class Meta:
        model = User
        fields = ["q", "role"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(Q(username__icontains=value) | Q(name__icontains=value))


USERS = Listing(
    key="users",
    title="用户",
    rows=lambda request: User.objects.visible_to(request.user).select_related("committee"),
    filter=UserFilter,
    columns=[
        Column("username", "用户名", lambda row: row.username, "username"),
        Column("name", "姓名", lambda row: row.name, "name"),
        Column("role", "角色", lambda row: "系统管理员" if row.is_superuser else row.get_role_display(), "role"),
        Column("committee", "所属党（工）委", lambda row: str(row.committee or ""), "committee__order"),
        Column("active", "在用", lambda row: row.is_active, "is_active"),
        Column(
            "last_login", "最近登录", lambda row: row.last_login and timezone.localdate(row.last_login), "last_login"
        ),
    ],
    tools=lambda request: (
        [("维护用户", reverse("admin:committees_user_changelist"))] if request.user.is_superuser else []
    ),
)


def toolbar(new: str) -> Callable[[HttpRequest], list[tuple[str, str]]]:
    """The tools of a register list: 新增 (the url name `new`) and 导入, for who may change rows."""

    def tools(request: HttpRequest) -> list[tuple[str, str]]:
        return [("新增", reverse(new)), ("导入", reverse("upload-new"))] if may_change(request.user) else []

    return tools
