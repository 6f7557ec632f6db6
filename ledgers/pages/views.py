"""Choose a file, follow its progress, look at what it would change, commit it, take it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from committees.scope import may_change, may_change_persons, own_committee_id, require
from common.desk.pages import hand_out, page_of
from common.full_disk import has_no_room
from common.sheets import SheetOf, workbook_of
from ledgers.kinds import registration
from ledgers.kinds.catalogue import catalogue
from ledgers.models import OPEN, Upload, UploadState
from ledgers.pages.forms import AsOfForm, MappingForm, SettlingForm, UnitForm, UploadForm, UploadSearch
from ledgers.process import Refused
from ledgers.reading import UnreadableFile, annotate
from ledgers.recognising.header import EXTRA
from ledgers.recognising.names import ITSELF, SEVERAL
from ledgers.recognising.problems import LEVELS
from ledgers.recognising.table import IGNORED
from ledgers.uploads.findings import SHOWN, all_details
from ledgers.uploads.mapping import remember, remember_words, said_of
from ledgers.uploads.originals import original
from ledgers.uploads.states import ahead_of, ask_again, ask_commit, ask_undo, discard, reap, receive, retry
from ledgers.uploads.workers import is_missing

DIFFERENCES = [("new", "新增"), ("changed", "变更"), ("ended", "结束（会减少覆盖）")]
SAME = "same"


def uploads(request: HttpRequest) -> HttpResponse:
    """The uploads that the user sees, newest first."""
    reap()
    rows = Upload.objects.visible_to(request.user).select_related("committee", "user", "follows")
    form = UploadSearch(request.user, request.GET)
    page = page_of(form.found(rows.for_desk()), request.GET.get("page"))
    context = {
        "page": page,
        # While a worker is at one of them, the desk looks again.
        "running": (running := any(row.is_running for row in page)),
        **_hindrances(running),
        "may_change": may_change(request.user),
        "unit_form": UnitForm(request.user),
        "form": form,
    }
    return render(request, "ledgers/list.html", context)


def upload_new(request: HttpRequest) -> HttpResponse:
    """Choose a file; then on to its progress and preview."""
    require(may_change_persons(request.user))
    form = UploadForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        asked = {name: answers[name] for name in ("committee", "as_of", "kind")}
        try:
            received = [receive(user=request.user, file=file, **asked) for file in answers["file"]]
        except Refused as refused:
            form.add_error("file", str(refused))
            return render(request, "ledgers/new.html", {"form": form}, status=507)
        if known := [upload.file_name for upload, fresh in received if not fresh]:
            named = "、".join(f"“{name}”" for name in known[:5])
            messages.info(request, f"{named} 已经上传过，还没有提交，没有重复上传，已重新检查。")
        if len(received) > 1:
            messages.success(request, f"收到 {len(received)} 个文件，正在逐个检查。")
            return redirect("uploads")
        return redirect("upload", pk=received[0][0].pk)
    return render(request, "ledgers/new.html", {"form": form}, status=422 if form.errors else 200)


def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of an upload, then its preview, and after the commit what it did."""
    found = _upload(request, pk)
    if found.is_silent:
        reap()
        found.refresh_from_db()
    return render(request, "ledgers/detail.html", _context(request, found))


def _context(request: HttpRequest, found: Upload) -> dict[str, Any]:
    changes = may_change(request.user)
    conflicts = list(found.conflicts.visible_to(request.user)[:20])
    kind = request.GET.get("kind", "")
    level = request.GET.get("level", "")
    columns = _columns(found)
    return {
        "upload": found,
        **_progress(found),
        "columns": columns,
        "dropped": [column["heading"] for column in columns if not column["kept"] and column["field"] != "serial"],
        "settling": _settling_form(request, found) if changes and found.state in OPEN else None,
        "mapping": _mapping_form(found, columns) if changes and found.state in OPEN else None,
        "differences": [each for each in found.differences if each["kind"] == kind or not kind],
        "ended": [each for each in found.differences if each["kind"] == "ended"],
        "kind": kind,
        "same": all_details(found)["same"][:SHOWN] if kind == SAME else [],
        "markable": changes and any(each["sheet"] for each in found.problems),
        "several_sheets": len({column["sheet"] for column in columns}) > 1,
        "kinds": [(key, label, found.difference_counts.get(key, 0)) for key, label in DIFFERENCES],
        "problems": [each for each in found.problems if each["level"] == level or not level],
        "level": level,
        "findings": _findings(found),
        "conflicts": conflicts,
        "open_conflicts": sum(each.settled_at is None for each in conflicts),
        # A wrong or missing date can be mended until the ledger is committed.
        "may_redate": found.state in OPEN and bool(found.columns) and changes,
        "unit_form": UnitForm(request.user),
        "may_choose_unit": own_committee_id(request.user) is None and changes,
        "as_of_form": AsOfForm(initial={"as_of": found.as_of}),
        "may_change": changes,
        # Whether it names people by their ID numbers, which are compared when it is committed.
        "numbered": any(column["field"] == "id_number" for column in found.columns),
        "unit": catalogue()[found.kind].unit if found.kind in catalogue() else "记录",
    }


