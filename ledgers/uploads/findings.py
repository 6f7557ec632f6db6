"""Everything that was found of an upload, in a packed file beside it: one line of JSON a finding."""

import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ledgers.models import Upload
from ledgers.process import Outcome

# How much of each kind stands in the upload's row for the page; all of it is in the file.
SHOWN = 100


def pack(outcome: Outcome) -> bytes:
    """The content of the file. Written line by line: a whole district's would take much memory at once."""
    groups: dict[str, Iterable] = {
        "problems": (problem._asdict() for problem in outcome.problems),
        "differences": (difference._asdict() for difference in outcome.differences),
        "same": outcome.same,
        "not_in_file": outcome.not_in_file,
        "findings": (finding._asdict() for finding in outcome.findings or []),
    }
    packed = io.BytesIO()
    with gzip.open(packed, "wt", compresslevel=5, encoding="utf-8", errors="replace") as lines:
        for name, found in groups.items():
            lines.writelines(f"{json.dumps([name, each], ensure_ascii=False)}\n" for each in found)
    return packed.getvalue()


def all_details(upload: Upload) -> dict[str, list]:
    """Every problem, difference, row that changes nothing, name not in the file, and finding; nothing when the file
    is gone."""
    found: dict[str, list] = defaultdict(list)
    if upload.details:
        with upload.details.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("{"):
                    # As files written before this one line a finding are: one object of lists.
                    found.update(json.loads(line))
                    continue
                name, each = json.loads(line)
                found[name].append(each)
    return found


def first_of_each(found: Sequence, by: str) -> tuple[list[dict], Counter[str]]:
    """The first SHOWN of each kind, and how many of each kind there are; `by`: what the kind is called."""
    seen: Counter[str] = Counter()
    kept = []
    for each in found:
        kind = getattr(each, by)
        seen[kind] += 1
        if seen[kind] <= SHOWN:
            kept.append(each._asdict())
    return kept, seen
