"""The file as it was uploaded: there, whole, or what has become of it."""

from pathlib import Path

from common.durable import is_intact
from common.full_disk import FULL, REMEDY
from ledgers.models import Upload
from ledgers.process import Refused

EXPIRED = "原文件过了保存期，已经删除；需要时请重新上传。"
MISSING = "原文件不在服务器上了（没有过保存期）：请重新上传，并告诉系统管理员检查磁盘和备份。"
DAMAGED = "原文件损坏了（与收到时的指纹不符，可能断过电）：没有读取，请重新上传，并告诉系统管理员。"
NOT_TAKEN = f"{FULL}，没有收下文件，{REMEDY}"
NOT_DONE = f"{FULL}，没有办成，{REMEDY}"


def original(upload: Upload) -> Path:
    """Where the whole original lies. Raises Refused with what has become of it."""
    if upload.expired_at is not None:
        raise Refused(EXPIRED)
    path = Path(upload.file.path) if upload.file else None
    try:
        if path is None or not is_intact(path, upload.sha256):
            raise Refused(DAMAGED if path is not None else MISSING)
    except OSError:
        raise Refused(MISSING) from None
    return path
