"""Random histories of a small district for the engine, what a person would count of them, and how what is unknown in
them might have been in truth."""

import datetime as dt
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from committees.models import Committee
from common.filings import denial_of, joined, topics_of
from common.models import Filing
from enterprises.models import BaseExclusion, Enterprise, Headcount, Jurisdiction, MassOrganization
from instructors.models import Assignment, Instructor
from organizations.models import Cover, PartyOrganization
from reports.rules import INSTRUCTOR, MASS_ORGANIZATION, MEMBER, Rules

BEGIN, DAYS, LONG_AGO = dt.date(2019, 12, 1), 120, dt.date(2019, 11, 1)
KINDS = ("union", "youth_league", "womens_federation")
FIGURES = (
    "enterprises", "organization_covered", "organization_uncovered", "work_covered", "work_uncovered", "assigned", "settled",
    "unsettled", "three_members", "due_to_establish", "employees_50_plus", "employees_50_plus_with_members",
    "employees_50_plus_without_members", "headcount_unknown", "mass_complete", "mass_incomplete",
)  # fmt: skip


def day(number: int) -> dt.date:
    return BEGIN + dt.timedelta(days=number)


number = st.integers(0, DAYS)
rules = st.builds(
    Rules,
    count_probationary=st.booleans(),
    work_routes=st.sets(st.sampled_from([MEMBER, MASS_ORGANIZATION])).map(lambda more: frozenset({INSTRUCTOR, *more})),
)


@st.composite
def period(draw):
    start = draw(number)
    length = draw(st.none() | st.integers(1, DAYS))
    return day(start), None if length is None else day(start + length)


@st.composite
def chain(draw):
    """Periods that follow each other without overlap."""
    cuts = sorted(draw(st.sets(number, min_size=1, max_size=4)))
    ends = [*cuts[1:], draw(st.none() | st.integers(DAYS + 1, DAYS + 9))]
    return [(day(a), None if b is None else day(b)) for a, b in zip(cuts, ends, strict=True)]


assumed = st.booleans()
some_days = st.lists(number.map(day), max_size=2)


@st.composite
def histories(draw):
    enterprises = []
    for _ in range(draw(st.integers(1, 3))):
        registered = draw(st.none() | number)
        closed = draw(st.none() | st.integers(registered or 0, DAYS))
        enterprises.append(
            {
                "registered": None if registered is None else day(registered),
                "closed": None if closed is None else day(closed),
                "exclusions": draw(st.just([]) | chain()),
                "jurisdictions": [(*span, draw(st.integers(0, 1))) for span in draw(st.just([]) | chain())],
                "covers": draw(st.lists(st.tuples(period(), st.integers(0, 2), assumed), max_size=3)),
                "said_uncovered": draw(some_days),
                "assignments": draw(st.lists(st.tuples(period(), assumed), max_size=2)),
                "headcounts": [
                    (*span, *(draw(st.none() | st.integers(*bounds)) for bounds in ((48, 51), (0, 4), (0, 2))))
                    for span in draw(st.just([]) | chain())
                ],
                "mass": {
                    kind: [
                        (*span, draw(st.sampled_from(["own", "joint", "not_applicable"])), draw(assumed))
                        for span in draw(st.just([]) | chain())[:2]
                    ]
                    for kind in KINDS
                },
                "said_of_mass": {kind: draw(some_days) for kind in KINDS},
            }
        )  # fmt: skip
    organizations = [(draw(period()), draw(assumed)) for _ in range(3)]
    return enterprises, organizations


# -- what a person would say of one enterprise ---------------------------------------------------------


def live(span, on: dt.date) -> bool:
    return span[0] <= on and (span[1] is None or span[1] > on)


def _organization(each, organizations, on):
    maybe = False
    for span, by, is_assumed in each["covers"]:
        life, life_assumed = organizations[by]
        if live(span, on) and live(life, on):
            return True
        there = (life[0] <= on or life_assumed) and (life[1] is None or life[1] > on)
        denied = any(on <= said < span[0] for said in each["said_uncovered"])
        maybe |= there and (live(span, on) or (is_assumed and on < span[0] and not denied))
    return None if maybe else False


def _assigned(each, on):
    if any(live(span, on) for span, _ in each["assignments"]):
        return True
    return None if any(is_assumed and on < span[0] for span, is_assumed in each["assignments"]) else False


def _mass(each, on):
    """By kind: form, "no", or None where nobody has said."""
    found = {}
    for kind in KINDS:
        rows = sorted(each["mass"][kind])
        form = next((form for *span, form, _ in rows if live(span, on)), None)
        said = any(said <= on for said in each["said_of_mass"][kind])
        known = said or any(start <= on for start, *_ in rows) or (bool(rows) and not rows[0][3])
        found[kind] = form or ("no" if known else None)
    return found


def _either(answers):
    return True if True in answers else None if None in answers else False


