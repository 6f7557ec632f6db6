"""From evidence to a recognition and back (clauses 6, 7, 20)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from common.plan import Item
from organizations.models import Nomination, NominationState
from organizations.nominate import award, decline, nominate, review, withdraw
from reports.verdicts import Judging
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)
CODE = "double_strong_district"


def recommended(body, user, code: str = CODE, on: D = DAY) -> Nomination:
    nominate(body, item=Item.objects.get(code=code), evidence="连续三年先进", on=on, by=user)
    return body.nominations.get(state=NominationState.RECOMMENDED)


def holders(day: D) -> list:
    return list(make.holders(CODE, day))


def test_from_evidence_to_award_and_back(east, cast):
    body = make.organization(east, established=D(2020, 1, 1))
    nomination = recommended(body, cast.dong)
    assert holders(DAY) == []
    with pytest.raises(ValidationError, match="不能这样办"):
        award(nomination, document="沁组〔2022〕9号", on=D(2022, 8, 1), by=cast.wei)
    review(nomination, said="材料属实", by=cast.wei)
    assert holders(DAY) == []
    with pytest.raises(ValidationError, match="不能更早"):
        award(nomination, document="沁组〔2022〕9号", on=D(2022, 5, 1), by=cast.wei)
    award(nomination, document="沁组〔2022〕9号", on=D(2022, 8, 1), by=cast.wei)
    assert holders(D(2022, 7, 31)) == [] and [row.pk for row in holders(D(2022, 8, 1))] == [body.pk]
    state = body.states.get(code=CODE)
    assert state.document == "沁组〔2022〕9号" and nomination.state == NominationState.AWARDED
    with pytest.raises(ValidationError, match="已是"):
        recommended(body, cast.dong, on=D(2022, 9, 1))
    # Taken back it counts no longer, and may be recommended anew.
    from organizations.end_item import end_state

    end_state(state, on=D(2023, 1, 1))
    assert holders(D(2023, 1, 1)) == [] and len(holders(D(2022, 12, 31))) == 1
    recommended(body, cast.dong, on=D(2023, 2, 1))


def test_the_target_counts_what_is_awarded(east, cast):
    for number in range(2):
        nomination = recommended(make.organization(east, established=D(2020, 1, 1)), cast.dong)
        review(nomination, said="属实", by=cast.wei)
        if number:
            award(nomination, document="文", on=D(2023, 3, 1), by=cast.wei)
    verdict = next(each for each in Judging(D(2023, 12, 31)).verdicts() if each.target.indicator == CODE)
    assert verdict.now.known.part == 1 and verdict.missing == 9


def test_what_cannot_be_is_refused(east, cast):
    body = make.organization(east, established=D(2020, 1, 1), dissolved=D(2023, 1, 1))
    item = Item.objects.get(code=CODE)
    for on in (D(2019, 12, 31), D(2023, 1, 1)):
        with pytest.raises(ValidationError, match="不在册"):
            nominate(body, item=item, evidence="事迹", on=on, by=cast.dong)
    nomination = recommended(body, cast.dong)
    with pytest.raises(ValidationError, match="还没有结果"):
        nominate(body, item=item, evidence="事迹", on=DAY, by=cast.dong)
    review(nomination, said="属实", by=cast.wei)
    with pytest.raises(ValidationError):
        award(nomination, document="文", on=D(2023, 2, 1), by=cast.wei)
    decline(nomination, said="已撤销", by=cast.wei)
    with pytest.raises(ValidationError, match="不能这样办"):
        withdraw(nomination, by=cast.dong)
    withdraw(recommended(body, cast.dong), by=cast.dong)


def test_an_enterprise_is_recommended_as_an_exemplar(east, cast):
    row = make.enterprise(east, registered=D(2019, 1, 1))
    code = Item.objects.filter(awarded=True, subject="enterprise").first().code
    nomination = recommended(row, cast.dong, code)
    review(nomination, said="属实", by=cast.wei)
    award(nomination, document="文", on=D(2022, 8, 1), by=cast.wei)
    assert row.states.get().code == code


def test_through_the_pages_several_at_once(east, west, cast, signed_in):
    bodies = [make.organization(east, f"好支部{number}", established=D(2020, 1, 1)) for number in range(3)]
    make.reach(bodies[0], Item.objects.filter(whole__code="six_good").first().code, D(2021, 1, 1))
    dong, wei, xi = signed_in(cast.dong), Client(), Client()
    for client, user in ((wei, cast.wei), (xi, cast.xi)):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for body in bodies:
        answers = {"item": CODE, "evidence": "事迹", "on": "2022-06-01"}
        assert make.confirm(dong, f"/organizations/{body.pk}/nominate/", answers).status_code == 302
    assert (
        "推荐评选，要审核" in wei.get("/todo/").content.decode()
        and "推荐评选，要审核" not in dong.get("/todo/").content.decode()
    )
    page = wei.get("/nominations/?state=recommended").content.decode()
    assert "好支部2" in page and "1 / 6" in page and "0 / 6" in page
    assert "好支部2" not in xi.get("/nominations/").content.decode()
    rows = list(Nomination.objects.values_list("pk", flat=True))
    assert make.confirm(wei, "/nominations/bulk/review/", {"row": rows, "said": "属实"}).status_code == 302
    given = {"row": rows, "document": "文〔2022〕1号", "on": "2022-07-01"}
    assert make.confirm(wei, "/nominations/bulk/award/", given).status_code == 302
    assert len(holders(D(2022, 7, 1))) == 3
    assert wei.get("/nominations/export/").status_code == 200


def test_the_list_asks_as_often_whatever_its_length(east, cast, signed_in, django_assert_max_num_queries):
    for number in range(15):
        recommended(make.organization(east, f"支部{number}", established=D(2020, 1, 1)), cast.dong)
    client = signed_in(cast.wei)
    with django_assert_max_num_queries(16):
        assert client.get("/nominations/").status_code == 200


def test_the_district_is_counted_both_ways(east):
    """A municipal recognition is none of the district; by the other reading it counts for it too."""
    only_district, only_city, both = (make.organization(east) for _ in range(3))
    for body in (only_district, both):
        make.reach(body, "double_strong_district", D(2022, 1, 1))
    for body in (only_city, both):
        make.reach(body, "double_strong_municipal", D(2022, 1, 1))
    make.organization(east)
    counted = {
        code: make.tallies_of(code, D(2022, 6, 1))[east.pk].yes
        for code in ("double_strong_district", "double_strong_municipal", "double_strong_any")
    }
    assert counted == {"double_strong_district": 2, "double_strong_municipal": 2, "double_strong_any": 3}
    assert make.tallies_of("double_strong_any", D(2021, 12, 31))[east.pk].yes == 0


def test_a_person_is_recommended_and_named(east, west, cast, signed_in):
    person = make.member(east, make.enterprise(east))
    code = "person_exemplar_district"
    client = signed_in(cast.dong)
    answers = {"item": code, "evidence": "技改带头人", "on": "2022-06-01"}
    make.confirm(client, f"/members/{person.pk}/nominate/", answers)
    (nomination,) = Nomination.objects.all()
    assert person.name in client.get("/nominations/").content.decode()
    review(nomination, said="属实", by=cast.wei)
    award(nomination, document="沁组〔2022〕12号", on=D(2022, 8, 1), by=cast.wei)
    assert make.tallies_of(code, D(2022, 8, 1))[east.pk].yes == 1
    assert signed_in(cast.xi).get(f"/members/{person.pk}/nominate/").status_code == 404


def test_who_sees_no_persons_sees_no_person_recommended(east, cast, signed_in):
    person = make.member(east, make.enterprise(east))
    body = make.organization(east, "看得到的支部")
    recommended(person, cast.dong, "person_exemplar_district")
    recommended(body, cast.dong)
    for user, sees in ((cast.wei, True), (cast.dong, True), (cast.xi, False), (cast.admin, False)):
        page = signed_in(user).get("/nominations/").content.decode()
        assert (person.name in page) is sees, user
    listed = signed_in(cast.admin).get("/admin/organizations/nomination/").content.decode()
    assert "看得到的支部" in listed and person.name not in listed


def test_a_person_who_is_erased_leaves_no_evidence(east, cast):
    from coverage_tracker.records.erase import erase

    person = make.member(east, make.enterprise(east))
    nomination = recommended(person, cast.dong, "person_exemplar_district")
    erase(person, reason="本人要求")
    nomination.refresh_from_db()
    assert nomination.evidence == "" and not any(nomination.history.values_list("evidence", flat=True))


def test_a_roster_names_persons_by_the_column_of_the_title(post, east):
    make.enterprise(east, "甲厂")
    head = ["姓名", "出生日期", "工作单位", "党员类别", "入党时间", "转正时间", "区级典型个人"]
    upload = post(xlsx(head, ["甲某", "1980-01-01", "甲厂", "正式党员", "2005-01-01", "2006-01-01", "是"]))
    post.commit(upload)
    assert make.tallies_of("person_exemplar_district", D(2023, 12, 31))[east.pk].yes == 1, upload.problems
