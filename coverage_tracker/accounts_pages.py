"""The pages by which an administrator makes committees and accounts from one sheet."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from committees.models import AccessKind
from committees.scope import require
from committees.user_admin import slips
from common.sheets import download
from coverage_tracker import accounts_sheet
from ledgers.reading import ReaderUnavailable, UnreadableFile


def accounts_sheet_page(request: HttpRequest) -> HttpResponse:
    """Upload, look, confirm. What is wrong in any row keeps all of them out."""
    require(request.user.is_superuser)
    if request.method != "POST":
        return _asked(request)
    if "shown" in request.POST:
        return _confirmed(request)
    file = request.FILES.get("file")
    if file is None:
        return _asked(request, "请先选择一个表格文件。")
    with NamedTemporaryFile() as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            given = accounts_sheet.read(Path(kept.name))
        except UnreadableFile as error:
            return _asked(request, str(error))
        except ReaderUnavailable:
            return _asked(request, "服务器上的读表程序现在不能用，不是这个文件的问题。请看“运行状态”页。")
    made, faults = accounts_sheet.plan(given.rows, given.columns)
    faults = [*given.faults, *faults]
    context = {
        "made": made,
        "faults": faults,
        "file": file.name,
        "news": sum(each.new_committee + each.new_user for each in made),
        "shown": "" if faults else accounts_sheet.packed(given.rows, given.columns),
    }
    return render(request, "registration/accounts_sheet.html", context, status=422 if faults else 200)


def _asked(request: HttpRequest, said: str = "") -> HttpResponse:
    return render(request, "registration/accounts_sheet.html", {"said": said}, status=422 if said else 200)


def _confirmed(request: HttpRequest) -> HttpResponse:
    try:
        rows, columns = accounts_sheet.unpacked(request.POST["shown"])
    except signing.BadSignature:
        return _asked(request, "预览已经过期，请重新上传。")
    with transaction.atomic():
        made, faults = accounts_sheet.plan(rows, columns)
        if faults:
            return _asked(request, "预览以后登记有了变化，没有建立，请重新上传。")
        handed = accounts_sheet.make(made)
        for slip in handed:
            request.user.note_access(request, AccessKind.ACCOUNT, "建立用户", of=slip.user)  # type: ignore[union-attr]
    if not handed:
        messages.success(request, f"已登记 {sum(each.new_committee for each in made)} 个党（工）委，没有新的用户。")
        return redirect("users")
    return slips(request, handed, reverse("users"))


def accounts_sheet_template(request: HttpRequest) -> HttpResponse:
    """The sheet to be filled in."""
    require(request.user.is_superuser)
    return download(accounts_sheet.template(), "党（工）委和用户.xlsx")
