"""A full disk: known by what the system and both databases raise, told in the same words everywhere."""

import errno
import shutil
import sqlite3

from django.conf import settings

FULL = "服务器的磁盘满了"
REMEDY = "数据没有改动。请告诉系统管理员，腾出空间后再试一次。"
# With less than this not even a row can be written for sure: SQLite adds whole pages to three files.
LEAST = 1 << 20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What SQLite also says when it cannot make its files beside the database larger: only then the disk is asked.
_PERHAPS = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_POSTGRES_DISK_FULL = "53100"


def is_full(error: BaseException | None) -> bool:
    """Whether `error`, or what it comes from, was raised because nothing more can be written."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        # The code of the kind; the other bits say where it happened.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL or (code in _PERHAPS and has_no_room()):
            return True
        if getattr(error, "sqlstate", None) == _POSTGRES_DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def has_no_room() -> bool:
    """Whether the disk of the database and the uploads is full at this moment."""
    try:
        return shutil.disk_usage(settings.VAR_DIR).free < LEAST
    except OSError:
        # No such folder: nothing of ours is there.
        return False