def _columns(found: Upload) -> list[dict]:
    """The recognised columns with what their field is called, and whether it is kept."""
    known = []
    for column in found.columns:
        kind = catalogue().get(column.get("kind", found.kind))
        field = None if kind is None else kind.by_name.get(column["field"])
        if column["field"] in {IGNORED, EXTRA}:
            said = said_of(column["field"], column.get("kind", ""))
            known.append({**column, "label": f"手工指定：{said}", "kept": column["field"] == EXTRA})
        elif field is not None:
            known.append({**column, "label": field.label, "kept": field.kept})
    return known


def _settling_form(request: HttpRequest, found: Upload, data: Any = None) -> SettlingForm | None:
    """The form by which what is open in the file is settled; None where nothing is."""
    columns = [column for column in found.unsettled if column["kind"] in catalogue()]
    compared = found.state == UploadState.COMPARED
    if found.committee is None or compared or not (columns or found.questions):
        return None
    return SettlingForm(request.user, columns, found.questions, data)


def _mapping_form(found: Upload, columns: list[dict], data: Any = None) -> MappingForm | None:
    """The form by which columns are mapped by hand; None where there are none."""
    if found.committee is None or not (columns or found.unmapped):
        return None
    known = [{**column, "samples": [], "now": column["label"]} for column in columns]
    open_ones = [{**column, "now": ""} for column in found.unmapped]
    # Uploads from before the kind stood at each column are all of one kind.
    lines = [{"kind": found.kind, **column} for column in (*open_ones, *known)]
    return MappingForm([line for line in lines if line["kind"] in catalogue()], data)


def _findings(found: Upload) -> list[tuple[str, list[dict]]]:
    """The findings of a registration list by kind, in the order in which they matter."""
    return [
        (label, rows)
        for kind, label in registration.LABELS.items()
        if (rows := [each for each in found.findings if each["kind"] == kind])
    ]


def _progress(found: Upload) -> dict[str, Any]:
    """How many are before a running upload, and what keeps it from being worked at."""
    return {"ahead": ahead_of(found) if found.is_running else None, **_hindrances(found.is_running)}


def _hindrances(running: bool) -> dict[str, Any]:
    """Whether the disk is full, or else nobody there, while an upload waits or is `running`."""
    full = running and has_no_room()
    return {"disk_full": full, "no_worker": running and not full and is_missing()}


def upload_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar, asked for every second; when the work is done the page is loaded anew."""
    found = _upload(request, pk)
    if found.is_silent:
        reap()
        found.refresh_from_db()
    answer = render(request, "ledgers/progress.html", {"upload": found, **_progress(found)})
    if not found.is_running:
        answer["HX-Refresh"] = "true"
    return answer


def _try(request: HttpRequest, work: Callable[[], object], said: str) -> None:
    """Do `work` and say so, or say why it was refused."""
    try:
        work()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if said:
            messages.success(request, said)


@require_POST
def upload_as_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the ledger the date that it does not state, and examine it again."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    form = AsOfForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["as_of"]
        _try(request, lambda: ask_again(found, asked_as_of=day), f"“{found.file_name}”已按 {day} 重新检查。")
    else:
        messages.error(request, str(form.errors["as_of"][0]))
    return _back(request, pk)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the desk when that was asked for from there, else to the upload's page."""
    return redirect("uploads") if request.POST.get("back") == "desk" else redirect("upload", pk=pk)


@require_POST
def upload_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose ledger it is: that it is this committee's, whatever it says; or, by the district, another's."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    if "confirm" in request.POST:
        _try(request, lambda: ask_again(found, unit_confirmed=True), f"已确认是{found.committee}的台账，重新检查。")
        return _back(request, pk)
    form = UnitForm(request.user, request.POST)
    if form.is_valid():
        unit = form.cleaned_data["committee"]
        _try(request, lambda: ask_again(found, committee=unit, unit_confirmed=False), f"已按{unit}的台账重新检查。")
    else:
        messages.error(request, str(form.errors["committee"][0]))
    return _back(request, pk)


@require_POST
def upload_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an upload that is not in the register."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    _try(request, lambda: discard(found), f"“{found.file_name}”已作废，没有改动任何数据。")
    return redirect("uploads")


@require_POST
def upload_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was said of the columns for the committee, and examine the file again."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    form = _mapping_form(found, _columns(found), request.POST)
    if form is None or not form.is_valid():
        messages.error(request, "没有看懂所选的栏目，请重新选择。")
        return redirect("upload", pk=pk)
    assert found.committee is not None
    remember(found.committee, request.user, form.answers())
    _try(request, lambda: ask_again(found), "已记住栏目的对应关系，按它重新检查；以后本单位上传同样的表头都照此办理。")
    return redirect("upload", pk=pk)


