"""The plan as data: loading, refusing, two plans at once, rules from a day on, and the pages where the district keeps it."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.plan import Clause, Duty, Item, Plan, plan_on
from enterprises.models import Enterprise
from organizations.models import PartyOrganization
from reports.items import Ought, asked_about, tallies
from reports.models import CountingRules, Target
from reports.plan_file import FIRST, PlanFileError, load, parse
from reports.trend import trend
from reports.verdicts import Judging
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
SECOND = Path(__file__).parent / "plans" / "second.toml"


def test_the_first_plan_is_there_from_the_beginning():
    plan = Plan.objects.get()
    assert plan.clauses.count() == 42 and plan.targets.count() == 11 and Item.objects.count() > 70
    assert all(duty.clause.plan == plan for duty in Duty.objects.all())


def test_loading_the_same_file_again_changes_nothing():
    counts = [model.history.count() for model in (Plan, Clause, Item, Duty, Target, CountingRules)]
    load(FIRST)
    assert [model.history.count() for model in (Plan, Clause, Item, Duty, Target, CountingRules)] == counts


BROKEN = {
    "unknown indicator": ("target", 0, {"indicator": "nonsense"}, "nonsense"),
    "unknown subject": ("item", 0, {"subject": "village_head"}, "smart_platform"),
    "unknown shape": ("item", 0, {"shape": "wish"}, "smart_platform"),
    "no date": ("target", 0, {"by": "年底"}, "by"),
    "clause twice": ("clause", 1, {"number": 1}, "条款 1 写了两次"),
    "clause that is not there": ("item", 0, {"clause": 9}, "没有第 9 条"),
    "unknown population": ("item", 0, {"who": "everybody"}, "everybody"),
    "population of another item that is not there": ("item", 0, {"who": "lacks:nothing"}, "lacks:nothing"),
    "unknown derivation": ("item", 0, {"derived": "magic"}, "magic"),
    "item twice": ("item", 1, {"code": "smart_platform"}, "事项 smart_platform 写了两次"),
    "item of another plan": ("item", 0, {"code": "have_flag"}, "另一个方案"),
    "item of another subject": ("item", 0, {"code": "have_flag", "subject": "enterprise", "who": "base"}, "不能改"),
    "part of nothing": ("item", 0, {"part_of": "no_whole"}, "no_whole"),
    "duty of no item": ("duty", 0, {"item": "no_item"}, "没有这个事项"),
    "both percent and count": ("target", 1, {"count": 3}, "只写一个"),
    "percent above hundred": ("target", 0, {"percent": 120}, "100%"),
    "unknown kind": ("clause", 0, {"kind": "perhaps"}, "条款 1"),
    "unknown key": ("clause", 0, {"colour": "red"}, "colour"),
    "unknown committee": ("target", 0, {"committee": "没有的乡"}, "没有的乡"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_plan_file_with_a_fault_is_refused_with_its_place(name):
    table, place, change, words = BROKEN[name]
    data = tomllib.loads(SECOND.read_text(encoding="utf-8"))
    data[table][place] |= change
    with pytest.raises(PlanFileError) as refused:
        parse(data)
    assert any(words in problem for problem in refused.value.problems), refused.value.problems
    assert Plan.objects.count() == 1


def test_rules_that_nobody_knows_are_refused():
    data = tomllib.loads(SECOND.read_text(encoding="utf-8"))
    for rules in ({"work_routes": ["magic"]}, {"members_to_establish": 0}, {"full_reading": "x"}, {"fresh_months": -1}):
        with pytest.raises(PlanFileError, match="rules"):
            parse({**data, "rules": rules})


def test_the_command_says_what_is_wrong_and_stores_nothing(tmp_path):
    broken = tmp_path / "plan.toml"
    broken.write_text(SECOND.read_text(encoding="utf-8").replace('who = "live"', 'who = "x"', 1), encoding="utf-8")
    with pytest.raises(CommandError, match="数据没有改动"):
        call_command("load_plan", str(broken))
    for content in (b"\xff\xfe\x00", b"code ="):
        broken.write_bytes(content)
        with pytest.raises(CommandError, match="不是可读的方案文件"):
            call_command("load_plan", str(broken))
    with pytest.raises(CommandError, match="读不了"):
        call_command("load_plan", str(tmp_path / "nothing.toml"))
    assert not Item.objects.filter(code="smart_platform").exists()


@pytest.fixture
def district(east, west):
    """Three enterprises, one covered, and two organizations, one with a flag."""
    rows = [make.enterprise(committee, f"企业{n}") for n, committee in enumerate((east, east, west))]
    for row in rows:
        make.headcount(row, employees=40, full_members=1, probationary_members=1)
    bodies = [make.organization(east, "甲支部"), make.organization(west, "乙支部")]
    make.cover(rows[0], bodies[0])
    make.reach(bodies[0], "have_flag", D(2020, 5, 1))
    return rows, bodies


PAGES = [
    "/dashboard/?as_of=2023-06-30",
    "/plan/?plan=sida-gongcheng&as_of=2023-06-30",
    "/committees/{east}/?as_of=2023-06-30",
    "/committees/{east}/plan/?plan=sida-gongcheng&as_of=2023-06-30",
    "/items/organization/?item=have_flag&plan=sida-gongcheng&as_of=2023-06-30",
    "/figures/due_to_establish/?as_of=2023-06-30",
]


def _pages(client, east) -> list[str]:
    """The pages without what every page has: which plans there are, a token."""
    found = []
    for page in PAGES:
        text = client.get(page.format(east=east.pk)).content.decode()
        body = text.partition("<main")[2]
        start, _, rest = body.partition('<nav class="tabs" aria-label="方案">')
        body = start + rest.partition("</nav>")[2] if rest else body
        found.append(
            "\n".join(line for line in body.splitlines() if "csrfmiddlewaretoken" not in line and line.strip())
        )
    return found


def test_a_second_plan_leaves_the_first_byte_for_byte(cast, signed_in, district, east):
    client = signed_in(cast.wei)
    Plan.objects.update(effective_from=D(2019, 3, 1), effective_until=D(2024, 1, 1))
    before = _pages(client, east)
    load(SECOND)
    for page, was, now in zip(PAGES, before, _pages(client, east), strict=True):
        assert now.splitlines() == was.splitlines(), page


def test_each_plan_is_judged_by_its_own_targets_and_rules(district, east):
    plan = load(SECOND)
    first = Plan.objects.exclude(pk=plan.pk).get()
    assert plan_on(D(2023, 12, 31)) == first and plan_on(D(2024, 1, 1)) == plan
    old, new = Judging(D(2026, 6, 1), plan=first), Judging(D(2026, 6, 1), plan=plan)
    assert (old.rules.members_to_establish, new.rules.members_to_establish) == (3, 2)
    # Two members, one of them probationary: enough by the second plan only.
    assert old.current.district["due_to_establish"] == 0 and new.current.district["due_to_establish"] == 2
    states = {verdict.target.indicator: verdict.state for verdict in new.verdicts()}
    assert states == {"organization_coverage": "missed", "smart_platform": "missed"}
    assert len(old.verdicts()) == 11
    make.reach(district[1][0], "smart_platform", D(2024, 5, 1))
    make.reach(district[1][1], "smart_platform", D(2024, 5, 1))
    assert {v.target.indicator: v.state for v in Judging(D(2026, 6, 1), plan=plan).verdicts()}[
        "smart_platform"
    ] == "met"


def test_an_item_of_the_first_plan_answers_the_second_too(cast, signed_in, district):
    load(SECOND)
    page = signed_in(cast.wei).get("/plan/?plan=second").content.decode()
    assert "智慧党建平台" in page and "每个党组织悬挂党旗" in page and "有党旗：" in page
    assert "到2020年年底前" not in page


def test_the_columns_of_a_sheet_follow_the_items(post, two_enterprises):
    from organizations.models import State
    from tests.uploading import xlsx

    load(SECOND)
    rows = [
        ["党组织名称", "党组织类别", "成立时间", "智慧平台"],
        ["中共东方支部委员会", "党支部", "2019-03-01", "2024-05-06"],
    ]
    upload = post.commit(post(xlsx(*rows), as_of="2024-12-20"))
    assert not upload.unmapped and State.objects.get(code="smart_platform").start == D(2024, 5, 6)


# -- what the district keeps ----------------------------------------------------------------------


def test_a_rule_holds_from_its_day_on(district):
    make.rules(D(2022, 1, 1), members_to_establish=1)
    assert Judging(D(2021, 12, 31)).current.district["due_to_establish"] == 0
    assert Judging(D(2022, 1, 1)).current.district["due_to_establish"] == 2
    rows = CountingRules.objects.order_by("start")
    assert [(row.members_to_establish, row.employees_threshold) for row in rows] == [(3, 50), (1, 50)]


def test_the_trend_follows_the_rules_of_each_month(east):
    make.member(east, make.enterprise(east), start=D(2019, 1, 1))
    make.rules(D(2021, 1, 1), work_routes="instructor member")
    make.rules(D(2022, 1, 1), work_routes="instructor mass_organization")
    points = {point.day: point.work_covered for point in trend(D(2020, 11, 1), D(2022, 2, 28))}
    days = (D(2020, 12, 31), D(2021, 1, 31), D(2021, 12, 31), D(2022, 1, 31))
    assert [points[day] for day in days] == [0, 1, 1, 0]
    for day in days:
        assert Judging(day).current.district["work_covered"] == points[day]


def test_no_stored_duty_or_item_breaks_a_page(cast, signed_in, district):
    Duty.objects.filter(item__code="have_flag").update(who="since abolished")
    Duty.objects.filter(item__code="shared_venue").update(who="lacks:since_abolished")
    Item.objects.filter(code="gift_training").update(derived="magic:x")
    client = signed_in(cast.wei)
    for address in ("/plan/", "/todo/", "/dashboard/", "/items/organization/", "/items/organization/?item=have_flag"):
        assert client.get(address).status_code == 200, address
    admin, duty = signed_in(cast.admin), Duty.objects.get(item__code="have_sign")
    address = f"/admin/common/duty/{duty.pk}/change/"
    version = admin.get(address).context["adminform"].form["version"].initial
    told = {"clause": duty.clause_id, "item": duty.item_id, "who": "x", "kind": "must", "version": version}
    page = admin.post(address, told)
    assert "没有这个范围" in page.content.decode()


RULES = {
    "count_probationary": "false", "members_to_establish": "1", "employees_threshold": "50", "fresh_months": "12",
    "timely_days": "30", "together_days": "30", "regular_months": "3", "full_reading": "settled_coverage",
    "on": "2020-01-01",
}  # fmt: skip


def test_the_district_changes_a_rule_and_sees_what_it_does(cast, signed_in, district):
    client, plan = signed_in(cast.wei), Plan.objects.get()
    shown = client.post(f"/plan/{plan.pk}/rules/", RULES).content.decode()
    assert "应建党组织的党员人数：3 → 1" in shown and "参考口径" in shown
    assert CountingRules.objects.count() == 1
    make.confirm(client, f"/plan/{plan.pk}/rules/", {**RULES, "sure": "1"})
    assert "正式党员 1 名及以上" in client.get("/figures/three_members/").content.decode()
    refused = client.post(f"/plan/{plan.pk}/rules/", {**RULES, "members_to_establish": "0"})
    assert refused.status_code == 422
    same = client.post(f"/plan/{plan.pk}/rules/", RULES).content.decode()
    assert "规则没有变化" in same


def test_which_reading_judges_is_a_rule(district):
    def judging(day):
        found = Judging(day).verdicts()
        return {
            each.target.indicator
            for each in found
            if each.judges and each.target.is_reading and each.target.percent == 100
        }

    assert judging(D(2022, 6, 1)) == {"organization_coverage"}
    make.rules(D(2021, 1, 1), full_reading="settled_coverage")
    assert judging(D(2022, 6, 1)) == {"settled_coverage"}


def test_a_target_can_be_a_committees_own(cast, signed_in, district, east, west):
    client, plan = signed_in(cast.wei), Plan.objects.get()
    answers = {
        "indicator": "have_flag", "due_on": "2021-12-31", "percent": "100", "clause": "39", "wording": "本单位先行",
        "obligation": "must", "committee": str(east.pk), "version": "0",
    }  # fmt: skip
    assert client.post(f"/plan/{plan.pk}/targets/new/", answers).status_code == 302
    own = next(each for each in Judging(D(2022, 6, 1), committee_id=east.pk).verdicts(east.pk) if each.target.committee)
    assert (own.state, own.target.label) == ("met", "有党旗")
    assert not [each for each in Judging(D(2022, 6, 1)).verdicts() if each.target.committee]
    assert "本单位先行" not in signed_in(cast.xi).get(f"/committees/{west.pk}/").content.decode()
    assert "本单位先行" in signed_in(cast.dong).get(f"/committees/{east.pk}/").content.decode()
    client = signed_in(cast.wei)
    for field, value, words in (
        ("clause", "77", "没有第 77 条"),
        ("percent", "101", "100%"),
        ("indicator", "nonsense", "nonsense"),
    ):
        page = client.post(f"/plan/{plan.pk}/targets/new/", {**answers, "due_on": "2022-12-31", field: value})
        assert page.status_code == 422 and words in page.content.decode(), field
    twice = client.post(f"/plan/{plan.pk}/targets/new/", answers)
    assert twice.status_code == 422


def test_two_edits_of_a_target_lose_nothing(cast, signed_in):
    client, target = signed_in(cast.wei), Target.objects.get(indicator="work_coverage")
    target.save()
    page = client.get(f"/plan/targets/{target.pk}/edit/")
    version = page.context["form"]["version"].initial
    target.percent = 95
    target.save()
    answers = {
        "indicator": "work_coverage", "due_on": "2021-12-31", "percent": "100", "clause": "3", "obligation": "must",
        "wording": "改了字", "version": str(version),
    }  # fmt: skip
    answer = client.post(f"/plan/targets/{target.pk}/edit/", answers)
    assert answer.status_code == 302, answer.context["form"].errors
    target.refresh_from_db()
    assert (target.percent, target.wording) == (95, "改了字")


def test_the_district_says_who_ought_to_have_an_item(cast, signed_in, district):
    client, duty = signed_in(cast.wei), Duty.objects.get(item__code="have_flag")
    page = client.get(f"/plan/duties/{duty.pk}/edit/")
    version = page.context["form"]["version"].initial
    client.post(f"/plan/duties/{duty.pk}/edit/", {"who": "joint", "kind": "advocate", "version": version})
    duty.refresh_from_db()
    assert (duty.who, duty.kind) == ("joint", "advocate")
    edited = client.get(f"/plan/items/{duty.item.pk}/edit/")
    answers = {"label": "悬挂党旗", "order": "3", "lapse": "", "months": "", "headings": "党旗悬挂\n挂旗", "version": edited.context["form"]["version"].initial}  # fmt: skip
    assert client.post(f"/plan/items/{duty.item.pk}/edit/", answers).status_code == 302
    item = Item.objects.get(code="have_flag")
    assert (item.label, item.headings, item.subject) == ("悬挂党旗", ["党旗悬挂", "挂旗"], "organization")


def test_the_district_adds_an_item_and_everything_follows(cast, signed_in, district, east):
    client, plan = signed_in(cast.wei), Plan.objects.get()
    answers = {
        "code": "wifi_corner", "label": "党员网络角", "subject": "organization", "shape": "state", "lapse": "", "months": "",
        "clause": str(plan.clauses.get(number=27).pk), "who": "live", "kind": "must", "asks": ["document"],
        "headings": "网络角", "channels": "", "version": "0",
    }  # fmt: skip
    assert client.post(f"/plan/{plan.pk}/items/new/", answers).status_code == 302
    make.reach(district[1][0], "wifi_corner", D(2022, 1, 1))
    assert "党员网络角" in client.get("/plan/").content.decode()
    assert "没有 1" in client.get("/items/organization/?item=wifi_corner").content.decode()
    lines = {line.words: line.number for line in signed_in(cast.xi).get("/todo/").context["lines"]}
    assert lines["党组织：党员网络角"] == 1
    client = signed_in(cast.wei)
    for field, value, words in (
        ("code", "have_flag", "已存在"), ("who", "base", "党组织可以选"), ("months", "6", "有效期为若干个月"), ("shape", "amount", "列出渠道"),
    ):  # fmt: skip
        page = client.post(f"/plan/{plan.pk}/items/new/", {**answers, "code": "another", field: value})
        assert page.status_code == 422 and words in page.content.decode(), field
    clause = plan.clauses.get(number=27)
    page = client.get(f"/plan/clauses/{clause.pk}/edit/")
    told = {
        "section": clause.section,
        "text": "改过的条款",
        "kind": "must",
        "version": page.context["form"]["version"].initial,
    }
    assert client.post(f"/plan/clauses/{clause.pk}/edit/", told).status_code == 302
    assert "改过的条款" in client.get("/plan/").content.decode()


def test_new_ones_are_unknown_until_the_plans_day_is_entered(cast, signed_in, east):
    old, new = make.organization(east, "旧支部"), make.organization(east, "新支部", established=D(2020, 5, 1))
    pack = Ought(Item.objects.get(code="gift_seal"), "established_since")

    def tally():
        from reports.items import Catalogue

        return tallies("organization", [pack], asked_about(D(2021, 1, 1)), Catalogue())[east.pk][pack.key]

    assert (tally().no, tally().unknown) == (0, 2)
    client, plan = signed_in(cast.wei), Plan.objects.get()
    assert "没有填写" in client.get("/plan/").content.decode()
    page = client.get(f"/plan/{plan.pk}/edit/")
    answers = {"title": plan.title, "effective_from": "2019-03-01", "version": page.context["form"]["version"].initial}
    assert client.post(f"/plan/{plan.pk}/edit/", answers).status_code == 302
    assert (tally().no, tally().unknown) == (1, 0)
    # Recorded of an older one, it stays recorded and outside.
    make.reach(old, "gift_seal", D(2020, 6, 1))
    make.reach(new, "gift_seal", D(2020, 6, 1))
    assert (tally().yes, tally().no, tally().unknown) == (1, 0, 0) and old.states.count() == 1


def test_a_plan_from_before_is_kept_when_nothing_is_asked(district):
    assert Enterprise.objects.count() == 3 and PartyOrganization.objects.count() == 2
    assert str(plan_on(D(1999, 1, 1))) == str(Plan.objects.get())
