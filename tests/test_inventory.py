"""docs/data-inventory.md says of every table and every column of words what it is, and is what the models say."""

from pathlib import Path

from coverage_tracker.inventory import COLUMNS, SENSITIVE, document, missing, outdated


def test_every_table_and_column_of_words_is_in_the_inventory():
    assert missing() == [] and outdated() == []


def test_the_document_is_what_the_models_say():
    kept = (Path(__file__).parent.parent / "docs" / "data-inventory.md").read_text(encoding="utf-8")
    assert kept == document(), "manage.py data_inventory > docs/data-inventory.md"


def test_what_says_who_belongs_to_the_party_is_sensitive():
    assert all(COLUMNS[f"organizations.Member.{name}"].kind == SENSITIVE for name in ("name", "born_on"))
