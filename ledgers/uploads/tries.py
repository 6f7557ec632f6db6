"""Second tries: a file that mends an earlier one of the same ledger hangs on it, and says how much is mended."""

from collections import Counter

from ledgers.models import WAITING, Upload, UploadState
from ledgers.process import Outcome
from ledgers.recognising.problems import BLOCKING, Problem
from ledgers.uploads.findings import all_details


def hang_on_the_first(upload: Upload, outcome: Outcome) -> None:
    """Find the earlier file that this one mends: of the same committee, kind and day, and open or with rows left out.
    What was wrong in it and is not here any more is mended. The upload is not saved; the earlier one waits no more."""
    if upload.committee_id is None or not upload.kind or upload.as_of is None or outcome.staging is None:
        return
    earlier = Upload.objects.filter(
        committee=upload.committee, kind=upload.kind, as_of=upload.as_of, created_at__lt=upload.created_at
    ).exclude(sha256=upload.sha256)
    found = None
    for each in earlier.order_by("-created_at")[:5]:
        if each.state in WAITING or (each.state == UploadState.COMMITTED and each.skipped_bad_rows):
            found = each
            break
    if found is None:
        return
    before = Counter(_mark(problem) for problem in _problems(found) if problem.level in BLOCKING)
    left = Counter(_mark(problem) for problem in outcome.problems if problem.level in BLOCKING)
    # What mends nothing is another ledger, not a second try.
    if mended := sum((before - left).values()):
        upload.follows, upload.mended = found, mended


def _problems(upload: Upload) -> list[Problem]:
    return [Problem(**each) for each in all_details(upload)["problems"]]


def _mark(problem: Problem) -> tuple:
    """What makes two problems the same, wherever their rows stand now."""
    return problem.column, problem.value, problem.message
