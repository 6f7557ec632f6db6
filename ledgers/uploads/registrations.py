"""What the regulator's lists say otherwise than the register, from one list to the next.

Whether a finding is open follows from the lists alone, in whatever order they are compared, compared anew or discarded:
the newest list of the same scope says it, or it is settled. What a person has decided stays as it is.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from committees.models import Committee
from common.batches import batches
from common.history import bulk_create_with_history, bulk_delete_with_history, bulk_update_with_history
from common.initials import NameKeyField
from common.today import today
from ledgers.codes import REGISTRATION_LIST
from ledgers.kinds.registration import NEW, RENAMED, Finding
from ledgers.models import FindingState, RegistrationFinding, Upload, UploadState
from ledgers.models.registrations import UNDECIDED

GONE = "新名单中已没有"
_Links = RegistrationFinding.said_by.through
# Where a list is placed among others: by its day, the later upload after the earlier.
_Place = tuple[dt.date, int]


def hold(upload: Upload, findings: Sequence[Finding] | None) -> None:
    """Keep what the list says; None: it says nothing (any more), it was refused or discarded. The upload is saved, with
    its day and state. Must run inside a transaction."""
    before = RegistrationFinding.objects.filter(said_by=upload)
    scopes: set[int | None] = set(before.order_by().values_list("committee_id", flat=True).distinct())
    if upload.kind == REGISTRATION_LIST:
        # Even one that found nothing has settled what it no longer shows.
        scopes.add(upload.committee_id)
    if not scopes:
        return
    # One list of a scope at a time.
    committees = Committee.objects.order_by("pk").select_for_update()
    list(committees if None in scopes else committees.filter(pk__in=scopes))
    _Links.objects.filter(upload=upload).delete()
    if findings is not None:
        _say(upload, findings)
    for scope in scopes:
        _place(scope)


def forget(enterprises: Iterable[int]) -> None:
    """Take back what was found of enterprises that are taken back themselves."""
    for keys in batches(enterprises):
        _delete(list(RegistrationFinding.objects.filter(enterprise__in=keys)), None)


def place_anew(finding: RegistrationFinding) -> None:
    """Nobody's decision holds any more: the lists say how it stands."""
    _place(finding.committee_id)


def subject_of(finding: Finding) -> str:
    """What makes two findings of a kind the same. Another new name of an enterprise is another one."""
    if finding.kind == NEW:
        return finding.code or _key(finding)
    return f"{finding.enterprise}:{_key(finding)}" if finding.kind == RENAMED else str(finding.enterprise)


def _key(finding: Finding) -> str:
    return NameKeyField.made_of(finding.name)


def _say(upload: Upload, findings: Sequence[Finding]) -> None:
    """Link what is known to the upload, and make what is not."""
    assert upload.as_of is not None
    told = {(each.kind, subject_of(each)): each for each in reversed(findings)}
    known: dict[tuple[str, str], RegistrationFinding] = {}
    # What somebody settled on the list's day or later answers the list; of what was settled before, it is news.
    holds = UNDECIDED | Q(state=FindingState.DISMISSED) | Q(settled_on__gte=upload.as_of)
    rows = RegistrationFinding.objects.filter(holds, committee=upload.committee).order_by("pk")
    for row in rows:
        if (row.kind, row.subject) in told and not _stands_before(known.get((row.kind, row.subject)), row):
            known[row.kind, row.subject] = row
    made: list[RegistrationFinding] = []
    changed: list[RegistrationFinding] = []
    for key, each in told.items():
        values = {"name": each.name[:300], "code": each.code, "detail": each.detail[:500]}
        held = known.get(key)
        if held is None:
            made.append(
                RegistrationFinding(
                    committee=upload.committee, kind=key[0], subject=key[1], enterprise_id=each.enterprise,
                    as_of=upload.as_of, upload=upload, **values,
                )
            )  # fmt: skip
        elif held.as_of <= upload.as_of and _is_undecided(held) and values != {n: getattr(held, n) for n in values}:
            for name, value in values.items():
                setattr(held, name, value)
            changed.append(held)
    reason = f"upload:{upload.pk}"
    bulk_create_with_history(made, RegistrationFinding, user=upload.user, reason=reason)
    fields = ["name", "name_key", "code", "detail"]
    bulk_update_with_history(changed, RegistrationFinding, fields, user=upload.user, reason=reason)
    said = [row.pk for row in made] + [row.pk for row in known.values()]
    for keys in batches(said):
        _Links.objects.bulk_create(_Links(registrationfinding_id=key, upload_id=upload.pk) for key in keys)


def _is_undecided(row: RegistrationFinding) -> bool:
    return row.state == FindingState.OPEN or (row.state == FindingState.SETTLED and row.settled_by_id is None)


def _stands_before(one: RegistrationFinding | None, other: RegistrationFinding) -> bool:
    """Whether `one` is what a list means, and not `other`: what is live goes before what somebody has settled."""
    return one is not None and one.settled_by_id is None and other.settled_by_id is not None


def _place(scope: int | None) -> None:
    """Settle and open what nobody has decided, as the lists of the scope say now."""
    newest = _newest_list(scope)
    sayers = _sayers(scope)
    gone, changed = [], []
    for row in RegistrationFinding.objects.filter(committee_id=scope):
        place, was = sayers.get(row.pk), (row.as_of, row.upload_id, row.state)
        if place is None:
            if _is_undecided(row):
                gone.append(row)
            continue
        row.as_of, row.upload_id = place
        if _is_undecided(row):
            says = newest is None or place >= newest
            row.state = FindingState.OPEN if says else FindingState.SETTLED
            if row.state != was[2]:
                row.settled_on, row.said = (None, "") if says else (today(), GONE)
        if (row.as_of, row.upload_id, row.state) != was:
            changed.append(row)
    fields = ["as_of", "upload", "state", "settled_on", "said"]
    bulk_update_with_history(changed, RegistrationFinding, fields, user=None, reason="登记名单核对")
    _delete(gone, None)


def _newest_list(scope: int | None) -> _Place | None:
    """The place of the newest list that says something for the scope, be it that nothing differs."""
    lists = Upload.objects.filter(committee_id=scope, kind=REGISTRATION_LIST, as_of__isnull=False)
    lists = lists.exclude(state__in=(UploadState.DISCARDED, UploadState.REFUSED))
    found: Any = lists.order_by("-as_of", "-pk").values_list("as_of", "pk").first()
    return found  # type: ignore[no-any-return]


def _sayers(scope: int | None) -> dict[int, _Place]:
    """Finding → the place of the newest list that says it."""
    found: dict[int, _Place] = {}
    links = _Links.objects.filter(registrationfinding__committee_id=scope)
    told: Any = links.values_list("registrationfinding_id", "upload__as_of", "upload_id")
    for key, as_of, upload in told.order_by("upload__as_of", "upload_id"):
        found[key] = (as_of, upload)
    return found


def _delete(rows: list[RegistrationFinding], user: Any) -> None:
    for some in batches(rows):
        _Links.objects.filter(registrationfinding__in=[row.pk for row in some]).delete()
    bulk_delete_with_history(rows, RegistrationFinding, user=user, reason="名单已作废")
