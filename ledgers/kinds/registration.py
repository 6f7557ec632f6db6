"""The regulator's registration list held against the register: compared, never imported (clause 29).

新登记 is in the list and not in the register; 登记名单中没有 the other way round; 已注销 is closed in the
list and open here; 已迁出 has moved away. What to do about each is a person's decision; until then it stands
(ledgers/uploads/registrations.py).
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from committees.models import Committee
from common.batches import batches
from common.text import name_key, squeeze
from enterprises.models import Enterprise
from ledgers.kinds.enterprise_fields import CLOSED
from ledgers.models import FindingKind
from ledgers.recognising.rows import Row

NEW, MISSING, CLOSED_THERE, MOVED, RENAMED = "new", "missing", "closed", "moved", "renamed"
LABELS = dict(FindingKind.choices)


class Finding(NamedTuple):
    """One difference. `enterprise` is the key of the registered one, None when there is none to be shown."""

    kind: str
    sheet: str
    row: int | None
    name: str
    code: str
    detail: str
    enterprise: int | None


def compare_registrations(rows: list[Row], committee: Committee | None, as_of: dt.date) -> list[Finding]:
    """What the list says against the enterprises of the committee (of the district when None) on `as_of`.

    An enterprise that another committee answers for is neither new nor named.
    """
    mine = Enterprise.objects.all() if committee is None else Enterprise.objects.under(committee.pk, as_of)
    held = list(mine.only("name", "credit_code", "closed_on", "registered_on"))
    by_code = {each.credit_code: each for each in held if each.credit_code}
    by_name = {name_key(each.name): each for each in held}
    elsewhere = _elsewhere(rows, by_code)
    found: list[Finding] = []
    seen: set[int] = set()
    for row in rows:
        known = by_code.get(row.get("credit_code")) or by_name.get(name_key(row.get("name") or ""))
        if row.has_errors or row.repeats:
            # What such a row says does not count; that the enterprise stands in the list does.
            seen.update([] if known is None else [known.pk])
            continue
        if known is None:
            if row.get("credit_code") not in elsewhere and not _is_closed(row):
                found.append(_finding(NEW, row, _registered(row), None))
            continue
        seen.add(known.pk)
        found += _about(row, known, as_of)
    found += [
        Finding(MISSING, "", None, each.name, each.credit_code or "", "核对是否已注销、迁出或不属于本辖区", each.pk)
        for each in sorted(held, key=lambda each: each.name)
        if each.pk not in seen and (each.closed_on is None or each.closed_on > as_of)
    ]
    return found


def _elsewhere(rows: list[Row], mine: dict) -> set[str]:
    """The credit codes of the list that are registered, but not with us."""
    codes = [code for row in rows if (code := row.get("credit_code")) and code not in mine]
    found: set[str] = set()
    for batch in batches(codes):
        held = Enterprise.objects.filter(credit_code__in=batch)
        found.update(code for code in held.values_list("credit_code", flat=True) if code)
    return found


def _about(row: Row, known: Enterprise, as_of: dt.date) -> Iterable[Finding]:
    open_here = known.closed_on is None or known.closed_on > as_of
    if "迁出" in squeeze(row.written("status")):
        if open_here:
            yield _finding(MOVED, row, "登记机关记为迁出，请核对是否划转或注销", known.pk)
    elif _is_closed(row) and open_here:
        closed = row.get("closed_on")
        when = f"{closed.day} " if closed else ""
        yield _finding(CLOSED_THERE, row, f"{when}{row.written('status') or '注销'}，请在企业页点“注销”", known.pk)
    if name_key(known.name) != name_key(row.get("name")):
        yield _finding(RENAMED, row, f"登记的名称是“{known.name}”", known.pk)


def _is_closed(row: Row) -> bool:
    return row.get("status") == CLOSED or row.get("closed_on") is not None


def _registered(row: Row) -> str:
    registered = row.get("registered_on")
    said = [f"{registered.day} 成立" if registered else "", row.get("address") or ""]
    return "，".join(part for part in said if part)


def _finding(kind: str, row: Row, detail: str, enterprise: int | None) -> Finding:
    return Finding(kind, row.sheet, row.number, row.get("name"), row.get("credit_code") or "", detail, enterprise)
