"""The regulator's list is held against the register, and what it finds stands until it is settled (clause 29)."""

import datetime as dt
import random
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.text import name_key
from common.today import today
from enterprises.models import Enterprise
from enterprises.transfer import transfer
from ledgers.kinds.enterprise_fields import CLOSED
from ledgers.kinds.registration import compare_registrations
from ledgers.models import FindingState, RegistrationFinding, Upload, UploadState
from ledgers.uploads.expiry import expire_one
from ledgers.uploads.registrations import hold
from ledgers.uploads.settle_finding import ask_again, dismiss, settle
from tests import make
from tests.uploading import cells_of, xlsx

pytestmark = pytest.mark.django_db
D = dt.date
HEAD = ["企业名称", "统一社会信用代码", "登记状态", "登记机关"]
CODE, OTHER = make.credit_code(900), make.credit_code(901)
NEW = ["新来公司", CODE, "存续", "某局"]


@pytest.fixture
def first(two_enterprises) -> Enterprise:
    return two_enterprises.first


@pytest.fixture
def hand_in(post, first):
    """A function: upload a list of these rows; the East's enterprise stands in it unless it is left out."""

    def hand_in(*rows: list, as_of: str = "2023-12-20", without: bool = False) -> Upload:
        mine = [] if without else [[first.name, first.credit_code, "存续", "某局"]]
        upload = post(xlsx(HEAD, *mine, *rows), as_of=as_of, kind="registration_list")
        assert upload.state == UploadState.COMPARED, upload.problems
        return upload

    hand_in.client = post.client
    return hand_in


def waiting() -> set[tuple[str, str]]:
    return set(RegistrationFinding.objects.to_settle().values_list("kind", "name"))


def only() -> RegistrationFinding:
    return RegistrationFinding.objects.get()


