"""The steps of 发展党员: what cannot be is refused, what the rules forbid is warned of with the rule, everywhere alike."""

import datetime as dt
import random

import pytest

from common.desk.correct import correct
from organizations.models import MemberStage, Stage
from organizations.models.steps import ACTIVIST_YEAR, ADULT, PROBATION_MOST, PROBATION_YEAR, Step, doubts
from organizations.people import advance
from tests import make
from tests.uploading import xlsx

D = dt.date


def told(born: D | None = None, **steps: D | Step) -> list[str]:
    dated = {name: step if isinstance(step, Step) else Step(step) for name, step in steps.items()}
    return [f"{each.stage}：{each.words}" for each in doubts(dated, born)]


@pytest.mark.parametrize(
    ("steps", "rule"),
    [
        ({"activist": D(2020, 5, 1), "candidate": D(2021, 4, 30)}, ACTIVIST_YEAR),
        ({"activist": D(2020, 5, 1), "candidate": D(2021, 5, 1)}, ""),
        ({"probationary": D(2020, 2, 29), "full": D(2021, 2, 28)}, ""),
        ({"probationary": D(2020, 5, 1), "full": D(2021, 4, 30)}, PROBATION_YEAR),
        ({"probationary": D(2020, 5, 1), "full": D(2022, 5, 1)}, ""),
        ({"probationary": D(2020, 5, 1), "full": D(2022, 5, 2)}, PROBATION_MOST),
        ({"probationary": D(2020, 5, 1), "full": D(2020, 4, 30)}, "早于预备党员 2020-05-01"),
        ({"probationary": Step(D(2020, 5, 20)), "full": Step(D(2021, 5, 1), "month")}, ""),
        ({"probationary": Step(D(2020, 5, 1)), "full": Step(D(2020, 6, 1), "assumed")}, ""),
        ({"born": D(2000, 5, 2), "applicant": D(2018, 5, 1)}, ADULT),
        ({"born": D(2000, 5, 2), "applicant": D(2018, 5, 2)}, ""),
    ],
)
def test_each_rule_at_its_edge(steps, rule):
    found = told(**steps)
    assert (len(found) == 1 and rule in found[0]) if rule else found == []


@pytest.mark.parametrize("seed", range(50))
def test_who_takes_every_step_in_its_time_is_never_doubted(seed):
    chance = random.Random(seed)
    born = D(1980, 1, 1) + dt.timedelta(days=chance.randrange(9000))
    day = dt.date(born.year + 19, born.month, 1)
    steps = {}
    for stage, least in zip(Stage, (0, 0, 366, 0, 366), strict=True):
        day += dt.timedelta(days=least + chance.randrange(300))
        if chance.random() < 0.8:
            steps[stage.value] = Step(day, chance.choice(["day", "month", "assumed"]))
    assert doubts(steps, born) == []


@pytest.mark.django_db
class TestDoors:
    def test_a_form_refuses_the_order_and_warns_of_the_time(self, east):
        person = make.member(east, make.enterprise(east), "probationary", D(2022, 1, 1))
        with pytest.raises(Exception, match="阶段只能往前"):
            advance(person, stage="activist", on=D(2022, 6, 1))
        effects = advance(person, stage="full", on=D(2022, 6, 1))
        assert any(each.startswith("请核对：正式党员") and PROBATION_YEAR in each for each in effects)

    def test_the_preview_says_it_before_it_is_done(self, east, cast, signed_in):
        person = make.member(east, make.enterprise(east), "activist", D(2022, 1, 1))
        answers = {"stage": "candidate", "on": "2022-06-01"}
        page = signed_in(cast.dong).post(f"/members/{person.pk}/stage/", answers).content.decode()
        assert ACTIVIST_YEAR in page and person.stages.count() == 1

    def test_a_correction_warns(self, east):
        person = make.member(east, None, "activist", D(2020, 1, 1), D(2022, 1, 1))
        row = MemberStage.objects.create(member=person, stage="candidate", start=D(2022, 1, 1))
        first = person.stages.get(stage="activist")
        assert any(ACTIVIST_YEAR in each for each in correct(first, start=D(2021, 6, 1), end=D(2022, 1, 1), void=False))
        row.refresh_from_db()
        assert row.start == D(2022, 1, 1)

    def test_the_admin_warns(self, east, cast, signed_in):
        person = make.member(east, None, "probationary", D(2022, 1, 1), D(2022, 3, 1))
        form = {"member": person.pk, "stage": "full", "start": "2022-03-01", "start_precision": "day", "end": ""}
        cast.admin.role = "district"
        cast.admin.save()
        done = signed_in(cast.admin).post("/admin/organizations/memberstage/add/", form, follow=True)
        assert PROBATION_YEAR in done.content.decode() and person.stages.count() == 2

    def test_a_roster_is_warned_with_row_column_and_rule(self, post, east):
        make.enterprise(east, "甲厂")
        head = ["姓名", "出生日期", "工作单位", "党员类别", "申请入党时间", "入党时间", "转正时间"]
        rows = [
            ["甲某", "1990-01-01", "甲厂", "正式党员", "2017-01-01", "2020-01-01", "2020-10-01"],
            ["乙某", "2003-06-01", "甲厂", "预备党员", "2021-05-31", "2023-01-01", None],
            ["丙某", "1990-01-01", "甲厂", "正式党员", "2017-01-01", "2020-01-01", "2019-10-01"],
        ]
        problems = post(xlsx(head, *rows)).problems
        said = {(each["row"], each["heading"]): each["message"] for each in problems}
        assert PROBATION_YEAR in said[2, "转正时间"] and ADULT in said[3, "申请入党时间"]
        assert "早于" in said[4, "转正时间"] and "请改正" in said[4, "转正时间"]
        assert len([each for each in problems if each["row"] == 4]) == 1
