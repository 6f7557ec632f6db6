"""When each committee last handed a ledger in, for who asks committees/reporting.py."""

import datetime as dt

from django.db.models import Max, OuterRef, Q, Subquery

from committees.reporting import tells
from common.models import Filing
from enterprises.models import Jurisdiction
from ledgers.models import Upload

# How the reason of what the command imports begins: it keeps no upload.
BY_COMMAND = "命令行导入"


@tells
def last_committed(day: dt.date, known_at: dt.datetime | None) -> dict[int, dt.date]:
    """The newest ledger's day up to `day`, of those that were committed and not taken back since."""
    standing = Q(committed_at__isnull=False, undone_at__isnull=True)
    if known_at is not None:
        standing = Q(committed_at__lte=known_at) & (Q(undone_at__isnull=True) | Q(undone_at__gt=known_at))
    uploads = Upload.objects.filter(standing, committee__isnull=False, as_of__lte=day).order_by()
    found = dict(uploads.values_list("committee_id").annotate(last=Max("as_of")))
    said = (
        Filing.every.standing(known_at)
        .filter(subject="enterprise", key=OuterRef("enterprise_id"), day__lte=day, source__startswith=BY_COMMAND)
        .order_by()
    )
    rows = Jurisdiction.objects.live_on(day).order_by()
    rows = rows.annotate(last=Subquery(said.values("key").annotate(last=Max("day")).values("last")))
    for committee, last in rows.filter(last__isnull=False).values_list("committee_id").annotate(newest=Max("last")):
        found[committee] = max(last, found.get(committee, last))
    return found