@require_POST
def upload_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was said of columns and words, and examine the file again."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    form = _settling_form(request, found, request.POST)
    if form is None or not form.is_valid():
        messages.error(request, "没有看懂所选的意思，请重新选择。")
        return redirect("upload", pk=pk)
    columns, words = form.column_answers(), form.word_answers()
    if not (columns or words):
        messages.error(request, "还没有选定任何一项。")
        return redirect("upload", pk=pk)
    whose = None if form.cleaned_data.get("for_all") else found.committee
    remember(whose, request.user, columns)
    # A name is one committee's own business: what was said of it is not told to others.
    named = [(each, meaning) for each, meaning in words if meaning in {ITSELF, SEVERAL}]
    remember_words(found.committee, request.user, named)
    remember_words(whose, request.user, [each for each in words if each not in named])
    told = "全区" if whose is None else "本单位"
    done = (
        f"已记住 {len(columns) + len(words)} 项，按它重新检查；{told}以后上传同样的都照此办理，可在“栏目和写法”里撤销。"
    )
    _try(request, lambda: ask_again(found), done)
    return redirect("upload", pk=pk)


@require_POST
def upload_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the previewed upload to the register."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    skip, seen = "skip_bad_rows" in request.POST, "acknowledged" in request.POST
    _try(request, lambda: ask_commit(found, user=request.user, skip_bad_rows=skip, acknowledged=seen), "")
    return redirect("upload", pk=pk)


@require_POST
def upload_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the kept file with the register once more, after the register has changed."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    _try(request, lambda: ask_again(found), "已按现在登记的内容重新比对。")
    return redirect("upload", pk=pk)


@require_POST
def upload_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with what was broken off."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    _try(request, lambda: retry(found), "")
    return redirect("upload", pk=pk)


def upload_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a committed upload back whole."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    if request.method != "POST":
        return render(request, "ledgers/undo.html", {"upload": found})
    _try(request, lambda: ask_undo(found, user=request.user), "")
    return redirect("upload", pk=pk)


def upload_original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was uploaded, while it is kept. Never served as anything but a file to save. It may hold ID
    numbers and phones whole: not for viewers, and so is the marked-up copy."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    try:
        content = original(found).read_bytes()
    except Refused as refused:
        return _gone(request, refused)
    return hand_out(request, content, found.file_name, what="原文件", of=found, content_type="application/octet-stream")


def upload_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The user's own workbook with each problem marked at its cell."""
    require(may_change_persons(request.user))
    found = _upload(request, pk)
    try:
        content = annotate(original(found), all_details(found)["problems"])
    except Refused as refused:
        return _gone(request, refused)
    except UnreadableFile as error:
        return render(request, "error.html", {"title": "没有做出标注", "remedy": str(error)}, status=422)
    return hand_out(request, content, f"{_stem(found)}（标注）.xlsx", what="标注件", of=found)


def upload_details(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change, problem, row that changes nothing and name not in the file, as a workbook."""
    found = _upload(request, pk)
    details = all_details(found)
    words = dict(DIFFERENCES)
    notes = [f"{found.file_name}，台账日期 {found.as_of or '未知'}，上传于 {found.created_at:%Y-%m-%d}"]
    sheets = [
        SheetOf(
            "变动",
            notes,
            ["类别", "工作表", "行", "对象", "项目", "原来", "改为"],
            (
                [words.get(d["kind"], d["kind"]), *(d[k] for k in ("sheet", "row", "enterprise", "what", "old", "new"))]
                for d in details["differences"]
            ),
        ),
        SheetOf(
            "问题",
            notes,
            ["级别", "工作表", "行", "列", "栏目", "填的内容", "问题和改法"],
            (
                [LEVELS[p["level"]], *(p[k] for k in ("sheet", "row", "column", "heading", "value", "message"))]
                for p in details["problems"]
            ),
        ),
        SheetOf("没有变化", notes, ["行"], ([row] for row in details["same"])),
        SheetOf("在册而本表没有", notes, ["名称"], ([name] for name in details["not_in_file"])),
    ]
    if details["findings"]:
        sheets.insert(
            0,
            SheetOf(
                "比对结果",
                notes,
                ["类别", "行", "企业名称", "统一社会信用代码", "说明"],
                (
                    [registration.LABELS[f["kind"]], *(f[k] for k in ("row", "name", "code", "detail"))]
                    for f in details["findings"]
                ),
            ),
        )
    return hand_out(request, workbook_of(sheets), f"{_stem(found)}（明细）.xlsx", what="变动明细", of=found)


def _stem(found: Upload) -> str:
    return found.file_name.rpartition(".")[0] or found.file_name


def _gone(request: HttpRequest, refused: Refused) -> HttpResponse:
    return render(request, "error.html", {"title": "没有原文件", "remedy": str(refused)}, status=410)


def _upload(request: HttpRequest, pk: int) -> Upload:
    rows = Upload.objects.visible_to(request.user).select_related("committee", "user", "committed_by", "undone_by")
    found: Upload = get_object_or_404(rows, pk=pk)
    return found
