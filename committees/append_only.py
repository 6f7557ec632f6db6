"""The access log is written once: the database itself refuses to change or delete it, before it is old.

Set up after every migration (a table that SQLite makes anew loses its triggers), and asked for by the status page.
"""

from typing import Any

from django.db import connection

from committees.models import AccessLog

# Three years; 网络安全法 article 21 asks for six months at least. Older rows may be deleted, never changed.
KEPT_DAYS = 3 * 365
_TABLE = AccessLog._meta.db_table
_REFUSED = "the access log is append-only"

_SQLITE = {
    f"{_TABLE}_no_update": f"BEFORE UPDATE ON {_TABLE} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    f"{_TABLE}_no_delete": (
        f"BEFORE DELETE ON {_TABLE} WHEN OLD.at > datetime('now', '-{KEPT_DAYS} days') "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    ),
}
_POSTGRES = f"""
CREATE OR REPLACE FUNCTION {_TABLE}_append_only() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '{KEPT_DAYS} days' THEN RETURN OLD; END IF;
    RAISE EXCEPTION '{_REFUSED}';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {_TABLE}_no_change BEFORE UPDATE OR DELETE ON {_TABLE}
    FOR EACH ROW EXECUTE FUNCTION {_TABLE}_append_only();
CREATE OR REPLACE TRIGGER {_TABLE}_no_truncate BEFORE TRUNCATE ON {_TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION {_TABLE}_append_only();
"""


def protect(**kwargs: Any) -> None:
    """Have the database refuse changes of the log."""
    if _TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES)
            return
        for name, body in _SQLITE.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")


def unprotect() -> None:
    """Let the log be changed again: for what empties a test database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {_TABLE}_append_only() CASCADE")
            return
        for name in _SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def is_protected() -> bool:
    """Whether the database has what refuses changes of the log."""
    asked = {
        "postgresql": f"SELECT count(*) FROM pg_trigger WHERE tgname LIKE '{_TABLE}_no_%'",  # noqa: S608 - our own name
        "sqlite": f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{_TABLE}_no_%'",  # noqa: S608 - our own name
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return bool(cursor.fetchone()[0] >= len(_SQLITE))
