"""Where a user lands, and the pages for what goes wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from committees.scope import own_committee_id, sees_all


def start(request: HttpRequest) -> HttpResponse:
    """The district lands on its dashboard, a committee on its own page."""
    if sees_all(request.user):
        query = request.GET.urlencode()
        return redirect(f"{reverse('dashboard')}?{query}" if query else "dashboard")
    own = own_committee_id(request.user)
    if own is not None:
        return redirect("committee", pk=own)
    return render(request, "no_role.html")


def _page(request: HttpRequest, status: int, title: str, remedy: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "remedy": remedy}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, "请求有误", "请返回上一页重试。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "没有这项权限", "如工作需要，请联系系统管理员调整您的角色。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "没有找到", "可能已被移走，或不属于您的单位。请从左侧菜单重新进入。")


def failed(request: HttpRequest) -> HttpResponse:
    # The request may be broken itself: no menu, no queries.
    return HttpResponse(
        "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>系统出错</title>"
        "<h1>系统出错了</h1><p>刚才的操作没有完成，数据没有改动。请稍后重试；如仍出错，请联系系统管理员。</p>",
        status=500,
    )
