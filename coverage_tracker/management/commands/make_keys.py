"""manage.py make_keys: the file of keys, made once."""

import os
import secrets
from typing import Any

import pyrage
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

_SAID = """# Made by manage.py make_keys. Keep a copy in a safe: without FINGERPRINT_KEY nobody is known again by an ID
# number, without BACKUP_KEY no backup can be read. SECRET_KEY may be changed; then everybody signs in anew.
"""


class Command(BaseCommand):
    help = "Write the file of keys (KEYS_FILE), readable by its owner only. An existing one is left as it is."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.KEYS_FILE
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(f"{path} 已经有了，没有改动。要换 SECRET_KEY 的，请编辑这个文件里的那一行。") from None
        with os.fdopen(file, "w", encoding="utf-8") as keys:
            keys.write(_SAID)
            keys.writelines(f"{name}={secrets.token_urlsafe(60)}\n" for name in ("SECRET_KEY", "FINGERPRINT_KEY"))
            keys.write(f"BACKUP_KEY={pyrage.x25519.Identity.generate()}\n")
        self.stdout.write(
            f"已写好密钥文件 {path}（只有属主能读）。请现在抄一份到保险柜，丢了就不能核对身份证号、不能恢复备份。"
        )
