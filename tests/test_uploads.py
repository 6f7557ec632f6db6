"""Rosters and sheets, templates, marked-up copies, undo and mapping, through the pages."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from common.history import bulk_update_with_history
from common.today import today
from enterprises.models import Enterprise, Headcount
from instructors.models import Assignment
from ledgers.kinds.catalogue import _FIXED
from ledgers.models import ColumnMapping, Conflict, Upload, UploadState
from ledgers.process import Request, commit
from ledgers.reading import sandbox
from ledgers.uploads.states import ahead_of, reap
from ledgers.uploads.tasks import KEPT_DAYS, prune
from ledgers.uploads.work import NO_READER
from organizations.models import Cover, Member, PartyOrganization, State
from tests import ledger_maker as maker
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
ID_NUMBER = "11010519491231002X"


MEMBERS = [
    ["姓名", "身份证号", "党员类别", "入党时间", "工作单位"],
    ["李员", ID_NUMBER, "正式党员", "1990-07-01", "东方商贸有限公司"],
]


def test_a_member_roster_feeds_members_and_keeps_no_id_number(post, two_enterprises):
    upload = post.commit(post(xlsx(*MEMBERS)))
    assert upload.state == UploadState.COMMITTED and upload.kind == "member_roster", upload.problems
    member = Member.objects.get()
    assert member.placements.get().enterprise == two_enterprises.first
    kept = str([list(model.objects.values()) for model in (Member, Upload)]) + str(list(Member.history.values()))
    assert ID_NUMBER not in kept and ID_NUMBER[:14] not in kept and "002X" not in kept
    wrong = post(xlsx(MEMBERS[0], ["王员", "110105194912310021", *MEMBERS[1][2:]]))
    assert wrong.errors == 1 and "110105194912310021" not in str(wrong.problems)
    again = post(xlsx(*MEMBERS), as_of="2023-12-21")
    assert (again.counts["same"], again.changes) == (1, 0)


def test_one_instructor_over_several_rows(post, two_enterprises, east):
    make.enterprise(east, "南方食品有限公司")
    rows = [
        ["指导员姓名", "联系电话", "指导企业", "派驻日期"],
        ["程某", "13800000001", "东方商贸有限公司", "2020-01-05"],
        [None, None, "南方食品有限公司", "2021-02-06"],
    ]
    upload = post.commit(post(xlsx(*rows)))
    assert upload.state == UploadState.COMMITTED, upload.problems
    assert sorted(Assignment.objects.filter(instructor__name="程某").values_list("start", flat=True)) == [
        D(2020, 1, 5),
        D(2021, 2, 6),
    ]
    unknown = post(xlsx(rows[0], ["程某", None, "没有的公司", "2020-01-05"]))
    assert "没有在本单位登记" in unknown.problems[0]["message"]


def test_an_organization_sheet_feeds_covers_secretary_and_items(post, two_enterprises):
    rows = [
        ["党组织名称", "党组织类别", "覆盖企业", "成立时间", "书记", "有场所", "公章", "分包联系领导"],
        ["中共东方支部委员会", "党支部", "东方商贸有限公司、没有的公司", "2019-03-01", "书某", "√", "√", "包某"],
    ]
    upload = post.commit(post(xlsx(*rows)))
    body = PartyOrganization.objects.get(name="中共东方支部委员会")
    assert Cover.objects.get(organization=body).start == D(2019, 3, 1) and body.secretary_terms.get().name == "书某"
    assert dict(State.objects.values_list("code", "note")) == {"have_venue": "", "gift_seal": ""}
    assert body.liaisons.get().name == "包某"
    assert "“没有的公司”没有在本单位登记" in str(upload.problems)


def test_a_registration_list_is_compared_only(post, two_enterprises):
    code = make.credit_code(900)
    rows = [
        ["企业名称", "统一社会信用代码", "登记状态", "登记机关"],
        ["东方商贸有限公司", two_enterprises.first.credit_code, "注销", "某局"],
        ["新来公司", code, "存续", "某局"],
    ]
    upload = post(xlsx(*rows))
    assert upload.state == UploadState.COMPARED
    assert sorted((each["kind"], each["name"]) for each in upload.findings) == [
        ("closed", "东方商贸有限公司"),
        ("new", "新来公司"),
    ]
    assert Enterprise.objects.count() == 2


def test_undo_takes_all_back_or_nothing(post, tmp_path):
    rows = maker.truth("东关办事处", 1, 6)
    content = maker.write_xlsx(
        tmp_path / "a.xlsx", maker.table(rows, maker.Style()), committee="东关办事处"
    ).read_bytes()
    upload = post.commit(post(content))
    assert Enterprise.objects.count() == 6
    first = Enterprise.objects.first()
    first.village = "别的村"
    first.save()
    post.client.post(f"/ledgers/{upload.pk}/undo/")
    upload.refresh_from_db()
    assert upload.state == UploadState.COMMITTED and first.name in upload.note and Enterprise.objects.count() == 6
    first.history.first().delete()
    post.client.post(f"/ledgers/{upload.pk}/undo/")
    upload.refresh_from_db()
    assert upload.state == UploadState.UNDONE and not Enterprise.objects.exists() and not Headcount.objects.exists()
    assert Enterprise.history.filter(history_type="-", history_change_reason=f"undo:{upload.pk}").count() == 6


def _something_of_every_item(enterprise) -> None:
    """An item of each shape of each subject, and of each kind of sheet."""
    body, guide = enterprise.covers.get().organization, enterprise.assignments.get().instructor
    person = enterprise.placements.first().member
    day = today().replace(day=1)
    body.secretary_terms.create(name="书某", start=D(2019, 1, 1))
    body.liaisons.create(name="包某", start=D(2020, 1, 1))
    for subject, code, told in (
        (body, "have_flag", {"note": "会议室"}),
        (body, "gift_seal", {}),
        (body, "heart_talks", {}),
        (body, "activity", {"topic": "主题党日", "people": 9, "jointly": True, "other": "某村", "note": "备"}),
        (body, "activity", {"topic": "三会一课"}),
        (body, "secretary_assessed", {}),
        (body, "secretary_training", {"topic": "书记班", "hours": "16"}),
        (body, "worker_training", {"topic": "王某 党务班"}),
        (body, "double_strong_district", {"document": "某组〔2023〕9号", "note": "备"}),
        (enterprise, "enterprise_exemplar_district", {}),
        (body, "funds", {"channel": "财政", "amount": "1200.50"}),
        (body, "funds", {"channel": "党费拨返", "amount": "800"}),
        (enterprise, "host_organization", {"note": "某村党支部"}),
        (enterprise, "contacted", {}),
        (guide, "instructor_assessed", {}),
        (guide, "visit", {"topic": enterprise.name, "other": enterprise.name, "note": "指导换届"}),
        (guide, "instructor_training", {"topic": "指导员班", "hours": "8.5"}),
        (person, "person_exemplar_district", {}),
    ):
        make.reach(subject, code, day, **told)


@pytest.mark.parametrize(
    "kind", [kind for kind in _FIXED.values() if not kind.compared_only], ids=lambda kind: kind.code
)
def test_export_then_import_changes_nothing(post, two_enterprises, east, kind):
    make.headcount(two_enterprises.first, employees=20, full_members=1)
    make.member(east, two_enterprises.first)
    make.member(east, two_enterprises.first, stage="activist")
    _something_of_every_item(two_enterprises.first)
    page = post.client.get("/ledgers/help/").content.decode()
    section = page.partition(f'id="{kind.code}"')[2].partition("</section>")[0]
    assert "下载填好现有数据的表" in section and f'name="committee" value="{east.pk}"' in section
    content = post.client.get(f"/ledgers/templates/{kind.code}/?filled=1&committee={east.pk}").content
    assert post.viewer(f"/ledgers/templates/{kind.code}/?filled=1&committee={east.pk}") == 403
    upload = post(content, as_of="")
    assert upload.kind == kind.code and upload.changes == 0 and not upload.errors, (
        upload.kind,
        upload.differences,
        upload.problems,
    )
    assert not upload.unmapped and upload.counts["read"]


def test_the_marked_up_copy_comes_back_mended(post, tmp_path):
    grid = maker.table(maker.truth("东关办事处", 1, 3), maker.Style())
    grid[2][7] = "约五十"
    upload = post(maker.write_xlsx(tmp_path / "a.xlsx", grid, committee="东关办事处").read_bytes())
    problem = next(each for each in upload.problems if each["level"] == "error")
    book = openpyxl.load_workbook(io.BytesIO(post.client.get(f"/ledgers/{upload.pk}/marked/").content))
    cell = book[problem["sheet"]][f"{problem['column']}{problem['row']}"]
    assert book.sheetnames[0] == "问题清单" and "应为整数" in cell.comment.text and cell.fill.fgColor.rgb == "FFFFC7CE"
    cell.value = 50
    buffer = io.BytesIO()
    book.save(buffer)
    mended = post(buffer.getvalue(), name="改好.xlsx")
    assert not mended.errors and mended.counts["new"] == 3


def test_a_column_is_mapped_by_hand_and_remembered(post, east):
    rows = [["企业名称", "统一社会信用代码", "成立日期", "干活的人"], ["甲公司", make.credit_code(5), "2015-01-01", 33]]
    upload = post(xlsx(*rows))
    assert [each["heading"] for each in upload.unmapped] == ["干活的人"]
    answers = {"field-0": "employees", "heading-0": "干活的人"}
    post.client.post(f"/ledgers/{upload.pk}/mapping/", answers)
    upload.refresh_from_db()
    assert not upload.unmapped and ColumnMapping.objects.get().committee == east
    post.commit(upload)
    assert Headcount.objects.get().employees == 33


def test_a_conflict_is_shown_to_both_and_settled_by_the_district(post, two_enterprises, cast, signed_in, west, east):
    code = two_enterprises.second.credit_code
    upload = post(xlsx(["企业名称", "统一社会信用代码", "成立日期"], ["西山公司", code, "2016-01-01"]))
    assert upload.errors == 1 and upload.claims == 1 and not Conflict.objects.exists()
    assert "提交，列入“冲突”" in post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    post.commit(upload, skip_bad_rows="1")
    conflict = Conflict.objects.get()
    assert (conflict.committee, conflict.holder) == (east, west)
    # Each sees what it has said itself, and of the other nothing.
    for user, seen, unseen in (
        (cast.dong, ["西山公司", "东关办事处"], ["西山物流有限公司", "西苑办事处"]),
        (cast.xi, ["西山物流有限公司", "西苑办事处"], ["西山公司", "东关办事处"]),
    ):
        page = signed_in(user).get("/ledgers/conflicts/").content.decode()
        assert all(words in page for words in seen) and not any(words in page for words in unseen), user
    client = signed_in(cast.wei)
    client.post(f"/ledgers/conflicts/{conflict.pk}/", {"decision": "claimed", "reason": ""})
    assert Conflict.objects.filter(settled_at=None).exists()
    client.post(f"/ledgers/conflicts/{conflict.pk}/", {"decision": "claimed", "reason": "已搬迁", "on": "2023-01-01"})
    assert two_enterprises.second.jurisdictions.get(end=None).committee == east


def map_by_hand(post, upload: Upload, **meant: str) -> Upload:
    """Say of the headings what they mean, as the form of the page does."""
    lines = [*upload.unmapped, *upload.columns]
    answers = {}
    for number, column in enumerate(lines):
        answers |= {f"heading-{number}": column["heading"], f"field-{number}": meant.get(column["heading"], "")}
    post.client.post(f"/ledgers/{upload.pk}/mapping/", answers)
    upload.refresh_from_db()
    return upload


def test_headings_of_which_none_is_known_can_be_mapped(post, east):
    rows = [["填表样式二"], ["单位甲", "码", "人头", "起"], ["甲公司", make.credit_code(5), 33, "2015-01-01"]]
    upload = post(xlsx(*rows))
    assert upload.state == UploadState.REFUSED and "指定每一列" in str(upload.problems)
    assert [each["heading"] for each in upload.unmapped] == rows[1] and upload.unmapped[2]["samples"] == ["33"]
    mapped = map_by_hand(post, upload, 单位甲="name", 码="credit_code", 人头="employees", 起="registered_on")
    assert mapped.state == UploadState.EXAMINED and mapped.counts["new"] == 1, mapped.problems
    post.commit(mapped)
    assert Headcount.objects.get().employees == 33


def test_several_kinds_in_a_workbook_are_taken_and_mapped_sheet_by_sheet(post, east):
    book = openpyxl.Workbook()
    code = make.credit_code(5)
    for row in (["企业名称", "统一社会信用代码", "成立日期", "人头"], ["东方商贸有限公司", code, "2015-01-01", 33]):
        book.active.append(row)
    people = book.create_sheet("党员")
    for row in (["姓名", "党员类别", "入党时间", "工作单位", "所学"], ["李员", "正式党员", "1990-07-01", "东方商贸有限公司", "大学"]):  # fmt: skip
        people.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    upload = post(buffer.getvalue())
    assert upload.kind == "several" and upload.counts["new"] == 2
    assert {each["heading"]: each["kind"] for each in upload.unmapped} == {
        "人头": "enterprise_ledger",
        "所学": "member_roster",
    }
    page = post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert '<th scope="col">工作表</th>' in page and "入党时间" in page
    post.commit(map_by_hand(post, upload, 人头="employees", 所学="education"))
    member = Member.objects.get()
    assert Headcount.objects.get().employees == 33 and member.education == "大学"
    assert member.placements.get().enterprise == Enterprise.objects.get()


def test_the_rows_that_change_nothing_are_listed(post, two_enterprises):
    first = two_enterprises.first
    rows = [
        ["企业名称", "统一社会信用代码", "成立日期"],
        [first.name, first.credit_code, "2015-01-01"],
        ["新公司", make.credit_code(7), "2016-01-01"],
    ]
    upload = post(xlsx(*rows))
    page = post.client.get(f"/ledgers/{upload.pk}/?kind=same").content.decode()
    assert f"第 2 行 {first.name}" in page and "新公司" not in page
    details = post.client.get(f"/ledgers/{upload.pk}/details/").content
    same = openpyxl.load_workbook(io.BytesIO(details))["没有变化"]
    assert [row[0] for row in same.iter_rows(values_only=True)][-1] == f"第 2 行 {first.name}"


def test_phones_are_masked_in_a_preview(post, two_enterprises):
    rows = [
        ["指导员姓名", "联系电话", "指导企业", "派驻日期"],
        ["指导员1", "13800001234", "东方商贸有限公司", "2010-01-01"],
    ]
    upload = post(xlsx(*rows))
    assert "13800001234" not in str(upload.differences) and "138****1234" in str(upload.differences)


def test_what_waits_for_a_worker_is_not_broken_off(post, east, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    upload = post(xlsx(["企业名称", "统一社会信用代码", "成立日期"], ["甲公司", make.credit_code(5), "2015-01-01"]))
    behind = post(xlsx(["企业名称", "统一社会信用代码", "成立日期"], ["乙公司", make.credit_code(6), "2015-01-01"]))
    long_ago = timezone.now() - dt.timedelta(hours=1)
    Upload.objects.update(heartbeat=long_ago)
    assert reap() == 0 and (ahead_of(upload), ahead_of(behind)) == (0, 1)
    assert "前面还有 1 份" in post.client.get(f"/ledgers/{behind.pk}/progress/").content.decode()
    # A worker took it and died before its first word.
    DBTaskResult.objects.filter(args_kwargs__args__0=upload.pk).update(status="RUNNING")
    assert reap() == 1
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED and "重试" in upload.note
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(days=KEPT_DAYS + 1))
    assert prune() == 1 and DBTaskResult.objects.get().args_kwargs["args"][0] == behind.pk


def test_history_holds_what_is_in_the_register_and_a_batch_costs_the_same(post, east):
    rows = [["企业名称", "统一社会信用代码", "成立日期", "职工人数"]]
    rows += [[f"企业{n}", make.credit_code(n), "2015-01-01", n] for n in range(40)]
    upload = post.commit(post(xlsx(*rows)))
    for model in (Enterprise, Headcount):
        tracked = [field.attname for field in model.history.model.tracked_fields]
        assert list(model.objects.order_by("pk").values(*tracked)) == list(
            model.history.order_by("id").values(*tracked)
        )
    said = Enterprise.history.first()
    assert (said.history_type, said.history_user, said.history_change_reason) == ("+", upload.user, f"upload:{upload.pk}")  # fmt: skip

    def statements(number: int, day: D) -> int:
        wider = post(xlsx(rows[0], *([*row[:3], 1000 + day.day] for row in rows[1 : number + 1])), as_of=str(day))
        with CaptureQueriesContext(connection) as queries:
            commit(Path(wider.file.path), Request(east, day), reason="count")
        return len(queries)

    assert statements(5, D(2023, 12, 21)) == statements(40, D(2023, 12, 22))


def test_an_update_writes_only_its_fields(two_enterprises):
    stale = Enterprise.objects.get(pk=two_enterprises.first.pk)
    Enterprise.objects.filter(pk=stale.pk).update(village="别人刚改的")
    stale.industry = "批发"
    bulk_update_with_history([stale], Enterprise, ["industry"], user=None, reason="试")
    stale.refresh_from_db()
    assert (stale.village, stale.industry) == ("别人刚改的", "批发")
    version = stale.history.first()
    assert (version.history_type, version.village, version.industry) == ("~", "别人刚改的", "批发")
    assert Enterprise.objects.count() == 2


ONE_CELL = {
    "enterprise_ledger": ("职工人数", 21, "职工人数"),
    "organization_sheet": ("书记姓名", "王新", "书记"),
    "instructor_roster": ("工作单位及职务", "县委党校", "单位"),
    "mass_organization_sheet": ("工会", "是", "工会"),
    "member_roster": ("学历", "大学", "学历"),
    "activist_roster": ("学历", "大学", "学历"),
}


@pytest.mark.parametrize("code", ONE_CELL)
def test_one_cell_changed_in_an_export_is_one_change(post, two_enterprises, east, code):
    make.headcount(two_enterprises.first, employees=20, full_members=1)
    make.member(east, two_enterprises.first)
    make.member(east, two_enterprises.first, stage="activist")
    heading, value, what = ONE_CELL[code]
    content = post.client.get(f"/ledgers/templates/{code}/?filled=1&committee={east.pk}").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    headings = {str(cell.value).rstrip("*"): cell.column for cell in book.active[3]}
    book.active.cell(4, headings[heading]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    upload = post(buffer.getvalue(), as_of="")
    assert not upload.errors, upload.problems
    assert len(upload.differences) == 1 and what in upload.differences[0]["what"], upload.differences


def test_a_reader_that_does_not_work_is_the_servers_fault(post, east, monkeypatch):
    monkeypatch.setattr(sandbox, "_read", lambda *given: False)
    upload = post(xlsx(["企业名称"], ["甲公司"]))
    assert upload.state == "failed" and upload.note == NO_READER and "不是这个文件的问题" in NO_READER
