"""Templates, the explanation of the columns, what was mapped by hand, and conflicts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from committees.models import Committee
from committees.scope import may_change, may_change_persons, may_settle, own_committee_id, require
from common.desk.pages import hand_out, page_of
from common.desk.performing import add_errors
from common.sheets import download
from common.today import today
from ledgers.handing_back.templates_out import accepted, shown_fields, template_bytes
from ledgers.kinds.catalogue import catalogue
from ledgers.models import ColumnMapping, Conflict, WordMeaning
from ledgers.pages.forms import SettleForm
from ledgers.recognising.asking import reader_of
from ledgers.uploads.conflicts import decisions, settle
from ledgers.uploads.mapping import said_of


def help_page(request: HttpRequest) -> HttpResponse:
    """Each kind of file: a template to take away, and what each column means."""
    return render(
        request,
        "ledgers/help.html",
        {
            "kinds": [
                (kind, [(field, accepted(field)) for field in shown_fields(kind)]) for kind in catalogue().values()
            ],
            "committees": Committee.objects.visible_to(request.user).filter(active=True),
            "own": own_committee_id(request.user),
            "may_change": may_change(request.user),
        },
    )


def template(request: HttpRequest, kind: str) -> HttpResponse:
    """A template workbook, empty or with a committee's own current records."""
    if kind not in catalogue():
        raise Http404
    seen = Committee.objects.visible_to(request.user)
    asked = request.GET.get("committee", "")
    committee = get_object_or_404(seen, pk=int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    filled = "filled" in request.GET and committee is not None
    # It names people: for those who may know them and send it back.
    require(not filled or may_change_persons(request.user))
    content = template_bytes(kind, committee, filled=filled)
    label = catalogue()[kind].label
    if filled:
        return hand_out(
            request, content, f"{committee}{label}（{today()}）.xlsx", what=f"{label}（带现有数据）", of=committee
        )
    return download(content, f"{label}（模板）.xlsx")


def mappings(request: HttpRequest) -> HttpResponse:
    """What was said of headings by hand."""
    mappings = list(ColumnMapping.objects.visible_to(request.user).select_related("committee", "user"))
    meanings = list(WordMeaning.objects.visible_to(request.user).select_related("committee", "user"))
    own = own_committee_id(request.user)
    changes = may_change(request.user)
    context = {
        "lines": [(row, said_of(row.field, row.kind), _may_take_back(row, changes, own)) for row in mappings],
        "words": [(row, *_meaning_of(row), _may_take_back(row, changes, own)) for row in meanings],
    }
    return render(request, "ledgers/mappings.html", context)


def _may_take_back(row: ColumnMapping | WordMeaning, changes: bool, own: int | None) -> bool:
    return changes and (own is None or row.committee_id == own)


def _meaning_of(row: WordMeaning) -> tuple[str, str]:
    """What the column is called, and what the word was said to mean, in words."""
    try:
        label, reader = reader_of(catalogue()[row.kind], row.field)
        return label, reader.meanings[row.meaning][0]
    except KeyError:
        # Said of a column, or with a meaning, that is no more.
        return row.field, row.meaning


@require_POST
def mapping_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a heading to be recognised again."""
    require(may_change(request.user))
    row = get_object_or_404(ColumnMapping.objects.may_be_taken_back_by(request.user), pk=pk)
    row.delete()
    messages.success(request, f"“{row.shown}”以后自动识别。")
    return redirect("mappings")


@require_POST
def word_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a word to be asked about again."""
    require(may_change(request.user))
    row = get_object_or_404(WordMeaning.objects.may_be_taken_back_by(request.user), pk=pk)
    row.delete()
    messages.success(request, f"“{row.shown}”以后再遇到会再问。")
    return redirect("mappings")


def conflicts(request: HttpRequest) -> HttpResponse:
    """What two committees say differently: those that the user's committee is part of, open ones first."""
    rows = Conflict.objects.visible_to(request.user).select_related("committee", "holder", "settled_by")
    only = request.GET.get("all", "") == ""
    if only:
        rows = rows.filter(settled_at__isnull=True)
    page = page_of(rows, request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(each, each.as_seen_by(request.user)) for each in page],
        "only_open": only,
        "may_settle": may_settle(request.user),
    }
    return render(request, "ledgers/conflicts.html", context)


def conflict_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The district decides, with a reason, and it is applied."""
    require(may_settle(request.user))
    found = get_object_or_404(Conflict.objects.visible_to(request.user).select_related("committee", "holder"), pk=pk)
    if found.settled_at is not None:
        messages.info(request, f"这个冲突已由{found.settled_by or '区委组织部'}核定：{found.reason}。")
        return redirect("conflicts")
    form = SettleForm(decisions(found), request.POST or None, initial={"on": found.day})
    if request.method == "POST" and form.is_valid():
        try:
            settle(found, user=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"已处理：{found}。")
            return redirect("conflicts")
    context = {"conflict": found, "form": form}
    return render(request, "ledgers/settle.html", context, status=422 if form.errors else 200)
