"""The mass-organization sheet: union, youth league and women's federation of registered enterprises (clause 14)."""

import datetime as dt
from collections.abc import Iterator

from committees.models import Committee
from common.text import name_key
from enterprises.models import Enterprise, MassOrganization, MassOrganizationForm
from ledgers.comparing.answering import ensure_jurisdiction
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Statement
from ledgers.kinds.enterprise_fields import MASS_CELLS
from ledgers.kinds.enterprise_ledger import about, mass_organizations
from ledgers.kinds.kept import RECORD, Values, as_cell, by_owner, open_enterprises
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row

MODELS = (MassOrganization,)


def against(register: Register, row: Row) -> None:
    """Report an enterprise that is not registered, or not ours."""
    enterprise = about(register, row)
    if enterprise is None:
        row.report(ERROR, "name", f"企业名称：“{row.get('name')}”没有在本单位登记，请先导入企业台账或改正名称")
    elif enterprise.pk is not None and (enterprise not in register.mine or register.other_holder(enterprise)):
        row.report(ERROR, "name", f"企业名称：“{row.get('name')}”不由本单位管理，请核对")
    elif enterprise is register.by_code.get(row.get("credit_code") or "") and name_key(enterprise["name"]) != name_key(
        row.get("name")
    ):
        row.report(WARNING, "name", f"企业名称：登记的是“{enterprise}”，按信用代码认作它；改名请用企业台账")


def statements(register: Register, row: Row) -> Iterator[Statement]:
    """What the row says."""
    enterprise = about(register, row)
    assert enterprise is not None
    yield from mass_organizations(register, enterprise, row, quiet=False)
    ensure_jurisdiction(register, enterprise)


def kept(committee: Committee, day: dt.date) -> Iterator[Values]:
    """The committee's own of `day`, as rows of this form."""
    held = by_owner(
        MassOrganization.objects.live_on(day).filter(enterprise__in=Enterprise.objects.under(committee.pk, day)),
        "enterprise",
    )
    for number, row in enumerate(open_enterprises(committee, day), 1):
        values: Values = {
            RECORD: (Enterprise, row.pk),
            "serial": number,
            "name": row.name,
            "credit_code": row.credit_code,
        }
        for each in held[row.pk]:
            if each.form == MassOrganizationForm.NOT_APPLICABLE:
                values[f"{each.kind}_reason"] = each.reason
            else:
                values[each.kind] = MASS_CELLS.get(each.form, True)
                values[f"{each.kind}_on"] = as_cell(each.start, each.start_precision)
        yield values