def as_(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# -- from list to list -------------------------------------------------------------------------------


def test_what_a_list_finds_stands(hand_in, first, east):
    upload = hand_in(NEW, [first.name, first.credit_code, "注销", "某局"], without=True)
    assert waiting() == {("new", "新来公司"), ("closed", first.name)}
    closed = RegistrationFinding.objects.get(kind="closed")
    assert (closed.enterprise, closed.committee, closed.upload, closed.as_of) == (first, east, upload, D(2023, 12, 20))


def test_the_same_list_again_doubles_nothing_and_is_the_newer(hand_in):
    hand_in(NEW)
    row = only().pk
    again = hand_in(NEW, as_of="2023-12-25")
    assert (only().pk, only().upload, only().as_of) == (row, again, D(2023, 12, 25))


@pytest.mark.parametrize(("as_of", "state"), [("2023-12-20", "settled"), ("2024-01-20", "settled"), ("2023-11-20", "open")])  # fmt: skip
def test_a_list_that_is_not_older_settles_what_it_no_longer_shows(hand_in, as_of, state):
    hand_in(NEW)
    hand_in(as_of=as_of)
    assert only().state == state
    assert only().said == ("新名单中已没有" if state == "settled" else "")


def test_what_comes_back_in_a_list_is_open_again(hand_in):
    hand_in(NEW)
    hand_in(as_of="2024-01-20")
    hand_in(NEW, as_of="2024-02-20")
    assert only().state == FindingState.OPEN and only().settled_on is None and only().said == ""


def test_an_older_list_opens_nothing_that_the_newest_does_not_say(hand_in):
    hand_in()
    hand_in(NEW, as_of="2023-11-20")
    assert waiting() == set() and only().state == FindingState.SETTLED


def test_lists_of_others_settle_nothing(hand_in, cast, west):
    hand_in(NEW)
    made = {"user": cast.xi, "size": 1, "kind": "registration_list", "as_of": D(2024, 5, 1), "state": "compared"}
    for committee in (west, None):
        hold(Upload.objects.create(committee=committee, file_name="名单.xlsx", **made), [])
    assert waiting() == {("new", "新来公司")}


def test_another_new_name_is_another_finding(hand_in, first):
    hand_in(["东方大商贸有限公司", first.credit_code, "存续", "某局"], without=True)
    hand_in(["东方新商贸有限公司", first.credit_code, "存续", "某局"], without=True, as_of="2024-01-20")
    assert waiting() == {("renamed", "东方新商贸有限公司")}


# -- what the register answers -------------------------------------------------------------------------


def test_the_register_answers_a_new_one(hand_in, east):
    hand_in(NEW)
    Enterprise.objects.create(name="新来公司", credit_code=CODE)
    assert waiting() == set()


def test_the_register_answers_one_without_a_code_by_its_name(hand_in, east, west):
    hand_in(["新来公司", None, "存续", "某局"])
    make.enterprise(west, "新来公司")
    # That another committee has one of that name says nothing.
    assert waiting() == {("new", "新来公司")}
    make.enterprise(east, "新来公司")
    assert waiting() == set()


def test_the_register_answers_a_closed_one(hand_in, first):
    hand_in([first.name, first.credit_code, "注销", "某局"], without=True)
    first.closed_on = today()
    first.save()
    assert waiting() == set()
    # It was a mistake: it is asked about again.
    first.closed_on = None
    first.save()
    assert waiting() == {("closed", first.name)}


def test_the_register_answers_a_renamed_one(hand_in, first):
    hand_in(["东方大商贸有限公司", first.credit_code, "存续", "某局"], without=True)
    first.name = "东方大商贸有限公司"
    first.save()
    assert waiting() == set()


def test_what_is_handed_on_is_no_longer_asked_of_the_committee(hand_in, first, west):
    hand_in(NEW, without=True)
    assert ("missing", first.name) in waiting()
    transfer(first, committee=west, on=today())
    assert waiting() == {("new", "新来公司")}


def test_a_code_that_is_put_right_answers_both_sides(hand_in, first):
    hand_in([first.name + "（普通合伙）", OTHER, "存续", "某局"], without=True)
    assert {kind for kind, _ in waiting()} == {"new", "missing"}
    Enterprise.objects.filter(pk=first.pk).update(credit_code=OTHER)
    assert waiting() == set()


def test_the_enterprise_of_a_faulty_row_is_not_missing(post, first):
    post(xlsx(HEAD, [first.name, "91999999BROKEN", "存续", "某局"], NEW), kind="registration_list")
    assert "missing" not in {kind for kind, _ in waiting()}


# -- what people decide ---------------------------------------------------------------------------------


def test_what_is_dismissed_is_not_asked_again(hand_in, cast):
    hand_in(NEW)
    dismiss(only(), said="个体转企业，不在范围", by=cast.dong)
    hand_in(NEW, as_of="2024-01-20")
    assert waiting() == set() and only().state == FindingState.DISMISSED and only().as_of == D(2024, 1, 20)


def test_what_is_dismissed_can_be_asked_again(hand_in, cast):
    hand_in(NEW)
    dismiss(only(), said="点错了", by=cast.dong)
    ask_again(only(), by=cast.dong)
    assert waiting() == {("new", "新来公司")} and only().settled_by is None
    with pytest.raises(ValidationError, match="可以恢复"):
        ask_again(only(), by=cast.dong)


def test_what_is_settled_comes_up_again_in_a_list_of_a_later_day_only(hand_in, cast):
    hand_in(NEW, as_of="2023-12-20")
    settle(only(), said="已通知企业报送", by=cast.dong)
    hand_in(NEW, as_of=str(today()))
    assert waiting() == set()
    RegistrationFinding.objects.update(settled_on=today() - dt.timedelta(days=1))
    hand_in(NEW, as_of=str(today()))
    assert waiting() == {("new", "新来公司")} and RegistrationFinding.objects.filter(state="settled").count() == 1


def test_what_is_decided_is_not_decided_again(hand_in, cast):
    hand_in(NEW)
    settle(only(), said="已办", by=cast.dong)
    with pytest.raises(ValidationError, match="不能再办"):
        dismiss(only(), said="不办", by=cast.dong)
    row = only()
    assert (row.settled_by, row.settled_on, row.said) == (cast.dong, today(), "已办")


# -- what is taken back -----------------------------------------------------------------------------------


def discard(hand_in, upload: Upload) -> None:
    hand_in.client.post(f"/ledgers/{upload.pk}/discard/")
    upload.refresh_from_db()
    assert upload.state == UploadState.DISCARDED


def test_a_discarded_list_takes_back_what_only_it_has_said(hand_in, first):
    before = hand_in(NEW)
    after = hand_in(NEW, ["再来公司", OTHER, "存续", "某局"], as_of="2024-01-20")
    discard(hand_in, after)
    assert waiting() == {("new", "新来公司")} and only().upload == before and only().as_of == D(2023, 12, 20)
    discard(hand_in, before)
    assert not RegistrationFinding.objects.exists()
    assert RegistrationFinding.history.filter(history_type="-").count() == 2


def test_a_discarded_list_settles_nothing(hand_in):
    hand_in(NEW)
    later = hand_in(as_of="2024-01-20")
    assert waiting() == set()
    discard(hand_in, later)
    assert waiting() == {("new", "新来公司")}


def test_what_a_person_has_decided_stays(hand_in, cast):
    upload = hand_in(NEW)
    dismiss(only(), said="不在范围", by=cast.dong)
    discard(hand_in, upload)
    assert only().state == FindingState.DISMISSED


def test_a_list_that_is_compared_anew_says_what_it_says_now(hand_in, east):
    upload = hand_in(NEW, ["再来公司", OTHER, "存续", "某局"])
    make.enterprise(east, "某某公司")
    Enterprise.objects.filter(name="某某公司").update(name="再来公司", name_key=name_key("再来公司"), credit_code=OTHER)
    hand_in.client.post(f"/ledgers/{upload.pk}/again/")
    hand_in.client.post(f"/ledgers/{upload.pk}/as-of/", {"as_of": "2023-12-01"})
    assert only().name == "新来公司" and only().as_of == D(2023, 12, 1)


def test_a_ledger_that_is_taken_back_takes_the_findings_of_its_enterprises(post, hand_in):
    upload = post.commit(post(xlsx(["企业名称", "职工人数", "地址"], ["随账公司", 20, "某路"])))
    hand_in(NEW)
    assert ("missing", "随账公司") in waiting()
    post.client.post(f"/ledgers/{upload.pk}/undo/")
    upload.refresh_from_db()
    assert upload.state == UploadState.UNDONE, upload.note
    assert waiting() == {("new", "新来公司")}


def test_the_findings_of_an_expired_list_stay(hand_in):
    expire_one(hand_in(NEW))
    assert waiting() == {("new", "新来公司")}
    hand_in(as_of="2024-01-20")
    assert waiting() == set()


# -- who sees them ------------------------------------------------------------------------------------------


def test_another_committee_sees_nothing_of_them(hand_in, cast):
    hand_in(NEW)
    address = "/registration-findings/"
    assert "新来公司" in as_(cast.dong).get(address).content.decode()
    assert "新来公司" in as_(cast.wei).get(address).content.decode()
    theirs = as_(cast.xi)
    assert "新来公司" not in theirs.get(address).content.decode()
    assert theirs.get(f"{address}{only().pk}/settle/").status_code == 404
    assert "市场监管登记名单" not in theirs.get("/todo/").content.decode().split("已没有")[0]


def test_a_list_of_the_district_is_the_districts(first, cast):
    whole = Upload.objects.create(
        user=cast.wei, file_name="全区.xlsx", size=1, kind="registration_list", as_of=D(2023, 12, 20), state="compared"
    )
    rows = [_row("新来公司", CODE)]
    hold(whole, compare_registrations(rows, None, D(2023, 12, 20)))
    assert ("missing", first.name) in waiting() and ("new", "新来公司") in waiting()
    assert "全区名单" in as_(cast.wei).get("/registration-findings/?committee=null").content.decode()
    assert "新来公司" not in as_(cast.dong).get("/registration-findings/").content.decode()


def test_who_holds_an_enterprise_is_not_told(hand_in, two_enterprises, cast):
    """One that West has is neither new nor missing for East, before and after the list."""
    second = two_enterprises.second
    hand_in([second.name, second.credit_code, "注销", "某局"])
    assert not RegistrationFinding.objects.exists()
    hand_in(NEW, as_of="2024-01-20")
    two_enterprises.second.credit_code = CODE
    two_enterprises.second.save()
    page = as_(cast.dong).get("/registration-findings/").content.decode()
    assert "登记已经改过" in page and "西" not in page.partition("<h1>")[2] and second.get_absolute_url() not in page


# -- through the pages ----------------------------------------------------------------------------------------


def test_a_new_one_leads_to_the_form_filled_in(hand_in):
    hand_in(NEW)
    page = hand_in.client.get("/registration-findings/?state=open").content.decode()
    link = page.partition('href="/enterprises/new/')[2].partition('"')[0].replace("&amp;", "&")
    form = hand_in.client.get(f"/enterprises/new/{link}").content.decode()
    assert 'value="新来公司"' in form and f'value="{CODE}"' in form


def test_ticked_ones_are_decided_with_a_reason(hand_in, cast):
    hand_in(NEW, ["再来公司", OTHER, "存续", "某局"])
    keys = list(RegistrationFinding.objects.values_list("pk", flat=True))
    address = "/registration-findings/bulk/dismiss/"
    assert hand_in.client.post(address, {"row": keys}).status_code == 422
    assert make.confirm(hand_in.client, address, {"row": keys, "said": "不在范围"}).status_code == 302
    assert waiting() == set() and not RegistrationFinding.objects.exclude(said="不在范围").exists()
    page = hand_in.client.get("/registration-findings/?state=dismissed").content.decode()
    assert "新来公司" in page and str(cast.dong) in page
    assert as_(cast.dong_kan).post(address, {"row": keys}).status_code == 403


def test_the_list_is_filtered_and_handed_out(hand_in, first, east):
    hand_in(NEW, without=True)
    missing = hand_in.client.get(f"/registration-findings/?kind=missing&committee={east.pk}").content.decode()
    assert first.name in missing and "新来公司" not in missing and first.get_absolute_url() in missing
    said = cells_of(hand_in.client.get("/registration-findings/export/?kind=new&state=open").content)
    assert "新来公司" in said and CODE in said and first.name not in said


def test_they_are_on_the_work_list_until_they_are_settled(hand_in, cast):
    hand_in(NEW)
    page = hand_in.client.get("/todo/").content.decode()
    assert "市场监管登记名单：名单有、登记没有" in page.split("已没有")[0]
    assert "/registration-findings/?kind=new&amp;state=open" in page
    settle(only(), said="已办", by=cast.dong)
    assert "名单有、登记没有" not in hand_in.client.get("/todo/").content.decode().split("已没有")[0]


def test_the_work_list_asks_no_more_of_many(hand_in):
    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            hand_in.client.get("/todo/")
        return len(found)

    hand_in(NEW)
    statements()
    few = statements()
    hand_in(NEW, *([f"又来{n}公司", make.credit_code(910 + n), "存续", "某局"] for n in range(12)), without=True)
    assert statements() == few


# -- at random --------------------------------------------------------------------------------------------


def _row(name: str, code: str | None, status: str = "") -> SimpleNamespace:
    """A row of a list as it has been read."""
    values = {"name": name, "credit_code": code, "status": CLOSED if status == "注销" else None}
    written = {"status": status}
    return SimpleNamespace(
        sheet="表",
        number=1,
        has_errors=False,
        repeats=False,
        get=values.get,
        written=lambda field: written.get(field, ""),
    )


def plainly(rows: list, held: list[dict], east: int) -> set[tuple[str, str]]:
    """What a person finds who goes through the rows, one by one, with the register beside them."""
    found, seen = set(), set()
    for row in rows:
        name, code, status = row.get("name"), row.get("credit_code"), row.written("status")
        mine = [e for e in held if e["whose"] == east and ((code and e["code"] == code) or e["name"] == name)]
        if not mine:
            if status != "注销" and not (code and any(e["code"] == code for e in held)):
                found.add(("new", code or name))
            continue
        (known,) = mine
        seen.add(known["pk"])
        if not known["closed"] and status:
            found.add(("moved" if status == "迁出" else "closed", str(known["pk"])))
        if known["name"] != name:
            found.add(("renamed", f"{known['pk']}:{name}"))
    left = [e for e in held if e["whose"] == east and not e["closed"] and e["pk"] not in seen]
    return found | {("missing", str(e["pk"])) for e in left}


@pytest.mark.parametrize("seed", range(8))
def test_open_is_what_a_person_would_find(east, west, cast, seed):
    """Random lists, discarded and dismissed, and a register that changes meanwhile: what waits is what the newest list
    has found and a person would find still, but for what was dismissed."""
    chance = random.Random(seed)
    day = D(2023, 12, 1)
    held: list[dict] = []
    # Of each number an enterprise and a row that are one another's, by code or by name.
    codes = {n: make.credit_code(500 + n) for n in range(8)}

    def register(n: int) -> None:
        whose = chance.choice([east, east, west])
        made = make.enterprise(whose, f"甲{n}公司")
        code = codes[n] if chance.random() < 0.6 else None
        Enterprise.objects.filter(pk=made.pk).update(credit_code=code)
        held.append({"n": n, "pk": made.pk, "name": made.name, "code": code, "whose": whose.pk, "closed": False})

    def change(one: dict) -> None:
        what = chance.choice(["close", "reopen", "rename", "code", "hand on"])
        row = Enterprise.objects.get(pk=one["pk"])
        if what in ("close", "reopen"):
            one["closed"] = what == "close"
            row.closed_on = day if one["closed"] else None
        elif what == "rename":
            one["name"] = row.name = f"{chance.choice('甲乙')}{one['n']}公司"
        elif what == "code":
            one["code"] = row.credit_code = codes[one["n"]]
        else:
            one["whose"] = chance.choice([east.pk, west.pk])
            row.jurisdictions.update(committee_id=one["whose"])
        row.save()

    def listed() -> list:
        numbers = chance.sample(range(8), chance.randrange(3, 8))
        return [
            _row(
                f"{chance.choice('甲甲乙')}{n}公司",
                codes[n] if chance.random() < 0.7 else None,
                chance.choice(["", "", "注销", "迁出"]),
            )
            for n in numbers
        ]

    for n in range(5):
        register(n)
    lists: dict[tuple[D, int], tuple[list, set]] = {}
    dismissed: set[tuple[str, str]] = set()
    for _ in range(30):
        what = chance.choice(["list", "list", "discard", "dismiss", "change", "change", "register"])
        if what == "list":
            as_of = day + dt.timedelta(days=chance.randrange(4))
            upload = Upload.objects.create(
                committee=east,
                user=cast.dong,
                file_name="名单",
                size=1,
                kind="registration_list",
                as_of=as_of,
                state="compared",
            )
            rows = listed()
            hold(upload, compare_registrations(rows, east, as_of))
            lists[as_of, upload.pk] = (rows, plainly(rows, held, east.pk))
        elif what == "discard" and lists:
            place = chance.choice(list(lists))
            upload = Upload.objects.get(pk=place[1])
            upload.state = UploadState.DISCARDED
            upload.save()
            hold(upload, None)
            del lists[place]
        elif what == "dismiss" and (row := RegistrationFinding.objects.to_settle().order_by("kind", "subject").first()):
            dismiss(row, said="核对无误", by=cast.dong)
            dismissed.add((row.kind, row.subject))
        elif what == "change":
            change(chance.choice(held))
        elif what == "register" and len(held) < 8:
            register(len(held))
        rows, found = lists[max(lists)] if lists else ([], set())
        expected = (found & plainly(rows, held, east.pk)) - dismissed
        assert set(RegistrationFinding.objects.to_settle().values_list("kind", "subject")) == expected
