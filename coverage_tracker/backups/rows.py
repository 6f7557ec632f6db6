"""Every row of the database as lines of JSON, and back: into another kind of database, and at the schema at which they
were written, whichever the program's is.

A line is the head of a table ({"table": label, "columns": [...]}) or a row of it ([...]). The same rows give the same
bytes on every database.
"""

import datetime as dt
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

# Whoever is signed in signs in again.
_LEFT_OUT = {"sessions.Session"}
_AT_ONCE = 2_000


class DoesNotFit(Exception):
    """Why rows cannot be put into this database, in Chinese."""


def _tables(of: Any) -> list[type[models.Model]]:
    """The models with rows of their own, by label; those between many and many too."""
    found = [
        model
        for model in of.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in _LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label)


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is read inside is of one moment, and nobody who writes has to wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Deferred: in WAL mode it reads and holds nobody up (Django's own would take the lock of writers).
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def write(out: BinaryIO) -> dict[str, int]:
    """Write all rows as they are at one moment; how many of each table."""
    counts: dict[str, int] = {}
    with _one_moment():
        for model in _tables(apps):
            columns = [field.attname for field in model._meta.concrete_fields]
            label = model._meta.label
            out.write(_line({"table": label, "columns": columns}))
            counts[label] = 0
            for row in model._base_manager.order_by("pk").values_list(*columns).iterator(_AT_ONCE):
                out.write(_line(row))
                counts[label] += 1
    return counts


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> str:
    # To the microsecond: by these moments it is told what was known when.
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    raise TypeError(type(value))


def schema() -> list[list[str]]:
    """The migrations that this database has."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def read(lines: Iterable[bytes], migrations: list[list[str]]) -> dict[str, int]:
    """Put rows into this database, which must be empty, at the schema of `migrations`; how many of each table. The
    caller migrates on from there. Raises DoesNotFit, and then nothing was written."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in migrations}
    if strange := sorted(wanted - set(executor.loader.disk_migrations)):
        raise DoesNotFit(
            f"备份来自更新的程序（{'.'.join(strange[0])} 等 {len(strange)} 项这里没有），请用那个版本或更新的程序恢复"
        )
    if tables := connection.introspection.table_names():
        raise DoesNotFit(f"数据库里已经有 {len(tables)} 个表。只能恢复到空的数据库，请另建一个，改好 DATABASE_URL 再来")
    graph = executor.loader.graph
    leaves = [
        node
        for node in sorted(wanted)
        if not any(child.key[0] == node[0] and child.key in wanted for child in graph.node_map[node].children)
    ]
    tables_then = _tables(executor.migrate(leaves).apps)
    with transaction.atomic():
        # What migrations have put there comes from the backup too.
        with connection.cursor() as cursor:
            for model in tables_then:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        return _put(lines, {model._meta.label_lower: model for model in tables_then})


def _put(lines: Iterable[bytes], tables: dict[str, type[models.Model]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for label, columns, rows in _by_table(lines):
        model = tables[label.lower()]
        fields = {field.attname: field for field in model._meta.concrete_fields}
        chosen = [fields[column] for column in columns]
        size = max(1, connection.ops.bulk_batch_size(chosen, [None] * _AT_ONCE))
        counts[label] = 0
        while batch := list(islice(rows, size)):
            made = [model(**{f.attname: _value(f, each) for f, each in zip(chosen, row, strict=True)}) for row in batch]
            # Raw: as it stands, without the “now” of fields that note when something was written.
            model._base_manager.all()._insert(made, fields=chosen, using="default", raw=True)  # type: ignore[attr-defined]
            counts[label] += len(made)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(statement)
    return counts


def _by_table(lines: Iterable[bytes]) -> Iterator[tuple[str, list[str], Iterator[list]]]:
    """The tables with their rows; the rows of one must be taken before the next."""
    source = iter(lines)
    head: Any = json.loads(next(source, b"null"))
    while head is not None:
        following: list = []

        def rows(after: list = following) -> Iterator[list]:
            for line in source:
                found = json.loads(line)
                if isinstance(found, dict):
                    after.append(found)
                    return
                yield found

        yield head["table"], head["columns"], rows()
        head = following[0] if following else None


def _value(field: Any, value: Any) -> Any:
    return value if isinstance(field, models.JSONField) else field.to_python(value)
