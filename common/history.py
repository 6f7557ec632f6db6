"""Writing many tracked rows at once, each with its history row.

Django's bulk_create asks every field of every row how it is to be saved, and simple-history's makes an object of every
history row and sends it back to the database: together they cost more than the rows themselves. Here the values of the
plain columns go to the database as they are, and the database copies the rows that it has been given into the history:
a constant number of statements, whatever the number of rows. Must run inside a transaction.
"""

import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.utils import timezone

from common.batches import batches

# Fields whose values the drivers take as they stand; of others Django is asked.
_PLAIN = (
    models.AutoField,
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
)


def bulk_create_with_history(rows: Sequence[Any], model: type[models.Model], *, user: Any, reason: str) -> None:
    """Insert `rows` of `model`, which get their keys; each with a history row that says who and why."""
    bulk_insert(rows, model)
    _record(model, rows, "+", user, reason)


def bulk_update_with_history(
    rows: Sequence[Any], model: type[models.Model], fields: Sequence[str], *, user: Any, reason: str
) -> None:
    """Save `fields` of `rows`, which are in the database, each with a history row."""
    if rows and fields:
        saved: list[Any] = [model._meta.get_field(name) for name in fields]
        sets = ", ".join(f"{_name(field.column)} = %s" for field in saved)
        sql = f"UPDATE {_name(model._meta.db_table)} SET {sets} WHERE {_name(_key(model).column)} = %s"
        _many(sql, rows, [*map(_saver, saved), attrgetter("pk")])
    _record(model, rows, "~", user, reason)


def bulk_delete_with_history(rows: Sequence[Any], model: type[models.Model], *, user: Any, reason: str) -> None:
    """Delete saved `rows` of `model`, each with a history row.

    Nothing may refer to the rows any more: no cascade is followed.
    """
    _record(model, rows, "-", user, reason)
    if rows:
        among, keys = _among(model, rows)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {_name(model._meta.db_table)} WHERE {among}", [keys])


def bulk_insert(rows: Sequence[Any], model: type[models.Model]) -> None:
    """Insert `rows` of `model`, without history. Those without a key get one."""
    if not rows:
        return
    for row in rows:
        if row._state.fields_cache:
            # Owners that have got their keys since they were named.
            row._prepare_related_fields_for_save(operation_name="bulk_insert")
    _give_keys(model, [row for row in rows if row.pk is None])
    fields = model._meta.concrete_fields
    table, columns = _name(model._meta.db_table), ", ".join(_name(field.column) for field in fields)
    savers = list(map(_saver, fields))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([save(row) for save in savers])
    else:
        _many(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})", rows, savers)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _give_keys(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Take keys from the table's own sequence. On SQLite the transaction holds the only right to write."""
    if not rows:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [_name(table), _key(model).column, len(rows)])
            keys = [key for (key,) in cursor.fetchall()]
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            keys = list(range(last + 1, last + 1 + len(rows)))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key


def _record(model: type[models.Model], rows: Sequence[Any], kind: str, user: Any, reason: str) -> None:
    """Copy the rows as they stand in the database into the history table."""
    if not rows:
        return
    history = model.history.model  # type: ignore[attr-defined]
    tracked = [_name(field.column) for field in history.tracked_fields]
    said = {
        "history_date": connection.ops.adapt_datetimefield_value(timezone.now()),
        "history_type": kind,
        "history_change_reason": reason,
        "history_user": user and user.pk,
    }
    told = [_name(history._meta.get_field(name).column) for name in said]
    among, keys = _among(model, rows)
    sql = (
        f"INSERT INTO {_name(history._meta.db_table)} ({', '.join([*tracked, *told])}) "
        f"SELECT {', '.join(tracked)}, %s, %s, %s, %s FROM {_name(model._meta.db_table)} "
        f"WHERE {among} ORDER BY {_name(_key(model).column)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*said.values(), keys])


def _among(model: type[models.Model], rows: Sequence[Any]) -> tuple[str, Any]:
    """The condition that a row is one of `rows`, and its one parameter: a database takes a limited number of them."""
    column, keys = _name(_key(model).column), [row.pk for row in rows]
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", keys
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(keys)


def _many(sql: str, rows: Sequence[Any], savers: list[Callable[[Any], Any]]) -> None:
    with connection.cursor() as cursor:
        for some in batches(rows, 2_000):
            cursor.executemany(sql, [[save(row) for save in savers] for row in some])


def _saver(field: Any) -> Callable[[Any], Any]:
    """How a row's value of this field goes to the database."""
    stamped = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    own = type(field).pre_save not in (models.Field.pre_save, models.DateField.pre_save)
    if not isinstance(field, _PLAIN) or isinstance(field, models.DateTimeField) or stamped or own:
        return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)
    return attrgetter(field.attname)


def _key(model: type[models.Model]) -> Any:
    return model._meta.pk


def _name(name: Any) -> str:
    return connection.ops.quote_name(name)
