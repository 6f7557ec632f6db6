"""What docs/access.md says of limits and ways to sign in is what the code does."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from committees.accounts import gate
from common.desk.resources import FORMATS
from ledgers.pages.forms import ENDINGS

ROOT = Path(__file__).resolve().parent.parent
TOLD = (ROOT / "docs/access.md").read_text(encoding="utf-8")
LIMITS = re.findall(r"^\| .* \| (\d+) \| `([\w.]+)\.(\w+)` \|$", TOLD, re.MULTILINE)


def test_limits_are_told():
    assert len(LIMITS) >= 20


@pytest.mark.parametrize(("number", "module", "name"), LIMITS, ids=lambda each: each)
def test_each_number_is_the_codes(number, module, name):
    assert getattr(import_module(module), name) == int(number)


def test_kinds_of_files_and_the_length_of_sessions_are_the_codes():
    assert f"`{' '.join(ENDINGS)}`" in TOLD
    assert [each().get_extension() for each in FORMATS] == ["csv", "xlsx"]
    assert f"{gate.IDLE // 60} minutes without a request" in TOLD and f"{gate.LONGEST // 3600} hours" in TOLD
