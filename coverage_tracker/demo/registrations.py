"""A list of the regulator in the demo, and what it says otherwise than the register: open, settled and dismissed."""

import datetime as dt
import random

from stdnum.cn import uscc

from committees.models import Committee, User
from committees.scope import Role
from common.today import today
from enterprises.models import Enterprise
from ledgers.codes import REGISTRATION_LIST
from ledgers.kinds.registration import CLOSED_THERE, MISSING, NEW, RENAMED, Finding
from ledgers.models import RegistrationFinding, Upload, UploadState
from ledgers.uploads.registrations import hold
from ledgers.uploads.settle_finding import dismiss, settle


def fill_registrations() -> None:
    """Needs the committees, their enterprises and the accounts in the database."""
    chance = random.Random(22)
    committee = Committee.objects.order_by("order")[0]
    user = User.objects.get(committee=committee, role=Role.COMMITTEE)
    as_of = today() - dt.timedelta(days=9)
    known = list(Enterprise.objects.under(committee.pk, as_of).filter(closed_on=None).order_by("pk"))
    closed, renamed, *missing = chance.sample(known, 5)
    found = [
        _new(number, name, as_of)
        for number, name in enumerate(("启明新材料有限公司", "远航供应链有限公司", "春和餐饮有限公司"), 1)
    ]
    found += [
        _of(CLOSED_THERE, closed, closed.name, f"{as_of} 注销，请在企业页点“注销”"),
        _of(RENAMED, renamed, f"示例{renamed.name}", f"登记的名称是“{renamed.name}”"),
        *(_of(MISSING, each, each.name, "核对是否已注销、迁出或不属于本辖区") for each in missing),
    ]
    upload = Upload.objects.create(
        committee=committee, user=user, file_name="演示登记名单.xlsx", size=0, kind=REGISTRATION_LIST, as_of=as_of,
        state=UploadState.COMPARED, counts={"read": len(known), "rejected": 0},
        findings=[each._asdict() for each in found],
    )  # fmt: skip
    # There is no file of it.
    Upload.objects.filter(pk=upload.pk).update(expired_at=upload.created_at)
    hold(upload, found)
    one, other = RegistrationFinding.objects.filter(kind=MISSING).order_by("pk")[:2]
    dismiss(one, said="仍在经营，登记机关漏列", by=user)
    settle(other, said="已与登记机关核对，下次名单更正", by=user)


def _new(number: int, name: str, as_of: dt.date) -> Finding:
    body = f"91999999{980_000_000 + number:09d}"
    return Finding(
        NEW,
        "名单",
        number,
        name,
        body + uscc.calc_check_digit(body),
        f"{as_of - dt.timedelta(days=20 * number)} 成立",
        None,
    )


def _of(kind: str, enterprise: Enterprise, name: str, detail: str) -> Finding:
    return Finding(kind, "名单", None, name, enterprise.credit_code or "", detail, enterprise.pk)
