"""Random histories of items for the engine, of every kind of subject, and what a person would say of them."""

import datetime as dt
from dataclasses import dataclass, field

from hypothesis import strategies as st

from committees.models import Committee
from common.filings import joined
from common.models import Filing
from common.plan import Item
from instructors.models import Instructor
from organizations.models import FACTS, OWNERS, PartyOrganization, SecretaryTerm
from tests import make
from tests.engine_histories import assumed, day, live, number, period, some_days

LONG_AGO = dt.date(2019, 1, 1)
SUBJECTS = ("enterprise", "organization", "secretary", "instructor", "member", "committee")
SHAPES = ("state", "event", "amount")
LAPSES = [("", None), ("months", 1), ("months", 2), ("year", None), ("regular", None)]
SINCE = day(40)


@dataclass
class Told:
    """One item, what was recorded of it of three subjects, and what was said of it on which days."""

    subject: str
    shape: str
    lapse: str
    months: int | None
    # By subject: (start, end, whether the start was assumed).
    facts: list[list[tuple]] = field(default_factory=list)
    said: list[list[dt.date]] = field(default_factory=list)


@st.composite
def told(draw):
    subject, shape = draw(st.sampled_from(SUBJECTS)), draw(st.sampled_from(SHAPES))
    lapse, months = draw(st.sampled_from(LAPSES)) if shape != "amount" else ("", None)
    facts, said = [], []
    for _ in range(3):
        if shape == "state":
            spans = draw(st.just([]) | st.lists(period(), min_size=1, max_size=1))
            facts.append([(*span, draw(assumed)) for span in spans])
        elif shape == "event":
            days = sorted(draw(st.sets(number, max_size=3)))
            facts.append([(day(n), day(n + 1), draw(assumed)) for n in days])
        else:
            years = sorted(draw(st.sets(st.sampled_from([2019, 2020]), max_size=2)))
            facts.append([(dt.date(y, 1, 1), dt.date(y + 1, 1, 1), False) for y in years])
        said.append(draw(some_days) if shape == "state" else [])
    return Told(subject, shape, lapse, months, facts, said)


@st.composite
def worlds(draw):
    """Items of one subject (one of them whole), and the lives of three organizations."""
    first = draw(told())
    second = draw(told().filter(lambda each: True))
    second.subject = first.subject
    lives = [(draw(period()), draw(assumed)) for _ in range(3)]
    return [first, second], lives


# -- what a person would say --------------------------------------------------------------------------


def _first_day(item: Told, on: dt.date) -> dt.date:
    """From when something counts that lapses."""
    if item.lapse == "year":
        return dt.date(on.year, 1, 1)
    months = 3 if item.lapse == "regular" else item.months
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(on.day, last)) + dt.timedelta(days=1)


def had(item: Told, who: int, on: dt.date):
    """True, False, or None where nobody knows."""
    maybe = False
    for start, end, is_assumed in item.facts[who]:
        if item.shape == "amount":
            if live((start, end), on):
                return True
        elif item.shape == "state":
            fresh = not item.lapse or any(_first_day(item, on) <= each <= on for each in [start, *item.said[who]])
            if live((start, end), on) and fresh:
                return True
            maybe |= is_assumed and start > on and not any(on <= each < start for each in item.said[who])
        elif not item.lapse:
            if start <= on:
                return True
            maybe |= is_assumed
        elif not is_assumed:
            if _first_day(item, on) <= start <= on:
                return True
        else:
            maybe |= start >= _first_day(item, on)
    return None if maybe else False


def whole(answers):
    return False if False in answers else None if None in answers else True


def there(subject: str, lives, who: int, on: dt.date):
    """Whether the subject is there: an organization whose founding was only assumed may have been before."""
    if subject not in ("organization", "secretary"):
        return True
    life, is_assumed = lives[who]
    if life[1] is not None and life[1] <= on:
        return False
    if life[0] <= on:
        return True
    return None if is_assumed else False


def established_since(lives, who: int, since):
    if since is None:
        return None
    life, is_assumed = lives[who]
    if life[0] < since:
        return False
    return None if is_assumed else True


def both(a, b):
    return False if False in (a, b) else None if None in (a, b) else True


# -- into the database --------------------------------------------------------------------------------


def build(items, lives) -> tuple[list[Item], dict]:
    """The items (the last is the whole of the others), and the subjects by kind."""
    committees = [Committee.objects.create(kind="township", name=name) for name in ("甲乡", "乙乡", "丙乡")]
    bodies = [
        PartyOrganization.objects.create(
            committee=committees[n % 2], name=f"支部{n}", established_on=life[0], dissolved_on=life[1],
            established_precision="assumed" if is_assumed else "day",
        )
        for n, (life, is_assumed) in enumerate(lives)
    ]  # fmt: skip
    for n, body in enumerate(bodies):
        SecretaryTerm.objects.create(organization=body, name=f"书记{n}", start=LONG_AGO)
    subjects = {
        "enterprise": [make.enterprise(committees[n % 2]) for n in range(3)],
        "organization": bodies,
        "secretary": bodies,
        "instructor": [Instructor.objects.create(committee=committees[n % 2], name=f"指导员{n}") for n in range(3)],
        "member": [make.member(committees[n % 2], None) for n in range(3)],
        "committee": committees,
    }
    subject = items[0].subject
    total = Item.objects.create(code="a_whole", label="合计", subject=subject, shape="whole")
    rows = []
    for place, item in enumerate(items):
        row = Item.objects.create(
            code=f"an_item_{place}", label=f"事项{place}", subject=subject, shape=item.shape, lapse=item.lapse,
            months=item.months, whole=total, channels=["财政"] if item.shape == "amount" else [],
        )  # fmt: skip
        rows.append(row)
        _facts(item, row, subjects[subject])
    return [*rows, total], subjects


def _facts(item: Told, row: Item, owners) -> None:
    model, owner = FACTS[item.shape], OWNERS[item.subject]
    more = {"channel": "财政", "amount": 5} if item.shape == "amount" else {}
    for who, subject in enumerate(owners):
        person = f"书记{who}" if item.subject == "secretary" else ""
        for start, end, is_assumed in item.facts[who]:
            how = "assumed" if is_assumed else "day"
            told = {owner: subject, "code": row.code, "person": person, "start": start, "end": end, **more}
            model.objects.create(**told, start_precision=how)
        topic = f"state:{row.code}{f':{person}' if person else ''}"
        for each in item.said[who]:
            Filing.objects.create(
                subject=subject._meta.model_name, key=subject.pk, day=each, topics=joined([topic, f"{topic}x"])
            )
