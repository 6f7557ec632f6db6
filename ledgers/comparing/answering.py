"""Which committee answers for an enterprise: whoever's ledger names it, from the earliest day anything is known."""

import datetime as dt

from common.periods import Precision
from common.series import Since, begun, holds, live
from enterprises.models import Headcount, MassOrganization
from instructors.models import Assignment
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from organizations.models import Cover


def ensure_jurisdiction(register: Register, enterprise: Record) -> None:
    """The committee answers for the enterprise from the earliest day anything is known of it, unless another does."""
    series = register.jurisdiction(enterprise)
    if register.other_holder(enterprise) is not None:
        return
    earliest = enterprise["registered_on"] or _first_known(register, enterprise)
    if enterprise["closed_on"] is not None:
        earliest = min(earliest, enterprise["closed_on"])
    if not series.facts:
        how = enterprise["registered_precision"] if enterprise["registered_on"] else Precision.ASSUMED
        _answer(register, enterprise, Since(earliest, str(how)), quiet=True)
        return
    first = series.facts[0]
    if first.start > earliest:
        # An earlier founding date was learnt: someone must answer for those days too.
        moved = begun(series.facts, first, Since(earliest, first.how))
        register.put(series, moved or series.facts, first.start, quiet=first.of.pk is None)
    last = series.facts[-1]
    if live(series.facts, register.as_of) is None and last.end is not None:
        _answer(register, enterprise, Since(max(register.as_of, last.end)), quiet=False)


def _first_known(register: Register, enterprise: Record) -> dt.date:
    """The first day on which anything dated is known of the enterprise."""
    known = [
        fact.start
        for model in (Headcount, MassOrganization, Cover, Assignment)
        for each in register.of_owner(model, "enterprise", enterprise)
        for fact in each.facts
    ]
    return min([*known, register.as_of])


def _answer(register: Register, enterprise: Record, since: Since, *, quiet: bool) -> None:
    series = register.jurisdiction(enterprise)
    after = holds(series.facts, since.day, (register.committee_key,), since)
    register.put(series, after, since.day, quiet=quiet)
