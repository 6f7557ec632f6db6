"""What is registered and not in the file: listed, never deleted."""

from common.text import name_key
from ledgers.kinds import ACTIVIST_ROSTER, ENTERPRISE_LEDGER, MEMBER_ROSTER, ORGANIZATION_SHEET
from ledgers.register import Register
from ledgers.table import Table
from organizations.models import Member, MemberStage, PartyOrganization, Stage

_PARTY = {Stage.FULL.value, Stage.PROBATIONARY.value}


def not_in_file(register: Register, table: Table) -> list[str]:
    """The names of the committee's live records of the file's kinds that no row of it is about."""
    found: list[str] = []
    kinds = {kind.code for kind in table.kinds}
    if ENTERPRISE_LEDGER in kinds:
        found += _enterprises(register, table)
    if ORGANIZATION_SHEET in kinds:
        named = {name_key(row.get("name") or "") for row in table.rows if row.kind == ORGANIZATION_SHEET}
        found += [
            each.name
            for key, each in register.organizations.items()
            if each.pk is not None and key not in named and each.is_live_on(register.as_of)
            if (PartyOrganization, each.pk) not in register.named
        ]
    if kinds & {MEMBER_ROSTER, ACTIVIST_ROSTER}:
        found += _people(register, members=MEMBER_ROSTER in kinds, others=ACTIVIST_ROSTER in kinds)
    return sorted(found)


def _enterprises(register: Register, table: Table) -> list[str]:
    rows = [row for row in table.rows if row.kind == ENTERPRISE_LEDGER]
    seen = {key for row in rows for key in (row.get("credit_code"), name_key(row.get("name") or "")) if key}
    return [
        enterprise.name
        for pk in register.mine
        if (enterprise := register.enterprises[pk]).credit_code not in seen
        and name_key(enterprise.name) not in seen
        and (enterprise.closed_on is None or enterprise.closed_on > register.as_of)
    ]


def _people(register: Register, *, members: bool, others: bool) -> list[str]:
    """A roster of members need not hold the activists, and the other way round."""
    found = []
    for pk in register.members.mine:
        person = register.members.all[pk]
        stages = register.members.facts(MemberStage, person)
        live = next((each for each in stages if each.is_live_on(register.as_of)), None)
        asked = live is not None and (members if live.stage in _PARTY else others)
        if asked and (Member, pk) not in register.named:
            found.append(person.name)
    return found
