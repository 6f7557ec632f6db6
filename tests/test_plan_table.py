"""docs/plan.md is true: every clause has its record, figure, page and test, and every item of a clause is named."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from common.plan import Clause, Duty, Item

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
NOTHING = "—"


def _rows() -> dict[int, dict[str, str]]:
    text = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 5 and cells[0].isdecimal():
            found[int(cells[0])] = dict(zip(("clause", "record", "figure", "page", "test"), cells, strict=True))
    return found


def test_every_clause_has_its_row():
    assert sorted(_rows()) == list(Clause.objects.order_by("number").values_list("number", flat=True))


def test_every_clause_with_an_item_has_record_figure_page_and_test():
    rows = _rows()
    for duty in Duty.objects.select_related("item", "clause"):
        row = rows[duty.clause.number]
        assert duty.item.label in row["record"], (duty.clause.number, duty.item.label)
        assert NOTHING not in (row["record"], row["figure"], row["page"], row["test"]), duty.clause.number


def test_the_pages_and_tests_that_it_names_are_there():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for number, row in _rows().items():
        for page in row["page"].split(", ") if row["page"] != NOTHING else ():
            assert page in names, (number, page)
        for test in row["test"].split(", ") if row["test"] != NOTHING else ():
            path, _, function = test.partition("::")
            text = (ROOT / path).read_text(encoding="utf-8")
            assert not function or f"def {function}(" in text, (number, test)


def test_what_the_department_lists_as_items_is_in_the_catalogue():
    """The list that the plan's items were taken from lies beside the repository only where it is built."""
    listed = ROOT.parent / "shared" / "items.md"
    if not listed.exists():
        pytest.skip("the list of items is not here")
    known = [item.label for item in Item.objects.all()]
    known += [channel for item in Item.objects.all() for channel in item.channels]
    missing = []
    for line in listed.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) < 6 or cells[3].split(",")[0].split(" ")[0] not in ("state", "event", "amount"):
            continue
        # What is derived stands in italics, what explains in brackets.
        plain = re.sub(r"\*[^*]*\*|\([^)]*\)|（[^）]*）|[A-Za-z]+", "", cells[1])
        for part in filter(None, (re.sub(r"[^\w]", "", part) for part in plain.split("·"))):
            if not any(_reads_in(part.removeprefix("党建经费"), label) for label in known):
                missing.append(part)
    assert missing == []


def _reads_in(word: str, label: str) -> bool:
    """Whether the signs of the word stand in the label in their order: 刻公章 in 刻一枚公章."""
    signs = iter(label)
    return all(sign in signs for sign in word)
