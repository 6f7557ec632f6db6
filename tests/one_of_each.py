"""One record of each kind that has an address, of one committee: for the tests that go through every door."""

import datetime as dt
import hashlib

from django.core.files.base import ContentFile

from common.plan import Clause, Duty, Item, Plan
from ledgers.models import ColumnMapping, Conflict, RegistrationFinding, Upload, WordMeaning
from reports.models import Target
from tests import make

D = dt.date
SINCE = make.LONG_AGO


def one_of_each(committee, user, first, mark: str = "") -> dict[str, int]:
    """The keys of one record of each kind, by the first part of the name of its address. `first`: the committee's
    enterprise, which is covered and assisted. `mark` stands in every text that is the committee's own business."""
    content = f"企业名称,地址\n甲,{mark}乙\n".encode()
    digest = hashlib.sha256(content).hexdigest()
    upload = Upload(committee=committee, user=user, file_name=f"{mark}a.csv", sha256=digest, size=1, state="committed")
    upload.file.save("a.bin", ContentFile(content))
    said = {"committee": committee, "user": user}
    mapping = ColumnMapping.objects.create(**said, heading=f"{mark}x", shown=f"{mark}x", field="name")
    word = WordMeaning.objects.create(**said, kind="enterprise_ledger", field="status", word=f"{mark}x", shown=f"{mark}x", meaning="blank")  # fmt: skip
    conflict = Conflict.objects.create(
        kind="claimed", committee=committee, holder=committee, subject=f"{mark}x", name=f"{mark}x", claimed=f"{mark}x",
        held=f"{mark}y", day=SINCE,
    )  # fmt: skip
    found = {"committee": committee, "upload": upload, "as_of": SINCE, "detail": f"{mark}说明"}
    finding = RegistrationFinding.objects.create(**found, kind="new", subject=f"{mark}新公司", name=f"{mark}新公司")
    RegistrationFinding.objects.create(
        **found, kind="missing", subject=str(first.pk), name=first.name, enterprise=first, state="dismissed",
        said=f"{mark}理由", settled_by=user, settled_on=SINCE,
    )  # fmt: skip
    body = first.covers.get().organization
    person = make.member(committee, first)
    if mark:
        person.name, person.phone = f"{mark}党员", "13900009999"
        person.save()
        for name in ("legal_representative", "contact_name", "address", "remark"):
            setattr(first, name, f"{mark}{name}")
        first.save()
    duty = "direct" if committee.responsibles.exists() else "first"
    funds = {"code": "funds", "channel": "财政", "amount": 1, "start": D(2021, 1, 1), "end": D(2022, 1, 1)}
    return {
        "committee": committee.pk,
        "enterprise": first.pk,
        "upload": upload.pk,
        "mapping": mapping.pk,
        "word": word.pk,
        "conflict": conflict.pk,
        "registrationfinding": finding.pk,
        "partyorganization": body.pk,
        "organization": body.pk,
        "member": person.pk,
        "memberstage": person.stages.get().pk,
        "memberplacement": person.placements.get().pk,
        "formerenterprise": first.formers.create(name=f"{mark}旧名", start=SINCE, end=D(2015, 1, 1)).pk,
        "formerorganization": body.formers.create(kind="branch", start=SINCE, end=D(2015, 1, 1)).pk,
        "headcount": make.headcount(first, employees=5).pk,
        "massorganization": first.mass_organizations.create(kind="union", start=SINCE).pk,
        "jurisdiction": first.jurisdictions.get(end=None).pk,
        "baseexclusion": make.exclude(first, D(2020, 1, 1), D(2021, 1, 1)).pk,
        "exclusionrequest": first.exclusion_requests.create(reason="shell", evidence=f"{mark}核查", start=SINCE).pk,
        "nomination": body.nominations.create(code="double_strong_district", evidence=f"{mark}事迹").pk,
        "inspection": _inspection(body, mark).pk,
        "secretaryterm": body.secretary_terms.create(name=f"{mark}书记", start=SINCE).pk,
        "event": body.events.create(code="activity", note=mark, start=SINCE, end=SINCE + dt.timedelta(days=1)).pk,
        "amount": body.amounts.create(**funds, note=mark).pk,
        "liaison": body.liaisons.create(name=f"{mark}包某", start=SINCE).pk,
        "responsible": committee.responsibles.create(duty=duty, name=f"{mark}责某", start=SINCE).pk,
        "plan": Plan.objects.first().pk,
        "target": Target.objects.first().pk,
        "duty": Duty.objects.first().pk,
        "item": Item.objects.first().pk,
        "clause": Clause.objects.first().pk,
        "state": body.states.create(code="have_flag", note=mark, start=SINCE).pk,
        "phone": first.pk,
        "cover": first.covers.get().pk,
        "assignment": first.assignments.get().pk,
        "instructor": first.assignments.get().instructor_id,
    }


def _inspection(body, mark: str):
    """One that is overdue, so that it is counted among what is to be done."""
    days = {"inspected_on": D(2022, 1, 1), "due_on": D(2022, 2, 1)}
    return body.inspections.create(form="on_site", findings=f"{mark}问题", outcome=f"{mark}整改", **days)
