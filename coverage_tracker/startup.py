"""What stands against serving: each in one line, before anybody is answered."""

import hashlib
import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from committees.models import KeyCheck
from common.full_disk import FULL, is_full

CHANGED = (
    "FINGERPRINT_KEY 与这个数据库登记时用的不同：用它核对不出任何人的身份证号。"
    "请把原来的密钥文件放回（保险柜里抄存的那份），不要换新的。"
)


def objections() -> list[str]:
    """Why the program must not serve on this database with these keys; nothing when all is well."""
    try:
        connection.ensure_connection()
        return schema_objections() or ([] if key_is_right() else [CHANGED])
    except DatabaseError as error:
        if is_full(error):
            return [f"{FULL}（{where()}）：请腾出空间。"]
        return [f"连不上数据库（{where()}）：请检查 DATABASE_URL、数据库是否启动、用户和密码。"]


def schema_objections() -> list[str]:
    """Whether the tables are those of the program: neither older nor newer."""
    executor = MigrationExecutor(connection)
    known, applied = set(executor.loader.disk_migrations), set(executor.loader.applied_migrations)
    if newer := sorted(f"{app}.{name}" for app, name in applied - known if app in executor.loader.migrated_apps):
        return [f"数据库比程序新（{newer[0]} 等 {len(newer)} 项）：请用升级后的程序，或恢复升级前的备份。"]
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return [f"数据库还没有升级（差 {len(waiting)} 项）：请先备份，再执行 manage.py migrate。"]
    return []


def key_check() -> str:
    """What a fingerprint key leaves in the database: it tells the key again, and nothing of it."""
    return hmac.new(settings.FINGERPRINT_KEY.encode(), b"fingerprint key", hashlib.sha256).hexdigest()


def key_is_right() -> bool:
    """Whether the fingerprint key is the one that the database was begun with; the first one is noted."""
    kept, _ = KeyCheck.objects.get_or_create(name="fingerprint", defaults={"value": key_check()})
    return hmac.compare_digest(kept.value, key_check())


def where() -> str:
    """The database without user and password."""
    said = connection.settings_dict
    return str(said["NAME"]) if connection.vendor == "sqlite" else f"{said['HOST'] or 'localhost'}/{said['NAME']}"
