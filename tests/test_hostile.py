"""Files that break spreadsheet readers, through the web upload: each ends as it must, cleanly.

The folders lie beside the repository only where it is built; a handful of our own stand in tests/test_reading.py.
"""

import csv
import resource
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from ledgers.models import Upload, UploadState
from organizations.models import Member

pytestmark = pytest.mark.django_db
HOSTILE = Path(settings.BASE_DIR).parent / "shared" / "hostile"
AS_OF = "2025-01-01"


def _expected() -> list[dict]:
    path = HOSTILE / "synthetic" / "expect.tsv"
    if not path.exists():
        return []
    return list(csv.DictReader(path.open(encoding="utf-8"), delimiter="\t"))


def _real() -> list[str]:
    folder = HOSTILE / "real"
    return sorted(path.name for path in folder.iterdir() if path.name != "SOURCES.tsv") if folder.exists() else []


def upload(client, path: Path) -> tuple[Upload | None, str]:
    """The upload that the web page made of the file (None: refused at the form), and the page that followed."""
    started = time.monotonic()
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answer = client.post("/ledgers/new/", {"file": file, "as_of": AS_OF, "committee": client.committee}, follow=True)
    assert answer.status_code in {200, 422}, path.name
    # A bound far above what is wanted (20 s a verdict); the reader's own limit is what is tested elsewhere.
    assert time.monotonic() - started < 60
    return Upload.objects.first(), answer.content.decode()


@pytest.fixture
def client_of_east(signed_in, cast, east):
    client = signed_in(cast.dong)
    client.committee = east.pk
    return client


@pytest.mark.skipif(not _expected(), reason="../shared/hostile is not here")
@pytest.mark.parametrize("row", _expected(), ids=lambda row: row["file"])
def test_made_on_purpose(client_of_east, row):
    found, _ = upload(client_of_east, HOSTILE / "synthetic" / row["file"])
    assert found is not None
    assert found.state in {UploadState.EXAMINED, UploadState.REFUSED}, found.note
    refused = found.state == UploadState.REFUSED
    if row["must"] == "REJECT":
        assert refused
    elif row["must"] == "ACCEPT":
        assert not refused and found.counts["read"] == int(row["rows"])
    if refused:
        assert found.problems and any("\u4e00" <= char <= "\u9fff" for char in found.problems[0]["message"])
        assert not Member.objects.exists()
        return
    assert found.counts["read"] == int(row["rows"])
    client_of_east.post(f"/ledgers/{found.pk}/commit/", {"acknowledged": "1", "skip_bad_rows": "1"})
    found.refresh_from_db()
    rejected = found.counts["rejected"]
    assert found.state == UploadState.COMMITTED or rejected == found.counts["read"], found.note
    assert Member.objects.count() == found.counts["read"] - rejected - found.counts["same"]
    names = list(Member.objects.values_list("name", flat=True))
    assert not any("\ufffd" in name or "root:" in name or name.startswith(("=", "#REF")) for name in names)


@pytest.mark.skipif(not _real(), reason="../shared/hostile is not here")
def test_real_and_odd(client_of_east):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in _real():
        found, _ = upload(client_of_east, HOSTILE / "real" / name)
        assert found is not None, name
        assert found.state in {UploadState.REFUSED, UploadState.EXAMINED, UploadState.COMPARED}, (
            name,
            found.state,
            found.note,
        )
        assert found.problems or found.state != UploadState.REFUSED, name
        Upload.objects.all().delete()
    # The reading is done in children: the worker itself must stay slim (KiB on Linux).
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024
