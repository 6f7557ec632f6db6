"""One file with everything but the keys: a tar of rows, uploaded files and a manifest of their hashes, encrypted in the
age format (age-encryption.org/v1), which the program of that name reads too."""

import contextlib
import datetime as dt
import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from coverage_tracker.backups import rows
from coverage_tracker.startup import CHANGED, key_check, objections
from coverage_tracker.version import version

FORMAT = 1
SUFFIX = ".coverage-backup"
MANIFEST, ROWS, UPLOADS = "manifest.json", "rows.jsonl.gz", "uploads/"
NO_KEY = "没有 BACKUP_KEY，或它不是 manage.py make_keys 写的那种（AGE-SECRET-KEY-1…）。请检查密钥文件。"


class Unusable(Exception):
    """Why there is no backup, or why it cannot be restored, in Chinese."""


def _identity() -> Any:
    try:
        return pyrage.x25519.Identity.from_str(settings.BACKUP_KEY)
    except pyrage.IdentityError:
        raise Unusable(NO_KEY) from None


def make(folder: Path) -> Path:
    """Write a backup into `folder`, while others go on working; its path. Raises Unusable; a file that stands there
    under its name is whole."""
    identity = _identity()
    if against := objections():
        raise Unusable("没有备份：" + "；".join(against))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    taken = timezone.now()
    whole = folder / f"{timezone.localtime(taken):%Y%m%d-%H%M%S-%f}{SUFFIX}"
    part = whole.with_suffix(".part")
    try:
        # Without a name: whatever happens, nothing readable is left lying.
        with tempfile.TemporaryFile(dir=folder) as tar:
            _pack(tar, taken)
            tar.seek(0)
            with part.open("wb") as out:
                pyrage.encrypt_io(tar, out, [identity.to_public()])
                out.flush()
                os.fsync(out.fileno())
        part.rename(whole)
    finally:
        part.unlink(missing_ok=True)
    return whole


def _pack(out: BinaryIO, taken: dt.datetime) -> None:
    files: dict[str, str] = {}
    with (
        tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar,
        tempfile.TemporaryFile(dir=settings.VAR_DIR) as data,
    ):
        with gzip.GzipFile(fileobj=data, mode="wb", mtime=0, compresslevel=6) as packed:
            counts = rows.write(packed)  # type: ignore[arg-type]
        files[ROWS] = _add(tar, ROWS, data)
        # After the rows: a file that a row names was there before the row.
        root = Path(storages["default"].location)  # type: ignore[attr-defined]
        for path in sorted(root.rglob("*")) if root.is_dir() else []:
            # One that expires at this moment is missed by nobody.
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.suffix != ".part":
                    name = UPLOADS + path.relative_to(root).as_posix()
                    with path.open("rb") as file:
                        files[name] = _add(tar, name, file)
        manifest = {
            "format": FORMAT,
            "version": version(),
            "taken": taken.isoformat(),
            "database": connection.vendor,
            "schema": rows.schema(),
            "key_check": key_check(),
            "counts": counts,
            "files": files,
        }
        _add(tar, MANIFEST, io.BytesIO(json.dumps(manifest, ensure_ascii=False, indent=1).encode()))


def _add(tar: tarfile.TarFile, name: str, file: Any) -> str:
    """Put an open file into the archive; its sha-256."""
    file.seek(0, os.SEEK_END)
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = file.tell(), 0o600
    file.seek(0)
    hashed = _Hashed(file)
    tar.addfile(entry, hashed)
    return hashed.sha256.hexdigest()


class _Hashed:
    """A file that hashes what is read of it."""

    def __init__(self, file: BinaryIO):
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self.file.read(size)
        self.sha256.update(found)
        return found


class Backup:
    """An opened backup: decrypted, and every hash of its manifest compared."""

    def __init__(self, path: Path):
        """Raises Unusable: another key, a flipped byte, cut off, or of a newer program."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = tempfile.TemporaryFile(dir=settings.VAR_DIR)  # noqa: SIM115 - closed with the backup
        try:
            with path.open("rb") as source:
                pyrage.decrypt_io(source, self._file, [_identity()])
        except (pyrage.DecryptError, OSError) as error:
            # The library's own errors have no number.
            if isinstance(error, OSError) and error.errno:
                raise Unusable(f"读不了 {path}：{error.strerror}。") from None
            raise Unusable(
                f"{path.name} 打不开：BACKUP_KEY 不是做备份时的那一个，或者文件损坏了。"
                "请放回当时的密钥文件（保险柜里的那份），或换另一份备份。"
            ) from None
        self._file.seek(0)
        try:
            self._tar = tarfile.open(fileobj=self._file, mode="r:")  # noqa: SIM115
            self.manifest: dict[str, Any] = json.loads(self._bytes(MANIFEST).read())
        except (tarfile.TarError, KeyError, ValueError):
            raise Unusable(f"{path.name} 不是本系统的备份。") from None
        if self.manifest["format"] != FORMAT:
            raise Unusable(f"{path.name} 的格式比程序新，请用做备份的那个版本恢复。")
        self._compare(path)

    def _bytes(self, name: str) -> Any:
        found = self._tar.extractfile(name)
        if found is None:
            raise KeyError(name)
        return found

    def _compare(self, path: Path) -> None:
        held = {entry.name for entry in self._tar.getmembers()} - {MANIFEST}
        if held != self.manifest["files"].keys():
            raise Unusable(f"{path.name} 里的文件和清单对不上，没有恢复。")
        for name, sha256 in self.manifest["files"].items():
            if hashlib.file_digest(self._bytes(name), "sha256").hexdigest() != sha256:
                raise Unusable(f"{path.name} 里的 {name} 和清单的指纹不符，没有恢复。")

    def restore(self) -> dict[str, int]:
        """Put everything into an empty database and an empty folder of uploads; how many rows of each table. Raises
        Unusable before anything is written, or when a count does not agree."""
        root = Path(storages["default"].location)  # type: ignore[attr-defined]
        if self.manifest["key_check"] != key_check():
            raise Unusable(CHANGED)
        if root.is_dir() and any(root.iterdir()):
            raise Unusable(f"{root} 里已经有文件。只能恢复到空的地方，请移开它们，或改好 VAR_DIR 再来。")
        try:
            with gzip.GzipFile(fileobj=self._bytes(ROWS)) as lines:
                counts = rows.read(lines, self.manifest["schema"])
        except rows.DoesNotFit as misfit:
            raise Unusable(f"{misfit}。") from None
        for name in self.manifest["files"]:
            if name.startswith(UPLOADS):
                self._put(name, root / name.removeprefix(UPLOADS))
        if counts != self.manifest["counts"]:
            raise Unusable("恢复出来的行数和清单不符，请不要使用这个数据库，换另一份备份。")
        return counts

    def _put(self, name: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as out:
            source = self._bytes(name)
            while chunk := source.read(1 << 20):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())


def kept(folder: Path) -> list[Path]:
    """The whole backups in the folder, newest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True) if folder.is_dir() else []
