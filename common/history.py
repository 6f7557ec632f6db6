"""Writing many tracked rows at once, each with its history row.

simple-history's own bulk helpers make an object of every history row and send it back to the database, which costs
more than the rows themselves. Here the database copies the rows that it has just been given: one statement a batch.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models
from django.db.models import Value
from django.utils import timezone

from common.batches import BATCH, batches


def bulk_create_with_history(rows: Sequence[Any], model: type[models.Model], *, user, reason: str) -> None:
    """Insert `rows` of `model`, which get their keys; each with a history row that says who and why. Must run
    inside a transaction, as must all of these."""
    model._default_manager.bulk_create(rows, batch_size=BATCH)
    _record(model, rows, "+", user, reason)


def bulk_update_with_history(
    rows: Sequence[Any], model: type[models.Model], fields: Sequence[str], *, user, reason: str
) -> None:
    """Save `fields` of `rows`, which are in the database, each with a history row.

    An insert that turns into an update where the key is there: many times faster than a CASE of every field, as
    Django's bulk_update writes it.
    """
    if rows and fields:
        model._default_manager.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=fields
        )
    _record(model, rows, "~", user, reason)


def bulk_delete_with_history(rows: Sequence[Any], model: type[models.Model], *, user, reason: str) -> None:
    """Delete saved `rows` of `model`, each with a history row.

    Nothing may refer to the rows any more: no cascade is followed.
    """
    _record(model, rows, "-", user, reason)
    for keys in batches(row.pk for row in rows):
        gone = model._default_manager.filter(pk__in=keys)
        gone._raw_delete(gone.db)  # type: ignore[attr-defined]


def _record(model: type[models.Model], rows: Sequence[Any], kind: str, user, reason: str) -> None:
    """Copy the rows as they stand in the database into the history table."""
    history = model.history.model  # type: ignore[attr-defined]
    tracked = [field.name for field in history.tracked_fields]
    said = {"history_date": timezone.now(), "history_type": kind, "history_change_reason": reason, "history_user": user}
    fields = [history._meta.get_field(name) for name in (*tracked, *said)]
    values = [
        Value(getattr(value, "pk", value), output_field=getattr(field, "target_field", field))
        for field, value in zip(fields[len(tracked) :], said.values(), strict=True)
    ]
    for keys in batches(row.pk for row in rows):
        copied = model._base_manager.filter(pk__in=keys).order_by("pk").values_list(*tracked, *values)
        connection = connections[copied.db]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        sql, parameters = copied.query.get_compiler(copied.db).as_sql()
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {connection.ops.quote_name(history._meta.db_table)} ({columns}) {sql}", parameters
            )
