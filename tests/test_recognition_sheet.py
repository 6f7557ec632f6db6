"""The sheet of recognitions: a title of the plan, since when and by which document, until when (clauses 6, 7)."""

import datetime as dt

import pytest

from common.plan import Item
from common.today import today
from organizations.end_item import end_state
from organizations.models import Nomination, NominationState, State
from tests import make
from tests.uploading import cells_of, xlsx

pytestmark = pytest.mark.django_db
D = dt.date
HEAD = ["对象类型", "对象名称", "荣誉称号", "命名文件", "命名日期", "撤销日期", "备注"]
BODY, FIRM = "中共东方商贸有限公司支部委员会", "东方商贸有限公司"
TITLE, CODE = "区级“双强六好”党组织", "double_strong_district"
DOCUMENT = "某组〔2023〕9号"
DAY = D(2023, 7, 1)


@pytest.fixture
def body(two_enterprises):
    return two_enterprises.first.covers.get().organization


def row(name: str = BODY, title: str = TITLE, on: object = "2023-07-01", until: object = None, **more) -> list:
    told = {"kind": None, "document": DOCUMENT, "remark": None, **more}
    return [told["kind"], name, title, told["document"], on, until, told["remark"]]


def errors(upload) -> str:
    return "；".join(each["message"] for each in upload.problems if each["level"] == "error")


def holders(day: D, code: str = CODE) -> list:
    return [each.pk for each in make.holders(code, day)]


def test_a_row_says_a_title_from_its_day_by_its_document(post, body):
    upload = post.commit(post(xlsx(HEAD, row(kind="党组织", remark="复评"))))
    assert upload.kind == "recognition_sheet" and upload.state == "committed", upload.problems
    state = State.objects.get()
    assert (state.organization, state.code, state.start, state.end) == (body, CODE, DAY, None)
    assert (state.document, state.note) == (DOCUMENT, "复评")
    assert holders(DAY) == [body.pk] and holders(D(2023, 6, 30)) == []


def test_an_enterprise_bears_its_own(post, two_enterprises):
    rows = [["企业名称", "荣誉称号", "表彰文件", "表彰时间"], [FIRM, "市级典型企业", DOCUMENT, "2023年7月1日"]]
    upload = post.commit(post(xlsx(*rows)))
    assert upload.kind == "recognition_sheet" and upload.state == "committed", upload.problems
    assert State.objects.get().enterprise == two_enterprises.first


@pytest.mark.parametrize("title", ["区级双强六好党组织", "区级“双强六好” 党组织", "区级双强六好", "区级“双强六好”"])
def test_a_title_is_understood_as_its_item_is(post, body, title):
    post.commit(post(xlsx(HEAD, row(title=title))))
    assert State.objects.get().code == CODE


def test_a_title_that_was_taken_back_ends(post, body):
    upload = post.commit(post(xlsx(HEAD, row(until="2023-10-01"))))
    assert upload.state == "committed", upload.problems
    state = State.objects.get()
    assert (state.start, state.end, state.document) == (DAY, D(2023, 10, 1), DOCUMENT)
    assert holders(D(2023, 9, 30)) == [body.pk] and holders(D(2023, 10, 1)) == []


def test_a_later_sheet_ends_what_an_earlier_one_brought(post, body):
    post.commit(post(xlsx(HEAD, row()), as_of="2023-08-01"))
    upload = post(xlsx(HEAD, row(until="2023-10-01")))
    assert any(each["kind"] == "ended" for each in upload.differences), upload.differences
    post.commit(upload)
    assert State.objects.get().end == D(2023, 10, 1)


def test_one_may_be_taken_back_and_given_anew(post, body):
    rows = [row(on="2021-07-01", until="2022-07-01"), row(document="某组〔2023〕20号")]
    upload = post.commit(post(xlsx(HEAD, *rows)))
    assert upload.state == "committed", upload.problems
    assert list(State.objects.order_by("start").values_list("start", "end", "document")) == [
        (D(2021, 7, 1), D(2022, 7, 1), DOCUMENT), (DAY, None, "某组〔2023〕20号"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"title": "优秀支部"}, "可以填：区级“双强六好”党组织"),
        ({"title": "区级典型个人"}, "请填在党员花名册的“区级典型个人”一栏"),
        ({"name": "中共无名公司支部委员会"}, "请先导入党组织基本情况表"),
        ({"name": "中共西山物流有限公司支部委员会"}, "没有名为“中共西山物流有限公司支部委员会”的党组织在本单位登记"),
        ({"name": FIRM}, f"没有名为“{FIRM}”的党组织"),
        ({"title": "区级典型企业"}, "请先导入企业台账"),
        ({"kind": "企业"}, "是党组织的称号"),
        ({"kind": "商会"}, "请填 党组织 或 企业"),
        ({"on": "2009-07-01"}, "成立（2010-01-01），请核对"),
        ({"on": str(today() + dt.timedelta(days=1))}, "在未来"),
        ({"until": "2023-07-01"}, "不晚于命名日期"),
        ({"until": "2024-07-01"}, "晚于台账日期"),
        ({"on": None, "until": "2023-10-01"}, "要填写命名日期"),
    ],
)
def test_what_cannot_be_is_refused_at_its_cell(post, body, told, said):
    upload = post(xlsx(HEAD, row(**told)))
    assert upload.kind == "recognition_sheet" and said in errors(upload), upload.problems
    assert all(each["row"] == 2 and each["column"] for each in upload.problems if each["level"] == "error")
    assert upload.changes == 0


