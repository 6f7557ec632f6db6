"""When each committee last handed a ledger in, for who asks committees/reporting.py."""

import datetime as dt

from django.db.models import Max, Q

from committees.reporting import tells
from ledgers.models import Upload


@tells
def last_committed(day: dt.date, known_at: dt.datetime | None) -> dict[int, dt.date]:
    """Of the uploads that were committed, and not taken back since, the newest ledger's day up to `day`."""
    standing = Q(committed_at__isnull=False, undone_at__isnull=True)
    if known_at is not None:
        standing = Q(committed_at__lte=known_at) & (Q(undone_at__isnull=True) | Q(undone_at__gt=known_at))
    rows = Upload.objects.filter(standing, committee__isnull=False, as_of__lte=day)
    return dict(rows.order_by().values_list("committee_id").annotate(last=Max("as_of")))
