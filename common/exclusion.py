"""Overlap of periods refused by the database itself, where it can: PostgreSQL exclusion constraints.

On SQLite the functions that write, and Period.clean, refuse it.
"""

from collections.abc import Sequence

from django.db.migrations import RunPython


def no_overlap(app: str, model: str, owners: Sequence[str]) -> RunPython:
    """A migration step: no two rows of the model with the same `owners` (column names) may overlap.

    Deferred to the commit, so that one row may be closed and the next opened in any order.
    """
    table = f"{app}_{model}"
    name = f"{table}_no_overlap"
    columns = ", ".join(f"{owner} WITH =" for owner in owners)

    def add(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} "
                f'EXCLUDE USING gist ({columns}, daterange(start, "end") WITH &&) '
                "DEFERRABLE INITIALLY DEFERRED"
            )

    def drop(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    return RunPython(add, drop)