def flags(each, organizations, on: dt.date, rules: Rules) -> dict:
    live_rows = (row[2:] for row in each["headcounts"] if live(row, on))
    employees, full, probationary = next(live_rows, (None,) * 3)
    counted = [full, probationary] if rules.count_probationary else [full]
    enough = sum(number or 0 for number in counted) >= 3
    member = (full or 0) + (probationary or 0) >= 1
    has_member = True if member else None if None in (full, probationary) else False
    mass = _mass(each, on)
    routes = [_assigned(each, on)]
    if MEMBER in rules.work_routes:
        routes.append(has_member)
    if MASS_ORGANIZATION in rules.work_routes:
        routes += [None if form is None else form in ("own", "joint") for form in mass.values()]
    return {
        "organization": _organization(each, organizations, on),
        "assigned": routes[0],
        "assisted": _either(routes),
        "member": has_member,
        "three": True if enough else None if None in counted else False,
        "fifty": None if employees is None else employees >= 50,
        "counted": employees is not None,
        "mass": False if "no" in mass.values() else None if None in mass.values() else True,
    }


def said(known: dict) -> dict:
    """The figures to which an enterprise with these flags belongs, all of them known."""
    organization, work = known["organization"], known["organization"] or known["assisted"]
    settled = organization or (work and not known["three"])
    return {
        "enterprises": True,
        "organization_covered": organization,
        "organization_uncovered": not organization,
        "work_covered": work,
        "work_uncovered": not work,
        "assigned": known["assigned"],
        "settled": settled,
        "unsettled": not settled,
        "three_members": known["three"],
        "due_to_establish": known["three"] and not organization,
        "employees_50_plus": known["fifty"],
        "employees_50_plus_with_members": known["fifty"] and known["member"],
        "employees_50_plus_without_members": known["fifty"] and not known["member"],
        "headcount_unknown": not known["counted"],
        "mass_complete": known["mass"],
        "mass_incomplete": not known["mass"],
    }


def possible(each, organizations, on, rules) -> list[dict]:
    """The figures of one enterprise in every way in which its unknown flags may be."""
    found = flags(each, organizations, on, rules)
    unknown = [name for name, value in found.items() if value is None]
    ways = product((True, False), repeat=len(unknown))
    return [said({**found, **dict(zip(unknown, way, strict=True))}) for way in ways]


def in_base(each, on: dt.date) -> bool:
    spans = [
        *each["exclusions"], *each["jurisdictions"], *(cover[0] for cover in each["covers"]),
        *(row[0] for row in each["assignments"]), *each["headcounts"], *(row for kind in KINDS for row in each["mass"][kind]),
    ]  # fmt: skip
    begins = each["registered"] or min((span[0] for span in spans), default=None)
    if begins is None or begins > on or (each["closed"] and each["closed"] <= on):
        return False
    return not any(live(span, on) for span in each["exclusions"])


def brute_force(history, on: dt.date, rules: Rules) -> dict:
    """Every enterprise by itself: {committee or None, and "all": {figure: (how many surely, of how many unknown)}}."""
    enterprises, organizations = history
    answer: dict = {}
    for each in enterprises:
        if not in_base(each, on):
            continue
        ways = possible(each, organizations, on, rules)
        place = next((committee for *span, committee in each["jurisdictions"] if live(span, on)), None)
        for key in ("all", place):
            found = answer.setdefault(key, dict.fromkeys(FIGURES, (0, 0)))
            for figure in FIGURES:
                answers = {bool(way[figure]) for way in ways}
                sure, unknown = found[figure]
                found[figure] = (sure + (answers == {True}), unknown + (len(answers) == 2))
    return answer


def bounds(history, on: dt.date, rules: Rules, part: str, base: str) -> tuple[Fraction, Fraction] | None:
    """The least and the most that the rate can be, over all ways together; None where the base can be empty."""
    enterprises, organizations = history
    each_way = [
        {(bool(way[base]), bool(way[base] and way[part])) for way in possible(each, organizations, on, rules)}
        for each in enterprises
        if in_base(each, on)
    ]
    rates = []
    for ways in product(*each_way):
        of = sum(base for base, _ in ways)
        if not of:
            return None
        rates.append(Fraction(sum(part for _, part in ways), of))
    return (min(rates), max(rates)) if rates else None


# -- how it might have been in truth -------------------------------------------------------------------


