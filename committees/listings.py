"""The list of users, and of what they saw and took away."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from committees.models import AccessKind, AccessLog, User
from committees.scope import Role, may_change, may_change_persons
from common.desk.filters import ListFilter
from common.desk.listing import Column, Listing
from common.fields import PICKER
from common.record import Record


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
        [
            ("从一张表建立", reverse("accounts-sheet")),
            ("维护用户", reverse("admin:committees_user_changelist")),
        ]
        if request.user.is_superuser
        else []
    ),
)


class AccessFilter(ListFilter):
    q = django_filters.CharFilter(
        method="search",
        label="用户或内容",
        widget=forms.TextInput(attrs={"placeholder": "姓名、用户名、内容", "type": "search"}),
    )
    what = django_filters.ChoiceFilter(choices=AccessKind.choices, label="事项", empty_label="全部")
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label="从", widget=PICKER)
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label="到", widget=PICKER)

    class Meta:
        model = AccessLog
        fields = ["q", "what", "since", "until"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(Q(who__icontains=value) | Q(subject__icontains=value))


def _object(row: AccessLog) -> str:
    """The record that it was done to, by its kind and number: the log names nobody."""
    model = _records().get(row.object_type)
    return f"{model._meta.verbose_name} {row.object_key}" if model else row.object_type


def _address(row: AccessLog) -> str | None:
    model = _records().get(row.object_type)
    paged = model is not None and issubclass(model, Record)
    return reverse(model.PAGE, args=[row.object_key]) if paged else None  # type: ignore[union-attr]


def _records() -> dict[str, type[models.Model]]:
    return {str(model._meta.model_name): model for model in apps.get_models() if issubclass(model, Record)}


ACCESS = Listing(
    key="access-log",
    title="查看和导出记录",
    rows=lambda request: AccessLog.objects.visible_to(request.user),
    filter=AccessFilter,
    columns=[
        Column("at", "时间", lambda row: f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}", "at"),
        Column("who", "用户", lambda row: row.who, "who"),
        Column("role", "当时的角色", lambda row: row.role, "role"),
        Column("what", "事项", lambda row: row.get_what_display(), "what"),
        Column("object", "对象", _object, ("object_type", "object_key"), _address),
        Column("subject", "内容", lambda row: row.subject, "subject"),
        Column("reason", "理由", lambda row: row.reason),
        Column("count", "行数", lambda row: row.count, "count", numeric=True),
        Column("result", "结果", lambda row: row.result, "result"),
        Column("address", "来源地址", lambda row: row.address, "address", shown=False),
        Column("asked", "查询条件", lambda row: row.asked, shown=False),
        Column("sha256", "导出文件的指纹", lambda row: row.sha256, shown=False),
    ],
    with_extras=False,
    empty="没有符合条件的记录。",
)


def toolbar(new: str) -> Callable[[HttpRequest], list[tuple[str, str]]]:
    """The tools of a register list: 新增 (the url name `new`) and 导入, for who may change rows."""

    def tools(request: HttpRequest) -> list[tuple[str, str]]:
        if not may_change(request.user):
            return []
        known = {"upload-new": may_change_persons, "member-new": may_change_persons}
        offered = [("新增", new), ("导入", "upload-new")]
        return [(label, reverse(to)) for label, to in offered if known.get(to, may_change)(request.user)]

    return tools
