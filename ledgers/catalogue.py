"""What each kind of file is: its columns, how its rows are checked and how they are taken in.

A sheet is of the kind by which most of its columns are understood; a kind may ask for more (`fits`).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ledgers import kinds
from ledgers.checks import check_rows as check_enterprises
from ledgers.checks_rosters import check_instructors, check_mass, check_organizations, check_people, check_registration
from ledgers.enterprise_fields import FIELDS as ENTERPRISE_FIELDS
from ledgers.enterprise_fields import MASS_FIELDS as MASS_NAMES
from ledgers.fields import Field
from ledgers.merge import merge as merge_enterprise
from ledgers.merge_people import merge_person
from ledgers.merge_rosters import merge_instructor_row, merge_mass_row, merge_organization_row
from ledgers.organization_fields import FIELDS as ORGANIZATION_FIELDS
from ledgers.other_fields import INSTRUCTOR_FIELDS, MASS_FIELDS, REGISTRATION_FIELDS
from ledgers.people_fields import FIELDS as PEOPLE_FIELDS
from ledgers.register import Register
from ledgers.rows import Row

# The names of the fields that were found, and the heading of each.
Found = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """`key` names the field that every row of the kind has. `merge` takes one good row in: True for a new
    record, False for a known one, None for a conflict; a kind without it is compared only."""

    code: str
    fields: tuple[Field, ...]
    key: str
    check: Callable[[Sequence[Row], dt.date, dt.date], None]
    merge: Callable[[Register, Row], bool | None] | None
    fits: Callable[[Found], bool] = lambda found: True
    # What its records are called, for the counts on the screen.
    unit: str = "企业"

    @property
    def label(self) -> str:
        return kinds.KINDS[self.code]

    @property
    def compared_only(self) -> bool:
        """Whether files of this kind are held against the register and never imported."""
        return self.merge is None

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}


_MARKS_OF_A_REGISTRATION = {"approved_on", "authority", "capital"}
_ABOUT_AN_ENTERPRISE = {"name", "credit_code", "serial", "remark", "village"}


def _is_registration(found: Found) -> bool:
    return bool(_MARKS_OF_A_REGISTRATION & set(found)) or "登记状态" in found.get("status", "")


def _is_mass(found: Found) -> bool:
    return len(set(MASS_NAMES) & set(found)) >= 2


def _is_instructors(found: Found) -> bool:
    heading = found.get("instructor_name", "")
    return (
        "enterprises" in found
        and ("企业" not in heading)
        and (
            any(word in heading for word in ("指导", "联络", "助理"))
            or "assigned_on" in found
            or "指导" in found["enterprises"]
        )
    )


def _is_activists(found: Found) -> bool:
    """The steps before joining have columns, joining has none."""
    return bool({"activist_on", "applied_on", "candidate_on"} & set(found)) and not {"joined_on", "full_on"} & set(
        found
    )


def _is_people(found: Found) -> bool:
    return not _is_activists(found)


# In the order in which they are taken in: whom later ones refer to come first. Of two kinds that
# understand as many columns, the earlier of _SUREST is meant.
CATALOGUE: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(kinds.ENTERPRISE_LEDGER, ENTERPRISE_FIELDS, "name", check_enterprises, merge_enterprise),
        Kind(
            kinds.ORGANIZATION_SHEET, ORGANIZATION_FIELDS, "name", check_organizations, merge_organization_row,
            unit="党组织",
        ),
        Kind(
            kinds.INSTRUCTOR_ROSTER, INSTRUCTOR_FIELDS, "instructor_name", check_instructors, merge_instructor_row,
            _is_instructors, unit="派驻",
        ),
        Kind(kinds.MASS_SHEET, MASS_FIELDS, "name", check_mass, merge_mass_row, _is_mass, unit="群团组织的企业"),
        Kind(kinds.MEMBER_ROSTER, PEOPLE_FIELDS, "name", check_people, merge_person, _is_people, unit="人员"),
        Kind(kinds.ACTIVIST_ROSTER, PEOPLE_FIELDS, "name", check_people, merge_person, _is_activists, unit="人员"),
        Kind(kinds.REGISTRATION_LIST, REGISTRATION_FIELDS, "name", check_registration, None, _is_registration),
    )
}  # fmt: skip
_SUREST = [kinds.REGISTRATION_LIST, kinds.MASS_SHEET, *CATALOGUE]


def surest_first() -> list[Kind]:
    """The kinds, those with the narrowest demands first."""
    return [CATALOGUE[code] for code in dict.fromkeys(_SUREST)]