def test_after_its_end_nobody_is_given_a_title(post, body):
    body.dissolved_on = D(2023, 6, 1)
    body.save()
    assert "不早于" in errors(post(xlsx(HEAD, row())))
    upload = post.commit(post(xlsx(HEAD, row(on="2022-07-01"))))
    assert upload.state == "committed", upload.problems
    assert list(State.objects.values_list("start", "end")) == [(D(2022, 7, 1), D(2023, 6, 1))]


def test_the_same_sheet_again_changes_nothing(post, body):
    rows = [HEAD, row(), row(title="区级党建典型", on="2021-07-01", until="2022-07-01")]
    post.commit(post(xlsx(*rows)))
    again = post(xlsx(*rows), as_of="2023-12-25")
    assert again.changes == 0 and not again.errors, again.differences


def test_one_title_twice_in_a_sheet(post, body):
    assert "只按一行计" in str(post(xlsx(HEAD, row(), row())).problems)
    assert "内容却不同" in errors(post(xlsx(HEAD, row(), row(document="某组〔2023〕10号"))))


def test_without_a_day_it_is_known_from_the_sheets_own(post, body):
    upload = post(xlsx(HEAD, row(on=None)))
    assert "没有填写" in str(upload.problems) and not upload.errors
    post.commit(upload)
    state = State.objects.get()
    assert (state.start, state.start_precision) == (D(2023, 12, 20), "assumed")


def test_undo_takes_it_all_back(post, body):
    upload = post.commit(post(xlsx(HEAD, row())))
    post.client.post(f"/ledgers/{upload.pk}/undo/")
    assert not State.objects.exists()


def test_the_form_comes_filled_with_what_is_held(post, two_enterprises, body, east):
    make.reach(body, CODE, DAY, document=DOCUMENT)
    make.reach(two_enterprises.second.covers.get().organization, CODE, DAY)
    make.reach(two_enterprises.first, "enterprise_exemplar_district", DAY)
    said = cells_of(post.client.get(f"/ledgers/templates/recognition_sheet/?filled=1&committee={east.pk}").content)
    assert BODY in said and TITLE in said and DOCUMENT in said and "区级典型企业" in said and "西山" not in said


def test_the_help_page_explains_it(post):
    page = post.client.get("/ledgers/help/").content.decode()
    assert "表彰命名表" in page and "引号可以不写" in page


# -- what was recommended for it -----------------------------------------------------------------------


def recommended(body, state: str = NominationState.RECOMMENDED) -> Nomination:
    return body.nominations.create(code=CODE, evidence="先进", recommended_on=D(2023, 5, 1), state=state)


@pytest.mark.parametrize("state", [NominationState.RECOMMENDED, NominationState.REVIEWED])
def test_what_was_recommended_is_awarded_with_it(post, body, state):
    nomination = recommended(body, state=state)
    upload = post(xlsx(HEAD, row()))
    assert any("推荐评选" in each["what"] and each["new"] == "已命名" for each in upload.differences)
    nomination.refresh_from_db()
    assert nomination.state == state
    upload = post.commit(upload)
    nomination.refresh_from_db()
    assert (nomination.state, nomination.awarded_on, nomination.document) == ("awarded", DAY, DOCUMENT)
    # And waits again when the sheet is taken back.
    post.client.post(f"/ledgers/{upload.pk}/undo/")
    nomination.refresh_from_db()
    assert (nomination.state, nomination.awarded_on, nomination.document) == (state, None, "")


def test_a_title_that_was_taken_back_before_leaves_the_recommendation(post, body):
    nomination = recommended(body)
    post.commit(post(xlsx(HEAD, row(on="2021-07-01", until="2022-07-01"))))
    nomination.refresh_from_db()
    assert nomination.state == NominationState.RECOMMENDED


def test_other_recommendations_wait_on(post, body, two_enterprises):
    theirs = recommended(two_enterprises.second.covers.get().organization)
    other = body.nominations.create(code="double_strong_municipal", evidence="先进", recommended_on=D(2023, 5, 1))
    post.commit(post(xlsx(HEAD, row())))
    assert set(Nomination.objects.values_list("pk", "state")) == {(theirs.pk, "recommended"), (other.pk, "recommended")}


def test_every_title_of_the_plan_is_understood(post, two_enterprises, body):
    items = Item.objects.filter(awarded=True).exclude(subject="member")
    names = {"organization": BODY, "enterprise": FIRM}
    upload = post.commit(post(xlsx(HEAD, *(row(names[item.subject], item.label) for item in items))))
    assert upload.state == "committed", upload.problems
    assert set(State.objects.values_list("code", flat=True)) == {item.code for item in items}


def test_what_was_ended_by_hand_is_not_brought_back(post, body):
    make.reach(body, CODE, DAY, document=DOCUMENT)
    end_state(State.objects.get(), on=D(2023, 10, 1))
    upload = post(xlsx(HEAD, row(document="某组〔2023〕10号")))
    assert "登记为 2023-10-01 撤销" in str(upload.problems) and not upload.errors
    post.commit(upload)
    assert State.objects.get().end == D(2023, 10, 1) and State.objects.get().document == "某组〔2023〕10号"
    post.commit(post(xlsx(HEAD, row(), row(on="2023-11-01"))))
    assert holders(D(2023, 10, 15)) == [] and holders(D(2023, 11, 1)) == [body.pk]


def test_a_day_after_the_sheets_own_is_told_of(post, body):
    """Held already, by hand: the older sheet that names it says nothing of an end."""
    make.reach(body, CODE, DAY)
    upload = post.commit(post(xlsx(HEAD, row()), as_of="2023-06-20"))
    assert "晚于台账日期" in str(upload.problems) and "撤销" not in str(upload.problems), upload.problems
    assert list(State.objects.values_list("start", "end")) == [(DAY, None)]
