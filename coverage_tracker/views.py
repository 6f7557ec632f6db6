"""Where a user lands, and the pages for what goes wrong."""

import sys
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_POST

from committees.models import AccessKind, User
from committees.scope import may_change, own_committee_id, require, sees_all
from common.full_disk import FULL, REMEDY, is_full
from coverage_tracker.first_steps import is_empty, steps
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import Member


def start(request: HttpRequest) -> HttpResponse:
    """The district lands on its dashboard, or on what to do first while there is nothing; a committee on what is wrong
    or due with it."""
    if sees_all(request.user):
        if is_empty():
            return render(request, "first_steps.html", {"steps": steps(request.user)})
        query = request.GET.urlencode()
        return redirect(f"{reverse('dashboard')}?{query}" if query else "dashboard")
    own = own_committee_id(request.user)
    if own is not None:
        return redirect("work")
    return render(request, "no_role.html")


# Whose phones there are: kind → model and the field.
_PHONES: dict[str, tuple[Any, str]] = {
    "enterprise": (Enterprise, "contact_phone"),
    "instructor": (Instructor, "phone"),
    "member": (Member, "phone"),
}


# So many phones a day are enough to work with, and too few to copy the register.
PHONES_A_DAY = 40


@require_POST
def phone(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A phone in full, for who may change the record and says why; so many a day, each on record."""
    if kind not in _PHONES:
        raise Http404
    require(may_change(request.user))
    model, field = _PHONES[kind]
    found = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()
    if not reason:
        return render(request, "parts/phone.html", _asked_again(kind, found, field, "请先填写查看的理由。"))
    with transaction.atomic():
        # Counted and noted by one at a time: of requests sent at once none is overlooked.
        user = User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        shown = user.accesses.of_today().filter(what=AccessKind.FULL).exclude(result=TOO_MANY).count()
        enough = shown >= PHONES_A_DAY
        user.note_access(request, AccessKind.FULL, of=found, reason=reason, result=TOO_MANY if enough else "")
    if enough:
        words = f"今天已经查看了 {PHONES_A_DAY} 个全号，不能再看；确有需要请联系区委组织部。"
        return render(request, "parts/phone.html", _asked_again(kind, found, field, words))
    return HttpResponse(escape(getattr(found, field)))


TOO_MANY = "超过每日次数"


def _asked_again(kind: str, found: Any, field: str, said: str) -> dict[str, Any]:
    return {"kind": kind, "record": found, "phone": getattr(found, field), "may_edit": True, "said": said}


def _page(request: HttpRequest, status: int, title: str, remedy: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "remedy": remedy}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, "请求有误", "请返回上一页重试。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "没有这项权限", "如工作需要，请联系系统管理员调整您的角色。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "没有找到", "可能已被移走，或不属于您的单位。请从左侧菜单重新进入。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """After signing in again in another tab, or with cookies off."""
    remedy = "这一页打开之后又重新登录过，或停留太久。请按浏览器的“后退”回到刚才的页面，复制好填的内容，刷新后再提交。"
    return _page(request, 403, "页面已过期，没有提交", remedy)


def failed(request: HttpRequest) -> HttpResponse:
    # The request may be broken itself: no menu, no queries.
    if is_full(sys.exc_info()[1]):
        return _bare(507, FULL, f"刚才的操作没有完成，{REMEDY}登录、查看人员和导出都要留下记录，磁盘满的时候办不了。")
    remedy = "刚才的操作没有完成，数据没有改动。请稍后重试；如仍出错，请联系系统管理员。"
    return _bare(500, "系统出错了", remedy)


def _bare(status: int, title: str, remedy: str) -> HttpResponse:
    return HttpResponse(
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{remedy}</p>",
        status=status,
    )