@st.composite
def completions(draw, history):
    """The same history with everything that is unknown decided some way, as if it had been stated."""
    enterprises, organizations = history
    lives = [((LONG_AGO if is_assumed else life[0], life[1]), False) for life, is_assumed in organizations]

    def earlier(start: dt.date, first: dt.date) -> dt.date:
        return first + dt.timedelta(days=draw(st.integers(0, (start - first).days))) if first < start else start

    completed = []
    for each in enterprises:
        covers = []
        for (start, end), by, is_assumed in each["covers"]:
            last_no = max((said for said in each["said_uncovered"] if said < start), default=LONG_AGO)
            first = max(last_no + dt.timedelta(days=1), lives[by][0][0])
            covers.append(((earlier(start, first) if is_assumed else start, end), by, False))
        assignments = [
            ((earlier(start, LONG_AGO) if is_assumed else start, end), False)
            for (start, end), is_assumed in each["assignments"]
        ]
        mass, said_of = {}, {}
        for kind in KINDS:
            rows, days = sorted(each["mass"][kind]), each["said_of_mass"][kind]
            first_said, first_row = min(days, default=None), rows[0] if rows else None
            if first_row and first_row[3] and (first_said is None or first_row[0] <= first_said):
                start, end, form, _ = first_row
                rows = [(earlier(start, LONG_AGO), end, form, False), *rows[1:]]
            elif (first_row is None or first_row[3]) and draw(st.booleans()):
                rows = [(LONG_AGO, first_said, "own", False), *rows]
            mass[kind] = [(start, end, form, False) for start, end, form, _ in rows]
            said_of[kind] = [*days, LONG_AGO]
        completed.append(
            {**each, "covers": covers, "assignments": assignments, "mass": mass, "said_of_mass": said_of, "headcounts": _numbers(draw, each)}
        )  # fmt: skip
    return completed, lives


def _numbers(draw, each) -> list:
    """Numbers on every day: gaps filled, what is missing in a row decided."""
    rows, since = [], LONG_AGO

    def filled(start, end, known=(None,) * 3):
        drawn = (draw(st.integers(*bounds)) for bounds in ((48, 51), (0, 4), (0, 2)))
        return (start, end, *(other if value is None else value for value, other in zip(known, drawn, strict=True)))

    for start, end, *known in each["headcounts"]:
        if since is not None and since < start:
            rows.append(filled(since, start))
        rows.append(filled(start, end, known))
        since = end
    if since is not None:
        rows.append(filled(since, None))
    return rows


# -- into the database ---------------------------------------------------------------------------------


def _how(is_assumed: bool) -> str:
    return "assumed" if is_assumed else "day"


def build(enterprises, organizations) -> list[Committee]:
    committees = [Committee.objects.create(kind="township", name=name) for name in ("甲乡", "乙乡")]

    def body(span, is_assumed):
        name = f"支部{PartyOrganization.objects.count()}"
        return PartyOrganization.objects.create(
            committee=committees[0], name=name, established_on=span[0], established_precision=_how(is_assumed), dissolved_on=span[1]
        )  # fmt: skip

    bodies = [body(*each) for each in organizations]
    instructor = Instructor.objects.create(committee=committees[0], name="指导员")
    for index, each in enumerate(enterprises):
        made = Enterprise.objects.create(
            name=f"企业{index}", registered_on=each["registered"], closed_on=each["closed"]
        )
        _facts(made, each, committees)
        for (a, b), by, is_assumed in each["covers"]:
            # Overlapping covers by one organization cannot be stored; the random ones take another each.
            other = bodies[by]
            if Cover.objects.filter(organization=other, enterprise=made).overlapping(a, b).exists():
                other = body(*organizations[by])
            Cover.objects.create(organization=other, enterprise=made, start=a, end=b, start_precision=_how(is_assumed))
        for (a, b), is_assumed in each["assignments"]:
            person = instructor
            if Assignment.objects.filter(instructor=person, enterprise=made).overlapping(a, b).exists():
                person = Instructor.objects.create(committee=committees[0], name="另一位")
            Assignment.objects.create(
                instructor=person, enterprise=made, start=a, end=b, start_precision=_how(is_assumed)
            )
    return committees


def _facts(made: Enterprise, each, committees) -> None:
    BaseExclusion.objects.bulk_create(
        BaseExclusion(enterprise=made, start=a, end=b, reason="shell") for a, b in each["exclusions"]
    )
    Jurisdiction.objects.bulk_create(
        Jurisdiction(enterprise=made, start=a, end=b, committee=committees[c]) for a, b, c in each["jurisdictions"]
    )
    Headcount.objects.bulk_create(
        Headcount(enterprise=made, start=a, end=b, employees=e, full_members=f, probationary_members=p)
        for a, b, e, f, p in each["headcounts"]
    )
    for kind in KINDS:
        MassOrganization.objects.bulk_create(
            MassOrganization(enterprise=made, kind=kind, start=a, end=b, form=form, reason="无", start_precision=_how(is_assumed))
            for a, b, form, is_assumed in each["mass"][kind]
        )  # fmt: skip
    told = [(said, denial_of(Cover)) for said in each["said_uncovered"]]
    told += [(said, topics_of(MassOrganization, [kind])[0]) for kind in KINDS for said in each["said_of_mass"][kind]]
    Filing.objects.bulk_create(
        Filing(subject="enterprise", key=made.pk, day=said, topics=joined([topic])) for said, topic in told
    )
