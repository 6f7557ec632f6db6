"""Items of every subject: recorded by hand, for many at once, by sheets; refused; listed; worked through."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.plan import Item
from common.today import today
from organizations.models import Amount, Event, State
from organizations.record import record_item
from reports.coverage import coverage_on
from reports.items import NO, UNKNOWN, YES
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def body(two_enterprises):
    return two_enterprises.first.covers.get().organization


# -- by hand --------------------------------------------------------------------------------------


def test_an_event_of_tomorrow_is_refused(body):
    with pytest.raises(ValidationError, match="在未来"):
        make.reach(body, "heart_talks", today() + dt.timedelta(days=1))


def test_an_amount_below_zero_or_through_no_channel_is_refused(body):
    with pytest.raises(ValidationError, match="不能小于 0"):
        make.reach(body, "funds", D(2022, 1, 1), channel="财政", amount=Decimal(-1))
    with pytest.raises(ValidationError, match="渠道"):
        make.reach(body, "funds", D(2022, 1, 1), channel="彩票", amount=Decimal(1))


def test_an_item_of_another_subject_is_refused(two_enterprises, body):
    with pytest.raises(ValidationError, match="属于党组织"):
        make.reach(two_enterprises.first, "have_flag", D(2022, 1, 1))
    with pytest.raises(ValidationError, match="属于企业"):
        State(code="weak_basis", organization=body, start=D(2022, 1, 1)).full_clean()
    with pytest.raises(ValidationError, match="属于党组织书记"):
        State(code="secretary_assessed", organization=body, start=D(2022, 1, 1)).full_clean()
    with pytest.raises(ValidationError, match="按活动登记"):
        State(code="heart_talks", organization=body, start=D(2022, 1, 1)).full_clean()


def test_a_whole_is_not_recorded_itself(body):
    with pytest.raises(ValidationError, match="由各项合成"):
        make.reach(body, "six_haves", D(2022, 1, 1))


def test_a_state_that_begins_before_its_owner_is_refused(east):
    body = make.organization(east, established=D(2020, 1, 1))
    with pytest.raises(ValidationError, match="不能更早"):
        make.reach(body, "have_flag", D(2019, 12, 31))


def test_an_amount_of_the_same_year_is_corrected_not_added(body):
    make.reach(body, "funds", D(2022, 5, 1), channel="财政", amount=Decimal(100))
    assert make.reach(body, "funds", D(2022, 6, 1), channel="财政", amount=Decimal(150)) == [
        "2022 年党建经费（财政）由 100.00 元改为 150 元"
    ]
    make.reach(body, "funds", D(2023, 6, 1), channel="财政", amount=Decimal(7))
    kept = Amount.objects.order_by("start").values_list("start", "end", "amount")
    assert list(kept) == [(D(2022, 1, 1), D(2023, 1, 1), 150), (D(2023, 1, 1), D(2024, 1, 1), 7)]


def test_an_amount_of_a_year_in_which_its_owner_was_not_is_refused(east):
    body = make.organization(east, established=D(2020, 6, 1), dissolved=D(2021, 6, 1))
    for year in (2019, 2022):
        with pytest.raises(ValidationError, match="不在册"):
            make.reach(body, "funds", D(year, 7, 1), channel="财政", amount=Decimal(1))
    make.reach(body, "funds", D(2020, 7, 1), channel="财政", amount=Decimal(1))
    assert Amount.objects.get().start == D(2020, 1, 1)


def test_two_events_of_one_day_differ_by_their_topic(body):
    make.reach(body, "activity", D(2022, 5, 1), topic="主题党日")
    make.reach(body, "activity", D(2022, 5, 1), topic="三会一课")
    with pytest.raises(ValidationError, match="已登记"):
        make.reach(body, "activity", D(2022, 5, 1), topic="三会一课")
    assert Event.objects.count() == 2


def test_an_event_of_which_only_the_month_is_known_says_so(cast, signed_in, body):
    client = signed_in(cast.dong)
    make.confirm(client, f"/organizations/{body.pk}/item/", {"item": "heart_talks", "on": "2022-05", "sure": "1"})
    assert (Event.objects.get().start, Event.objects.get().start_precision) == (D(2022, 5, 1), "month")


def test_a_new_secretary_begins_anew(body):
    body.secretary_terms.create(name="甲某", start=D(2019, 1, 1), end=D(2022, 1, 1))
    body.secretary_terms.create(name="乙某", start=D(2022, 1, 1))
    make.reach(body, "secretary_assessed", D(2020, 1, 1))
    assert State.objects.get().person == "甲某"
    assert make.tallies_of("secretary_assessed", D(2021, 1, 1))[body.committee_id].yes == 1
    assert make.tallies_of("secretary_assessed", D(2022, 1, 1))[body.committee_id].no == 1


@pytest.mark.parametrize(
    ("happened", "asked", "has"),
    [
        (D(2022, 3, 31), D(2022, 6, 30), False),
        (D(2022, 4, 1), D(2022, 6, 30), True),
        (D(2022, 5, 31), D(2022, 8, 30), False),
        (D(2022, 6, 30), D(2022, 6, 30), True),
        (D(2022, 6, 30), D(2022, 6, 29), False),
    ],
)
def test_what_lapses_is_had_for_so_many_months(body, happened, asked, has):
    """“经常性” is three months by the rules: the same day three months later it is over."""
    if (happened, asked) == (D(2022, 5, 31), D(2022, 8, 30)):
        has = True
    if (happened, asked) == (D(2022, 3, 31), D(2022, 6, 30)):
        # The 30th of June is three months after the 30th of March.
        has = True
    make.reach(body, "heart_talks", happened)
    assert bool(make.tallies_of("heart_talks", asked)[body.committee_id].yes) == has


@pytest.mark.parametrize(("asked", "yes"), [(D(2022, 12, 31), 1), (D(2023, 1, 1), 0), (D(2021, 12, 31), 0)])
def test_what_is_asked_every_year_is_over_with_the_year(body, asked, yes):
    body.secretary_terms.create(name="甲某", start=D(2019, 1, 1))
    make.reach(body, "secretary_training", D(2022, 1, 1))
    assert make.tallies_of("secretary_training", asked)[body.committee_id].yes == yes


def test_what_can_be_derived_is_not_typed_twice(body):
    """派一名指导员 from the assignment, 书记培训 from the training."""
    seen = make.tallies_of("gift_instructor", D(2022, 1, 1), "live")[body.committee_id]
    assert (seen.yes, seen.no) == (1, 0)
    assert make.tallies_of("gift_training", D(2022, 1, 1), "live")[body.committee_id].yes == 0
    body.secretary_terms.create(name="甲某", start=D(2019, 1, 1))
    make.reach(body, "secretary_training", D(2021, 6, 1))
    assert make.tallies_of("gift_training", D(2022, 1, 1), "live")[body.committee_id].yes == 1


def test_a_whole_is_had_when_all_its_parts_are(body):
    parts = Item.objects.filter(whole__code="six_haves")
    for place, part in enumerate(parts, 1):
        assert make.tallies_of("six_haves", D(2022, 6, 1))[body.committee_id].yes == 0
        record_item(body, item=part, on=D(2022, 1, place))
    assert make.tallies_of("six_haves", D(2022, 6, 1))[body.committee_id].yes == 1


# -- for many at once, in the list ------------------------------------------------------------------


def test_fifty_are_ticked_and_an_item_is_entered(cast, signed_in, east):
    bodies = [make.organization(east, f"支部{n}") for n in range(50)]
    client = signed_in(cast.dong)
    page = client.get("/items/organization/?item=have_flag&has=no").content.decode()
    assert "没有 50" in page and "批量登记事项" in page and 'name="item" value="have_flag"' in page
    keys = [str(each.pk) for each in bodies]
    asked = client.get("/organizations/bulk/item/", {"row": keys, "item": "have_flag", "back": "/items/organization/"})
    assert 'value="have_flag" selected' in asked.content.decode()
    answers = {"row": keys, "item": "have_flag", "on": "2022-05-01", "back": "/items/organization/?item=have_flag"}
    answer = make.confirm(client, "/organizations/bulk/item/", {**answers, "sure": "1"})
    assert State.objects.filter(code="have_flag").count() == 50
    assert "有 50" in client.get("/items/organization/?item=have_flag&has=yes").content.decode()
    assert answer is None or answer


def test_the_list_asks_has_has_not_unknown_and_since(cast, signed_in, east):
    early, late, dark = (make.organization(east, name) for name in ("早支部", "晚支部", "暗支部"))
    make.reach(early, "have_flag", D(2020, 1, 1))
    make.reach(late, "have_flag", D(2022, 1, 1))
    State.objects.create(code="have_flag", organization=dark, start=D(2023, 1, 1), start_precision="assumed")
    client = signed_in(cast.dong)

    def names(query: str) -> set:
        page = client.get(f"/items/organization/?item=have_flag&as_of=2022-06-01&{query}")
        return {row.was_name for row, _, _ in page.context["rows"]}

    assert names("has=yes") == {"早支部", "晚支部"} and names("has=no") == set() and names("has=unknown") == {"暗支部"}
    assert names("has=yes&since=2021-01-01") == {"晚支部"} and names("") == {"早支部", "晚支部", "暗支部"}
    assert names("q=早") == {"早支部"} and names("has=yes&since=2021年1月1日") == {"晚支部"}
    assert names("has=yes&since=whenever") == set()
    assert client.get("/items/organization/?plan=nonsense").status_code == 404
    text = client.get("/items/organization/?item=have_flag&as_of=2022-06-01").content.decode()
    assert "2020-01-01 起" in text and "未知" in text


def test_the_export_is_the_list(cast, signed_in, east):
    import io

    make.reach(make.organization(east, "甲支部"), "have_flag", D(2020, 1, 1))
    make.organization(east, "乙支部")
    answer = signed_in(cast.dong).get("/items/organization/export/?item=have_flag&has=no")
    cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for cell in row]
    assert "乙支部" in cells and "甲支部" not in cells and any("没有“有党旗”的" in str(cell) for cell in cells)


def test_the_groups_add_up_and_are_of_ones_own(cast, signed_in, east, west):
    for n, committee in enumerate((east, east, west)):
        enterprise = make.enterprise(committee)
        enterprise.village, enterprise.above_scale = f"{'甲乙'[n % 2]}村", bool(n % 2)
        enterprise.save()
        if n < 2:
            make.reach(enterprise, "weak_basis", D(2020, 1, 1))
    client = signed_in(cast.wei)
    for by in ("committee", "village", "size", "industry", "ownership"):
        page = client.get(f"/items/enterprise/groups/?item=weak_basis&by={by}")
        rows, total = page.context["rows"], page.context["total"]
        assert sum(tally.every for _, tally in rows) == total.every == 3 and (total.yes, total.no) == (2, 1)
    for key, by in (("organization_covered", "village"), ("three_members", "size"), ("enterprises", "committee")):
        page = client.get(f"/figures/{key}/groups/?by={by}")
        figures = coverage_on(today()).district
        total = page.context["total"]
        assert (total.yes, total.unknown, total.every) == (figures[key], figures.unknown[key], 3)
        assert sum(tally.every for _, tally in page.context["rows"]) == 3
    mine = signed_in(cast.dong).get("/figures/organization_covered/groups/?by=village").context["total"]
    assert mine.every == 2
    own = signed_in(cast.dong).get("/items/enterprise/groups/?item=weak_basis&by=village")
    assert own.context["total"].every == 2 and {name for name, _ in own.context["rows"]} == {"甲村", "乙村"}


@pytest.mark.parametrize("subject", ["enterprise", "organization", "secretary", "instructor", "member", "committee"])
def test_the_list_of_every_subject_has_a_constant_number_of_statements(cast, signed_in, east, subject):
    client = signed_in(cast.wei)
    address = f"/items/{subject}/"

    def statements() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def more(number: int) -> None:
        for n in range(number):
            enterprise = make.enterprise(east)
            body = make.organization(east)
            body.secretary_terms.create(name=f"书记{n}", start=D(2019, 1, 1))
            make.member(east, enterprise)
            make.assign(enterprise, east)
            make.reach(body, "have_flag", D(2020, 1, 1))

    more(2)
    few = statements()
    more(15)
    assert statements() == few < 40


def test_a_committee_sees_its_own_only(cast, signed_in, east, west):
    make.organization(east, "东支部"), make.organization(west, "西支部")
    page = signed_in(cast.dong).get(f"/items/organization/?committee={west.pk}").content.decode()
    assert "西支部" not in page
    assert "西支部" in signed_in(cast.wei).get(f"/items/organization/?committee={west.pk}").content.decode()


# -- work, the plan's page ----------------------------------------------------------------------------


def test_what_must_be_and_is_not_is_on_the_work_list(cast, signed_in, body):
    # Trained he must be by two clauses: that is one thing to do.
    body.secretary_terms.create(name="书某", start=D(2019, 1, 1))
    client = signed_in(cast.dong)
    lines = {line.words: line for line in client.get("/todo/").context["lines"]}
    words = [line.words for line in client.get("/todo/").context["lines"]]
    assert len(words) == len(set(words))
    numbers = [line.number_of_clause for line in client.get("/todo/").context["lines"] if line.number_of_clause]
    assert numbers == sorted(numbers)
    flag = lines["党组织：六有"]
    assert flag.number == 1 and flag.number_of_clause == 39
    assert [row.id for row, _, _ in client.get(flag.address).context["rows"]] == [body.pk]
    for part in Item.objects.filter(whole__code="six_haves"):
        record_item(body, item=part, on=D(2022, 1, 1))
    assert "党组织：六有" not in {line.words for line in client.get("/todo/").context["lines"]}
    # What is only advocated is never chased.
    assert "党组织：网上党校" not in lines


def test_every_number_of_the_plans_page_is_its_list(cast, signed_in, body, two_enterprises, west):
    make.reach(body, "have_flag", D(2022, 1, 1))
    make.reach(two_enterprises.first, "contacted", today())
    for user, pages in ((cast.wei, [f"/committees/{west.pk}/plan/"]), (cast.dong, ["/plan/"])):
        client = signed_in(user)
        for page in pages:
            for line in client.get(page).context["lines"]:
                for each in line.items:
                    for number, address in filter(None, (each.yes, each.no, each.unknown)):
                        assert client.get(address).context["page"].paginator.count == number, address


def test_the_statements_of_the_plans_page_do_not_grow(cast, signed_in, east):
    client = signed_in(cast.wei)

    def statements() -> int:
        client.get("/plan/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/plan/").status_code == 200
        return len(queries)

    make.reach(make.organization(east), "have_flag", D(2020, 1, 1))
    few = statements()
    for _ in range(10):
        make.reach(make.organization(east), "have_flag", D(2020, 1, 1))
        make.enterprise(east)
    assert statements() == few < 60


def test_responsible_persons_and_liaison_cadres_follow_each_other(cast, signed_in, east, body):
    client = signed_in(cast.dong)
    for name, day in (("甲书记", "2020-01-01"), ("乙书记", "2022-01-01")):
        answers = {"duty": "first", "name": name, "post": "党委书记", "on": day}
        shown = client.post(f"/committees/{east.pk}/responsible/", answers).content.decode()
        make.confirm(client, f"/committees/{east.pk}/responsible/", {**answers, "sure": "1"})
    assert "甲书记到 2022-01-01 为止" in shown
    assert "甲书记" in client.get("/plan/?as_of=2021-06-01").content.decode()
    assert "乙书记" in client.get("/plan/").content.decode()
    for name, day in (("甲某", "2020-01-01"), ("乙某", "2022-01-01")):
        make.confirm(client, f"/organizations/{body.pk}/liaison/", {"name": name, "on": day, "sure": "1"})
    assert list(body.liaisons.values_list("name", "end")) == [("甲某", D(2022, 1, 1)), ("乙某", None)]
    # Their load, and the names of then.
    other = make.organization(east, "另一支部")
    make.confirm(client, f"/organizations/{other.pk}/liaison/", {"name": "乙某", "on": "2022-06-01", "sure": "1"})
    rows = client.get("/liaisons/").context["rows"]
    assert [(row["name"], len(row["bodies"])) for row in rows] == [("乙某", 2)]
    assert [row["name"] for row in client.get("/liaisons/?as_of=2021-06-01").context["rows"]] == ["甲某"]
    assert not signed_in(cast.xi).get("/liaisons/").context["rows"]


# -- by sheets ----------------------------------------------------------------------------------------

BODY = "中共东方商贸有限公司支部委员会"


def test_an_activity_record_feeds_events_of_the_items_that_it_means(post, two_enterprises):
    rows = [
        ["党组织名称", "活动时间", "活动名称", "参加人数", "是否与群团联合", "备注"],
        [BODY, "2023-05-18", "主题党日", "12人", "是", "参观"],
        [BODY, "2023-06-01", "班子成员谈心谈话", 3, None, None],
        [BODY, "2023-06-01", "三会一课", 8, "否", None],
    ]
    upload = post.commit(post(xlsx(*rows)))
    assert upload.kind == "activity_record" and not upload.errors, upload.problems
    kept = Event.objects.order_by("start", "code").values_list("code", "topic", "people", "jointly")
    assert list(kept) == [
        ("activity", "主题党日", 12, True), ("activity", "三会一课", 8, False), ("heart_talks", "班子成员谈心谈话", 3, None),
    ]  # fmt: skip
    again = post(xlsx(*rows))
    assert again.changes == 0 and again.counts["same"] == 3
    # Derived: held jointly with 群团.
    assert make.tallies_of("joint_activities", D(2023, 7, 1))[
        two_enterprises.first.jurisdictions.get().committee_id
    ].yes


def test_words_about_an_event_that_is_known_are_not_lost_in_silence(post, two_enterprises):
    head = ["党组织名称", "党组织类别", "覆盖企业", "谈心活动"]
    post.commit(post(xlsx(head, [BODY, "党支部", "东方商贸有限公司", "与三名职工谈"])))
    assert (Event.objects.get().note, Event.objects.get().start_precision) == ("与三名职工谈", "assumed")
    again = post(xlsx(head, [BODY, "党支部", "东方商贸有限公司", "与五名职工谈"]), as_of="2024-06-30")
    assert "没有导入" in str(again.problems) and again.changes == 0


def test_an_activity_of_tomorrow_or_of_nobody_keeps_its_row_out(post, two_enterprises):
    rows = [
        ["党组织名称", "活动时间", "活动名称"],
        [BODY, "2099-05-18", "主题党日"],
        ["外来支部委员会", "2023-05-18", "主题党日"],
        [BODY, "2001-05-18", "主题党日"],
    ]
    upload = post(xlsx(*rows))
    said = [(each["row"], each["message"]) for each in upload.problems if each["level"] == "error"]
    assert [row for row, _ in said] == [2, 3, 4]
    assert "在未来" in said[0][1] and "没有在本单位登记" in said[1][1] and "早于" in said[2][1]


def test_a_funds_sheet_reads_yuan_and_ten_thousands(post, two_enterprises):
    rows = [["党组织名称", "年度", "税前列支（万元）", "财政", "党费拨返"], [BODY, 2023, 1.2, "3500元", "0.5万元"]]
    upload = post.commit(post(xlsx(*rows)))
    assert upload.kind == "funds_sheet" and not upload.errors, upload.problems
    kept = dict(Amount.objects.values_list("channel", "amount"))
    assert kept == {"税前列支": 12000, "财政": 3500, "党费拨返": 5000}
    less = post(xlsx(rows[0], [BODY, 2023, -1, "x", None]))
    assert sum(each["level"] == "error" for each in less.problems) == 2
    later = post(xlsx(rows[0], [BODY, 2099, 1, None, None]))
    assert "还没有到" in str(later.problems)


def test_an_older_funds_sheet_does_not_set_back_what_a_newer_said(post, two_enterprises):
    head = ["党组织名称", "年度", "财政", "党费拨返"]
    post.commit(post(xlsx(head, [BODY, 2022, 200, 1]), as_of="2023-06-30"))
    post.commit(post(xlsx(head, [BODY, 2022, 100, 1]), as_of="2022-12-31"))
    assert Amount.objects.get(channel="财政").amount == 200


def test_a_training_sheet_tells_secretaries_instructors_and_workers_apart(post, two_enterprises, body):
    body.secretary_terms.create(name="书某", start=D(2019, 1, 1))
    guide = two_enterprises.first.assignments.get().instructor
    rows = [
        ["姓名", "身份", "党组织名称", "培训时间", "培训内容", "学时"],
        ["书某", "党组织书记", None, "2023-05-18", "书记班", 16],
        [guide.name, "党建指导员", None, "2023-05-19", "指导员班", "8学时"],
        ["王某", "组织委员", BODY, "2023-05-20", "党务班", 4],
        ["李某", "书记", BODY, "2023-05-21", "书记班", 4],
        ["赵某", "厨师", BODY, "2023-05-21", "书记班", 4],
    ]
    upload = post(xlsx(*rows))
    assert upload.kind == "training_sheet", str(upload.problems)
    errors = [each["row"] for each in upload.problems if each["level"] == "error"]
    assert errors == [5, 6], upload.problems
    post.commit(upload, skip_bad_rows="1")
    kept = Event.objects.order_by("start").values_list("code", "person", "hours")
    assert list(kept) == [
        ("secretary_training", "书某", 16), ("instructor_training", "", 8), ("worker_training", "", 4),
    ]  # fmt: skip


def test_a_duty_sheet_feeds_visits(post, two_enterprises):
    guide = two_enterprises.first.assignments.get().instructor
    rows = [
        ["指导员姓名", "走访企业", "走访时间", "走访内容"],
        [guide.name, "东方商贸有限公司", "2023-11-18", "指导换届"],
    ]
    upload = post.commit(post(xlsx(*rows)))
    assert upload.kind == "duty_sheet" and not upload.errors, upload.problems
    visit = Event.objects.get()
    assert (visit.instructor, visit.other, visit.note) == (guide, "东方商贸有限公司", "指导换届")
    assert make.tallies_of("visit", D(2023, 12, 1))[guide.committee_id].yes == 1


def test_what_a_sheet_of_items_brought_is_undone_with_it(post, two_enterprises):
    rows = [["党组织名称", "活动时间", "活动名称"], [BODY, "2023-05-18", "主题党日"]]
    upload = post.commit(post(xlsx(*rows)))
    post.client.post(f"/ledgers/{upload.pk}/undo/", {"sure": "1"})
    assert not Event.objects.exists() and Event.history.filter(history_type="-").count() == 1


def test_an_ordinary_month_of_a_committee_is_one_upload(post, two_enterprises, body):
    """Activities, a flag, a visit, a training and money, in one workbook."""
    guide = two_enterprises.first.assignments.get().instructor
    book = openpyxl.Workbook()
    sheets = {
        "活动": [["党组织名称", "活动时间", "活动名称"], [BODY, "2023-11-18", "主题党日"]],
        "履职": [["指导员姓名", "走访企业", "走访时间"], [guide.name, "东方商贸有限公司", "2023-11-20"]],
        "经费": [["党组织名称", "年度", "财政", "党费拨返"], [BODY, 2023, 100, 200]],
        "党组织": [
            ["党组织名称", "党组织类别", "覆盖企业", "有党旗"],
            [BODY, "党支部", "东方商贸有限公司", "2023-11-01"],
        ],
    }
    import io

    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    buffer = io.BytesIO()
    book.save(buffer)
    upload = post.commit(post(buffer.getvalue()))
    assert upload.state == "committed" and not upload.errors, upload.problems
    day = D(2023, 12, 1)
    for code, who in (("activity", "live"), ("visit", "assigned"), ("funds", "live"), ("have_flag", "live")):
        assert make.tallies_of(code, day, who)[body.committee_id].yes == 1, code
    assert {answer: len(make.holders("have_flag", day, answer)) for answer in (YES, NO, UNKNOWN)} == {YES: 1, NO: 1, UNKNOWN: 0}  # fmt: skip
