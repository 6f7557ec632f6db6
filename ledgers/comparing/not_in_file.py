"""What is registered and not in the file: listed, never deleted."""

from common.series import live
from common.text import name_key
from ledgers.codes import ACTIVIST_ROSTER, ENTERPRISE_LEDGER, MEMBER_ROSTER, ORGANIZATION_SHEET
from ledgers.comparing.register import Register
from ledgers.recognising.table import Table
from organizations.models import MemberStage, Stage

_PARTY = {Stage.FULL.value, Stage.PROBATIONARY.value}


def not_in_file(register: Register, table: Table) -> list[str]:
    """The names of the committee's live records of the file's kinds that no row of it is about."""
    found: list[str] = []
    kinds = table.kinds
    if ENTERPRISE_LEDGER in kinds:
        found += _enterprises(register, table)
    if ORGANIZATION_SHEET in kinds:
        named = {name_key(row.get("name") or "") for row in table.rows if row.kind == ORGANIZATION_SHEET}
        found += [
            str(each)
            for key, each in register.organizations.items()
            if each.pk is not None and key not in named and each.is_live_on(register.as_of)
            if each not in register.named
        ]
    if kinds & {MEMBER_ROSTER, ACTIVIST_ROSTER}:
        found += _people(register, members=MEMBER_ROSTER in kinds, others=ACTIVIST_ROSTER in kinds)
    return sorted(found)


def _enterprises(register: Register, table: Table) -> list[str]:
    rows = [row for row in table.rows if row.kind == ENTERPRISE_LEDGER]
    seen = {key for row in rows for key in (row.get("credit_code"), name_key(row.get("name") or "")) if key}
    return [
        str(each)
        for each in register.mine
        if each["credit_code"] not in seen
        and name_key(each["name"]) not in seen
        and (each["closed_on"] is None or each["closed_on"] > register.as_of)
    ]


def _people(register: Register, *, members: bool, others: bool) -> list[str]:
    """A roster of members need not hold the activists, and the other way round."""
    found = []
    for person in register.people.mine:
        held = live(register.series(MemberStage, person).facts, register.as_of)
        asked = held is not None and (members if held.value[0] in _PARTY else others)
        if asked and person not in register.named:
            found.append(str(person))
    return found
