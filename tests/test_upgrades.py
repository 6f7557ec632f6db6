"""Databases of earlier versions are upgraded with their figures; what has landed does not change."""

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes.district import ROOT, District

VERSIONS = ROOT / "tests/versions"
_RESTORE = (
    "import sys, gzip, json, django; django.setup()\n"
    "from coverage_tracker.backups import rows\n"
    "rows.read(gzip.open(sys.argv[1]), json.load(gzip.open(sys.argv[2]))['schema'])\n"
)


@pytest.mark.parametrize("version", sorted(path.name[: -len(".json.gz")] for path in VERSIONS.glob("*.json.gz")))
def test_a_kept_database_is_upgraded_and_says_the_same(version, tmp_path):
    """The rows are those of a district with links of every kind, written by that version; the figures are what it said."""
    kept, told = VERSIONS / f"{version}.rows.jsonl.gz", VERSIONS / f"{version}.json.gz"
    district = District(tmp_path / "var")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=district.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    run("-c", _RESTORE, str(kept), str(told))
    run("manage.py", "migrate", "--verbosity", "0")
    for day, figures in json.loads(gzip.decompress(told.read_bytes()))["figures"].items():
        assert (
            json.loads(run("manage.py", "coverage", "--as-of", day, "--by", "committee", "--format", "json")) == figures
        )


def test_no_landed_migration_has_changed():
    """`tests/versions/migrations.sha256` grows with every version that lands:
    sha256sum */migrations/[0-9]*.py >tests/versions/migrations.sha256"""
    for line in (VERSIONS / "migrations.sha256").read_text().splitlines():
        sha256, name = line.split(maxsplit=1)
        path = ROOT / name
        assert path.is_file() and hashlib.sha256(Path(path).read_bytes()).hexdigest() == sha256, name
