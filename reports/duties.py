"""What a plan asks of whom, with its figures: every duty of an item, counted on a date in one statement a subject."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.plan import Duty, Item, Obligation, Plan
from reports.items import Catalogue, Ought, Tally, standing, summed, tallies
from reports.populations import OF_ITEMS, POPULATIONS, Asked, unknown_population


@dataclass(frozen=True)
class Counted:
    """A duty, and of those who ought to have its item who has it, has not, or may have."""

    duty: Duty
    tally: Tally

    @property
    def ought(self) -> Ought:
        return Ought(self.duty.item, self.duty.who)


def duties(plan: Plan | None) -> list[Duty]:
    """The duties of a plan in the order of its clauses and items; no stored one that means nothing breaks a page."""
    if plan is None:
        return []
    rows = Duty.objects.filter(clause__plan=plan).select_related("clause__plan", "item__whole")
    codes = set(Item.objects.values_list("code", flat=True)) if any(":" in duty.who for duty in rows) else set()
    return [duty for duty in rows if not unknown_population(duty.item.subject, duty.who, codes)]


def who_of(asked_for: Sequence[Duty]) -> dict[str, str]:
    """By the code of an item, who ought to have it by these duties: by the first clause that asks for it."""
    return {duty.item.code: duty.who for duty in reversed(asked_for)}


def duties_of(
    plan: Plan | None, asked: Asked, catalogue: Catalogue, committee_id: int | None = None, *, musts: bool = False
) -> list[Counted]:
    """Every duty of the plan with its figures in one committee, or in the district; `musts`: those that must be, a
    whole for its parts."""
    wanted = [duty for duty in duties(plan) if not musts or (duty.kind == Obligation.MUST and not duty.item.whole_id)]
    counted = count(wanted, asked, catalogue, committee_id)
    return [Counted(duty, counted.get(Ought(duty.item, duty.who).key, Tally())) for duty in wanted]


def count(
    wanted: Iterable[Duty], asked: Asked, catalogue: Catalogue, committee_id: int | None = None
) -> dict[str, Tally]:
    """By the key of what ought to be: the tally of one committee, or of the district."""
    by_subject: dict[str, dict[str, Ought]] = defaultdict(dict)
    for duty in wanted:
        each = Ought(duty.item, duty.who)
        by_subject[duty.item.subject][each.key] = each
    found: dict[str, Tally] = {}
    for subject, oughts in by_subject.items():
        groups = tallies(subject, list(oughts.values()), asked, catalogue)
        mine = groups.values() if committee_id is None else [groups.get(committee_id, {})]
        found |= summed(mine, list(oughts.values()))
    return found


def standing_of(subject: str, record_id: int, plan: Plan | None, asked: Asked) -> list[tuple[Duty, bool | None]]:
    """What the plan asks of one subject, and whether it has it (None: not known), parts with their whole."""
    wanted = [duty for duty in duties(plan) if duty.item.subject == subject]
    oughts = list({(each := Ought(duty.item, duty.who)).key: each for duty in wanted}.values())
    answers = standing(subject, record_id, oughts, asked, Catalogue())
    found: dict[str, tuple[Duty, bool | None]] = {}
    for duty in wanted:
        ought, has = answers.get(Ought(duty.item, duty.who).key, (False, None))
        if ought is not False:
            found.setdefault(duty.item.code, (duty, has if ought else None))
    return list(found.values())


def who_label(subject: str, who: str, labels: dict[str, str] | None = None) -> str:
    """The words for a population."""
    name, _, code = who.partition(":")
    if code and name in OF_ITEMS:
        everybody = next(iter(POPULATIONS[subject].values()))[0]
        return f"{OF_ITEMS[name].format((labels or {}).get(code, code))}{everybody}"
    found = POPULATIONS[subject].get(who)
    return found[0] if found else who
