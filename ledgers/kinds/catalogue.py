"""What each kind of file is: its columns, how its rows are checked and what they say.

A sheet is of the kind by which most of its columns are understood; a kind may ask for more (`fits`).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import ModuleType

from committees.models import Committee
from common.periods import Period
from common.plan import Item, Subject
from enterprises.models import Headcount, MassOrganizationKind
from ledgers import codes
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Statement
from ledgers.kinds import (
    deeds,
    enterprise_ledger,
    instructor_roster,
    mass_sheet,
    organization_sheet,
    people,
    recognition_sheet,
)
from ledgers.kinds.checks import check_rows as check_enterprises
from ledgers.kinds.checks_rosters import (
    check_instructors,
    check_mass,
    check_organizations,
    check_people,
    check_registration,
)
from ledgers.kinds.deed_fields import ACTIVITY_FIELDS, AMOUNT, DUTY_FIELDS, TRAINING_FIELDS, funds_fields
from ledgers.kinds.enterprise_fields import FIELDS as ENTERPRISE_FIELDS
from ledgers.kinds.enterprise_fields import MASS_FIELDS as MASS_NAMES
from ledgers.kinds.item_fields import fields_of
from ledgers.kinds.kept import Values
from ledgers.kinds.organization_fields import FIELDS as ORGANIZATION_FIELDS
from ledgers.kinds.other_fields import INSTRUCTOR_FIELDS, MASS_FIELDS, REGISTRATION_FIELDS
from ledgers.kinds.people_fields import FIELDS as PEOPLE_FIELDS
from ledgers.kinds.recognition_fields import FIELDS as RECOGNITION_FIELDS
from ledgers.recognising.fields import Field
from ledgers.recognising.kind import Found, Layout, SheetKind
from ledgers.recognising.rows import Row
from ledgers.recognising.words import looks_like_enterprise


@dataclass(frozen=True)
class Kind(SheetKind):
    """`check` looks at the rows by themselves, `against` at a row beside the register, before anything is touched;
    `statements` tells what a good row says, `about` of which record, once it is said, and `kept` gives the
    committee's own of a day back as such rows. `models`: the dated facts that it speaks of. A row whose
    differences bring one of `begins` is a new one. A kind without statements is compared only."""

    check: Callable[[Sequence[Row], dt.date, dt.date], None]
    against: Callable[[Register, Row], None] | None = None
    statements: Callable[[Register, Row], Iterator[Statement]] | None = None
    about: Callable[[Register, Row], Record | None] | None = None
    kept: Callable[[Committee, dt.date], Iterator[Values]] | None = None
    models: tuple[type[Period], ...] = ()
    begins: frozenset[str] = frozenset()
    # What its records are called, for the counts on the screen.
    unit: str = "企业"

    @property
    def compared_only(self) -> bool:
        """Whether files of this kind are held against the register and never imported."""
        return self.statements is None


def _always(found: Found) -> bool:
    return True


_PLAIN = Layout()


def _kind(
    code: str,
    fields: tuple[Field, ...],
    key: str,
    check: Callable[[Sequence[Row], dt.date, dt.date], None],
    says: ModuleType | None,
    *begins: str,
    kept: Callable[[Committee, dt.date], Iterator[Values]] | None = None,
    fits: Callable[[Found], bool] = _always,
    unit: str = "企业",
    layout: Layout = _PLAIN,
) -> Kind:
    """A kind whose rows say what the module `says` tells."""
    shape = (code, codes.KINDS[code], fields, key, fits, layout)
    if says is None:
        return Kind(*shape, check)
    told = (says.against, says.statements, says.about, kept or says.kept, says.MODELS)
    return Kind(*shape, check, *told, frozenset(begins), unit)


_OF_ORGANIZATION = (
    "organization_kind",
    "organization_form",
    "established_on",
    "secretary_name",
    "secretary_source",
    "elected_on",
)
_OF_INSTRUCTOR = ("instructor_unit", "instructor_phone", "assigned_on")
_OF_ENTERPRISES = Layout(lone=looks_like_enterprise, of_places=True)
_LEDGER = Layout(
    lone=looks_like_enterprise,
    of_places=True,
    own_numbers=frozenset({*Headcount.NUMBERS, "members_total"}),
    identity=frozenset({"name", "credit_code"}),
    continues=frozenset({"organization_name", "instructor_name", *_OF_ORGANIZATION, *_OF_INSTRUCTOR}),
    several={"organization_name": _OF_ORGANIZATION, "instructor_name": _OF_INSTRUCTOR},
    shared_by_several=frozenset({"organization_kind", "organization_form", "instructor_unit", "assigned_on"}),
)
# One organization over several rows, an enterprise that it covers in each.
_SHEET = Layout(identity=frozenset({"name"}), continues=frozenset({"covered"}), asks_to_continue=False)
_ROSTER = Layout(
    identity=frozenset({"enterprises", "assigned_on", "ended_on"}),
    several={"instructor_name": ("instructor_unit", "instructor_phone", "full_time")},
    shared_by_several=frozenset({"instructor_unit", "full_time"}),
    repeats_key=True,
)


_MARKS_OF_A_REGISTRATION = {"approved_on", "authority", "capital"}


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


_DEEDS = Layout(repeats_key=True)


def _is_deed(found: Found) -> bool:
    """A sheet of deeds has their day, or money by channel."""
    return "happened_on" in found or any(name.startswith(AMOUNT) for name in found)


def _is_recognition(found: Found) -> bool:
    """A title, and since when or by which document."""
    return "award" in found and bool({"awarded_on", "document"} & set(found))


_MASS_BEGINS = [str(kind.label) for kind in MassOrganizationKind]
# Without the columns of items. In the order in which they are taken in: whom later ones refer to come first. Of two
# kinds that understand as many columns, the earlier of _SUREST is meant.
_FIXED: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        _kind(
            codes.ENTERPRISE_LEDGER, ENTERPRISE_FIELDS, "name", check_enterprises, enterprise_ledger, "企业",
            layout=_LEDGER,
        ),
        _kind(
            codes.ORGANIZATION_SHEET, ORGANIZATION_FIELDS, "name", check_organizations, organization_sheet, "党组织",
            unit="党组织", layout=_SHEET,
        ),
        _kind(
            codes.INSTRUCTOR_ROSTER, INSTRUCTOR_FIELDS, "instructor_name", check_instructors, instructor_roster,
            "指导员", "指导员派驻", fits=_is_instructors, unit="派驻", layout=_ROSTER,
        ),
        _kind(
            codes.MASS_SHEET, MASS_FIELDS, "name", check_mass, mass_sheet, *_MASS_BEGINS,
            fits=_is_mass, unit="群团组织的企业", layout=_OF_ENTERPRISES,
        ),
        _kind(
            codes.MEMBER_ROSTER, PEOPLE_FIELDS, "name", check_people, people, "人员",
            kept=people.kept_members, fits=_is_people, unit="人员",
        ),
        _kind(
            codes.ACTIVIST_ROSTER, PEOPLE_FIELDS, "name", check_people, people, "人员",
            kept=people.kept_activists, fits=_is_activists, unit="人员",
        ),
        *(
            Kind(
                code, codes.KINDS[code], fields, key, _is_deed, _DEEDS, deeds.check, deeds.against, says, deeds.about,
                kept, deeds.MODELS, unit=unit,
            )
            for code, fields, key, says, kept, unit in (
                (codes.ACTIVITY_RECORD, ACTIVITY_FIELDS, "name", deeds.activity, deeds.kept_activities, "活动"),
                (codes.FUNDS_SHEET, funds_fields([]), "name", deeds.funds, deeds.kept_funds, "党组织"),
                (codes.TRAINING_SHEET, TRAINING_FIELDS, "person", deeds.training, deeds.kept_trainings, "培训"),
                (codes.DUTY_SHEET, DUTY_FIELDS, "instructor_name", deeds.visit, deeds.kept_visits, "走访"),
            )
        ),
        _kind(
            codes.RECOGNITION_SHEET, RECOGNITION_FIELDS, "name", recognition_sheet.check, recognition_sheet,
            fits=_is_recognition, unit="称号", layout=_DEEDS,
        ),
        _kind(
            codes.REGISTRATION_LIST, REGISTRATION_FIELDS, "name", check_registration, None, fits=_is_registration,
            layout=_OF_ENTERPRISES,
        ),
    )
}  # fmt: skip
_SUREST = [codes.REGISTRATION_LIST, codes.MASS_SHEET, *_FIXED]
# Of whose items a kind has columns.
_ITEMS_OF = {
    codes.ENTERPRISE_LEDGER: (Subject.ENTERPRISE,),
    codes.ORGANIZATION_SHEET: (Subject.ORGANIZATION, Subject.SECRETARY),
    codes.INSTRUCTOR_ROSTER: (Subject.INSTRUCTOR,),
    codes.MEMBER_ROSTER: (Subject.MEMBER,),
}


def catalogue() -> dict[str, Kind]:
    """Every kind of file, with the columns of the plan's items as they are declared now: by its code, in the order in
    which they are taken in."""
    newest = Item.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return _with_items(newest or 0)


@lru_cache(maxsize=2)
def _with_items(version: int) -> dict[str, Kind]:
    """The kinds while the newest version of any item is this one."""
    items = list(Item.objects.recorded())
    found = dict(_FIXED)
    found[codes.FUNDS_SHEET] = replace(_FIXED[codes.FUNDS_SHEET], fields=funds_fields(items))
    for code, subjects in _ITEMS_OF.items():
        kind = _FIXED[code]
        more = fields_of([item for item in items if item.subject in subjects])
        # What stands last is a remark.
        found[code] = replace(kind, fields=(*kind.fields[:-1], *more, kind.fields[-1]))
    return found


def surest_first() -> list[Kind]:
    """The kinds, those with the narrowest demands first."""
    found = catalogue()
    return [found[code] for code in dict.fromkeys(_SUREST)]
