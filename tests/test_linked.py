"""What hangs from a visible record: an instructor's name is told, persons are not (docs/access.md)."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import models

from common.models import Extra
from common.record import Record
from coverage_tracker.records.floors import PANELS
from enterprises.transfer import transfer
from instructors.models import Assignment, Instructor
from organizations.models import Member
from tests import make
from tests.uploading import cells_of

pytestmark = pytest.mark.django_db
D = dt.date
PHONE = "13812340846"


@pytest.fixture
def moved(east, west):
    """An enterprise that went from West to East, with West's people, its instructor and its organization."""
    found = make.enterprise(west, "迁来公司", registered=D(2015, 1, 1))
    found.person = make.member(west, found)
    Member.objects.filter(pk=found.person.pk).update(name="西方党员", phone=PHONE)
    found.body = make.organization(west, "中共迁来公司支部委员会")
    make.cover(found, found.body)
    found.instructor = Instructor.objects.create(committee=west, name="西方指导员", phone=PHONE, unit="西方单位")
    Assignment.objects.create(instructor=found.instructor, enterprise=found, start=D(2019, 1, 1))
    transfer(found, committee=east, on=D(2022, 1, 1))
    return found


def test_the_new_committee_does_not_read_the_old_ones_people(cast, signed_in, moved):
    page = signed_in(cast.dong).get(f"/enterprises/{moved.pk}/").content.decode()
    assert "西方党员" not in page and "另有 1 名由其他党（工）委登记" in page
    assert "西方党员" in signed_in(cast.wei).get(f"/enterprises/{moved.pk}/").content.decode()


def test_that_an_instructor_and_an_organization_are_there_is_told_and_no_more(cast, signed_in, moved):
    page = signed_in(cast.dong).get(f"/enterprises/{moved.pk}/").content.decode()
    assert "西方指导员" in page and moved.body.name in page
    assert f"/instructors/{moved.instructor.pk}/" not in page and "西方单位" not in page
    assert signed_in(cast.dong).get(f"/instructors/{moved.instructor.pk}/").status_code == 404


def test_no_button_leads_to_what_is_not_there(cast, signed_in, moved):
    client = signed_in(cast.dong)
    page = client.get(f"/enterprises/{moved.pk}/").content.decode()
    links = {part.partition('"')[0] for part in page.split('href="')[1:]}
    dead = [link for link in links if link.startswith("/") and client.get(link).status_code in {403, 404}]
    assert not [link for link in dead if not link.startswith("/static/")], dead


def test_a_filled_ledger_has_nothing_of_another_committees_instructor(cast, signed_in, moved, east):
    content = signed_in(cast.dong).get(f"/ledgers/templates/enterprise_ledger/?committee={east.pk}&filled=1").content
    said = cells_of(content)
    assert "迁来公司" in said and "西方" not in said and PHONE not in said


def test_what_an_old_ledger_held_beside_its_columns_stays_with_the_old_committee(cast, signed_in, moved, east, west):
    for committee, words in ((west, "西方旧账"), (east, "东方新账")):
        Extra.objects.create(
            subject="enterprise",
            key=moved.pk,
            kind="enterprise_ledger",
            heading=words,
            value=f"{words}内容",
            day=D(2021, 1, 1),
            committee=committee.pk,
        )
    for user, seen, unseen in ((cast.dong, "东方新账", "西方旧账"), (cast.wei, "西方旧账", "")):
        client = signed_in(user)
        said = client.get(f"/enterprises/{moved.pk}/").content.decode() + cells_of(
            client.get("/enterprises/export/").content
        )
        assert seen in said and (not unseen or unseen not in said)
    filled = signed_in(cast.dong).get(f"/ledgers/templates/enterprise_ledger/?committee={east.pk}&filled=1").content
    assert "东方新账" in cells_of(filled) and "西方旧账" not in cells_of(filled)


# -- the table -----------------------------------------------------------------------------------


def of_persons(model: type[models.Model]) -> bool:
    return any(field.related_model is Member and not field.null for field in model._meta.concrete_fields)


def test_every_panel_that_tells_of_persons_tells_only_of_those_whom_the_user_sees():
    found = {panel for panel in PANELS if of_persons(panel_model(panel))}
    assert len(found) >= 4 and all(panel.of_persons for panel in found), found


def panel_model(panel) -> type[models.Model]:
    record = panel.of()
    record.pk = 0
    return panel.load(panel, record).model if not hasattr(panel, "facts") else getattr(record, panel.facts).model


def test_every_relation_of_a_record_stands_in_the_table():
    table = (Path(__file__).parent.parent / "docs" / "access.md").read_text(encoding="utf-8")
    missing = [
        f"{record.__name__}.{relation.get_accessor_name()}"
        for record in (each for each in Record.__subclasses__() if each.__module__.split(".")[0] != "common")
        for relation in record._meta.related_objects
        if not relation.hidden
        and relation.get_accessor_name()
        and not relation.related_model.__name__.startswith("Historical")
        and f"`{record.__name__}.{relation.get_accessor_name()}`" not in table
    ]
    assert not missing, missing


# Where the relations of persons may be followed: their own page, the engine, what changes them.
_MAY = {
    "organizations/panels.py", "organizations/people.py", "organizations/forms.py", "organizations/merge.py",
    "organizations/querysets.py", "organizations/dissolve.py", "coverage_tracker/records/details.py",
}  # fmt: skip
_RELATIONS = (".placements", ".stages", ".members.")


def test_nobody_else_follows_a_relation_to_persons():
    root = Path(__file__).parent.parent
    found = set()
    for path in [*root.glob("*/**/*.py"), *root.glob("templates/**/*.html")]:
        name = path.relative_to(root).as_posix()
        if name.startswith((".venv", "node_modules", "tests", "benchmarks", "var")) or "/migrations/" in name:
            continue
        if any(relation in path.read_text(encoding="utf-8") for relation in _RELATIONS):
            found.add(name)
    assert found <= _MAY, found - _MAY
