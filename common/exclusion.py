"""Overlap of periods refused by the database itself, where it can: PostgreSQL exclusion constraints.

On SQLite the functions that write, and Period.clean, refuse it.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations import RunPython


def no_overlap(app: str, model: str, owners: Sequence[str], was: Sequence[str] = ()) -> RunPython:
    """A migration step: no two rows of the model with the same `owners` (column names) may overlap.

    The constraint's index begins with the first of `owners`, and PostgreSQL takes it for every question about that
    column: name the one first that is asked about most. Deferred to the commit, so that one row may be closed and the
    next opened in any order. `was`: the owners of the constraint that this one replaces.
    """
    table = f"{app}_{model}"
    name = f"{table}_no_overlap"

    def add(schema_editor: Any, owners: Sequence[str]) -> None:
        columns = ", ".join(f"{owner} WITH =" for owner in owners)
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} "
            f'EXCLUDE USING gist ({columns}, daterange(start, "end") WITH &&) '
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def drop(schema_editor: Any) -> None:
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    def forwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            if was:
                drop(schema_editor)
            add(schema_editor, owners)

    def backwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            drop(schema_editor)
            if was:
                add(schema_editor, was)

    return RunPython(forwards, backwards)
