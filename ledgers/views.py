"""Choose a file, look at what it would change, commit it, see what it did."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from committees.scope import may_upload, require
from common.pages import page_of
from ledgers.enterprise_fields import BY_NAME
from ledgers.forms import AsOfForm, UploadForm
from ledgers.models import Upload, UploadState
from ledgers.process import Refused
from ledgers.uploads import commit_upload, examine_upload, receive

SHOWN_DIFFERENCES = 200


def uploads(request: HttpRequest) -> HttpResponse:
    """The uploads that the user sees, newest first."""
    rows = (
        Upload.objects.visible_to(request.user)
        .select_related("committee", "user")
        .defer("columns", "unmapped", "differences", "not_in_file")
    )
    return render(
        request,
        "ledgers/list.html",
        {"page": page_of(rows, request.GET.get("page")), "may_upload": may_upload(request.user)},
    )


def upload_new(request: HttpRequest) -> HttpResponse:
    """Choose a file; then on to its preview."""
    require(may_upload(request.user))
    form = UploadForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = receive(
            user=request.user,
            committee=form.cleaned_data["committee"],
            file=form.cleaned_data["file"],
            as_of=form.cleaned_data["as_of"],
        )
        return redirect("upload", pk=upload.pk)
    return render(request, "ledgers/new.html", {"form": form}, status=422 if form.errors else 200)


def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of an upload, or after the commit what it did."""
    found = _upload(request, pk)
    kind = request.GET.get("kind", "")
    differences = [each for each in found.differences if not kind or each["kind"] == kind]
    return render(
        request,
        "ledgers/detail.html",
        {
            "upload": found,
            "columns": [{**column, "label": BY_NAME[column["field"]].label} for column in found.columns],
            "differences": differences[:SHOWN_DIFFERENCES],
            "differences_total": len(differences),
            "kind": kind,
            "kinds": [("", "全部变动"), ("new", "新增"), ("changed", "变更"), ("ended", "结束（会减少覆盖）")],
            # A wrong or missing date can be mended until the ledger is committed.
            "may_redate": found.state != UploadState.COMMITTED and bool(found.columns) and may_upload(request.user),
            "as_of_form": AsOfForm(initial={"as_of": found.as_of}),
            "may_commit": may_upload(request.user),
            "good_rows": found.counts.get("read", 0) - found.counts.get("rejected", 0),
        },
    )


@require_POST
def upload_as_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the ledger the date that it does not state, and examine it again."""
    require(may_upload(request.user))
    found = _upload(request, pk)
    form = AsOfForm(request.POST)
    if found.state == UploadState.COMMITTED:
        messages.error(request, "这份台账已经导入，不能再改日期。")
    elif form.is_valid():
        examine_upload(found, as_of=form.cleaned_data["as_of"])
    else:
        messages.error(request, str(form.errors["as_of"][0]))
    return redirect("upload", pk=pk)


@require_POST
def upload_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the previewed upload to the register."""
    require(may_upload(request.user))
    found = _upload(request, pk)
    try:
        done = commit_upload(found, user=request.user, skip_bad_rows="skip_bad_rows" in request.POST)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        counts = done.counts
        messages.success(
            request, f"已导入：新增 {counts['new']} 家，变更 {counts['changed']} 家，没有变化 {counts['same']} 家。"
        )
    return redirect("upload", pk=pk)


@require_POST
def upload_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the kept file with the register once more, after the register has changed."""
    require(may_upload(request.user))
    found = _upload(request, pk)
    if found.state == UploadState.COMMITTED:
        messages.error(request, "这份台账已经导入过了。")
    else:
        examine_upload(found, as_of=found.as_of)
        messages.success(request, "已按现在登记的内容重新比对。")
    return redirect("upload", pk=pk)


def _upload(request: HttpRequest, pk: int) -> Upload:
    rows = Upload.objects.visible_to(request.user).select_related("committee", "user")
    return get_object_or_404(rows, pk=pk)
