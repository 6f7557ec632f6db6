"""What two committees say differently: noted when somebody commits it, settled by the district, then applied."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from committees.models import Committee
from common.lives import cut
from common.periods import Precision
from common.text import name_key
from enterprises.models import Enterprise
from enterprises.transfer import transfer
from ledgers.comparing.claims import Claim
from ledgers.models import Conflict, ConflictKind, Upload
from ledgers.process import Outcome
from organizations.models import Member, PartyOrganization

CLAIMED, HELD = "claimed", "held"


def note(upload: Upload, outcome: Outcome) -> None:
    """Keep the file's conflicts as open ones."""
    for claim in outcome.claims:
        assert upload.committee is not None and outcome.as_of is not None
        raise_one(claim, upload.committee, outcome.as_of, upload)


def raise_one(claim: Claim, committee: Committee, day: dt.date, upload: Upload | None = None) -> None:
    """Keep one conflict as open, once. What was settled for the same words is not raised again."""
    words = {"claimed": claim.claimed, "held": claim.held}
    asked: dict[str, Any] = {"kind": claim.kind, "committee": committee, "subject": claim.subject}
    if Conflict.objects.filter(**asked, **words, settled_at__isnull=False).exists():
        return
    more = {**words, "holder_id": claim.holder_id, "name": claim.name, "upload": upload, "day": day}
    Conflict.objects.update_or_create(**asked, settled_at=None, defaults=more)


def decisions(conflict: Conflict) -> list[tuple[str, str]]:
    """(code, words) of how the conflict can be settled."""
    if conflict.kind == ConflictKind.TWO_DATES:
        return [(CLAIMED, f"按申报的：{conflict.claimed}"), (HELD, f"按登记的：{conflict.held}")]
    what = "这个人" if conflict.kind == ConflictKind.PERSON else "这家企业"
    return [(CLAIMED, f"{what}划归 {conflict.committee}"), (HELD, f"{what}仍归 {conflict.holder}")]


@transaction.atomic
def settle(conflict: Conflict, *, user: Any, decision: str, reason: str, on: dt.date | None) -> None:
    """Settle and apply. Raises ValidationError where what was decided cannot be done."""
    locked = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if locked.settled_at is not None:
        raise ValidationError("这个冲突已经处理过了。")
    if decision not in dict(decisions(locked)):
        raise ValidationError({"decision": "请选择怎样处理。"})
    if not reason.strip():
        raise ValidationError({"reason": "请写明理由。"})
    why = f"区委核定：{reason}"[:100]
    if locked.kind == ConflictKind.TWO_DATES:
        _apply_date(locked, locked.claimed if decision == CLAIMED else locked.held, why)
    elif decision == CLAIMED and locked.kind == ConflictKind.PERSON:
        _save(
            _still_there(Member.objects.select_for_update().filter(id_fingerprint=locked.subject)),
            why,
            committee=locked.committee,
        )
    elif decision == CLAIMED:
        enterprise = _still_there(Enterprise.objects.filter(credit_code=locked.subject))
        # From the ledger's date on: it is what the ledger says, and what it can then be imported by.
        transfer(enterprise, committee=locked.committee, on=on or locked.day)
    locked.decision, locked.reason = decision, reason
    locked.settled_by, locked.settled_at = user, timezone.now()
    locked.save()


def _still_there(rows: Any) -> Any:
    found = rows.first()
    if found is None:
        raise ValidationError("登记里已经没有这条记录（可能那次导入已撤回），请选“仍归”了结这个冲突。")
    return found


def _apply_date(conflict: Conflict, written: str, why: str) -> None:
    day = dt.date.fromisoformat(written[:10])
    bodies = PartyOrganization.objects.select_for_update().filter(name_key=name_key(conflict.subject))
    for body in bodies.filter(committee__in=[conflict.committee, conflict.holder]):
        if body.established_on != day:
            _save(body, why, established_on=day, established_precision=Precision.DAY)
            cut(body, why)


def _save(record: Any, why: str, **values: object) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record._change_reason = why
    record.full_clean()
    record.save()
