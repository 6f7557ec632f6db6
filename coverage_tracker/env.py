"""The settings' reader: django-environ reads; what is wrong is gathered and told at once, a line a variable, with what
to do; never a value that may be a secret."""

import ipaddress
import os
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
LONG_ENOUGH = 50


class Reader:
    """Reads variables of the environment, and of the file of keys beside it; `check` tells what was wrong."""

    def __init__(self) -> None:
        self.env = environ.Env()
        self.faults: list[str] = []

    def wrong(self, name: str, remedy: str) -> None:
        self.faults.append(f"{name}：{remedy}")

    def check(self) -> None:
        """Raise ImproperlyConfigured with a line for each variable that is wrong."""
        if self.faults:
            raise ImproperlyConfigured("\n".join(["设置有误，没有启动：", *self.faults]))

    def _read(self, name: str, default: Any, remedy: str, read: Callable[[str], Any]) -> Any:
        text = str(self.env.str(name, default="")).strip()
        if not text:
            return default
        try:
            return read(text)
        except (ValueError, KeyError, TypeError, ImproperlyConfigured):
            self.wrong(name, remedy)
            return default

    def flag(self, name: str, default: bool = False) -> bool:
        text = str(self.env.str(name, default="")).strip().lower()
        if name not in os.environ and not text:
            return default
        if text not in _YES | _NO:
            self.wrong(name, "只能填 1（是）或 0（否）")
        return text in _YES

    def number(self, name: str, default: int, least: int, most: int) -> int:
        def read(text: str) -> int:
            value = int(text)
            if not least <= value <= most:
                raise ValueError
            return value

        found: int = self._read(name, default, f"应为 {least} 到 {most} 之间的整数", read)
        return found

    def words(self, name: str) -> list[str]:
        return [part.strip() for part in str(self.env.str(name, default="")).split(",") if part.strip()]

    def level(self, name: str, default: str) -> str:
        def read(text: str) -> str:
            if text.upper() not in _LEVELS:
                raise ValueError
            return text.upper()

        return str(self._read(name, default, f"应为 {'、'.join(_LEVELS)} 之一", read))

    def hosts(self, name: str) -> list[str]:
        """Host names and addresses, without scheme, port and path."""
        found = self.words(name)
        for host in found:
            if host == "*":
                self.wrong(name, "不能用 *，请写明浏览器地址栏里的主机名，几个用逗号隔开")
            elif not re.fullmatch(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]", host):
                self.wrong(name, "只写主机名或 IP，不带 http://、端口和路径，如 fugai.example.gov.cn")
        return found

    def origins(self, name: str) -> list[str]:
        found = self.words(name)
        if any(not re.fullmatch(r"https?://[^/\s]+", origin) for origin in found):
            self.wrong(name, "每个都要带 https://，不带路径，如 https://fugai.example.gov.cn")
        return found

    def proxies(self, name: str) -> list[str]:
        """Addresses of trusted proxies, or `unix` for one on a socket."""
        found = self.words(name)
        for each in found:
            try:
                if each != "unix":
                    ipaddress.ip_network(each, strict=False)
            except ValueError:
                self.wrong(name, "应为代理服务器的 IP（如 127.0.0.1）或网段，几个用逗号隔开")
        return [each for each in found if each == "unix" or re.fullmatch(r"[0-9A-Fa-f.:/]+", each)]

    def folder(self, name: str, default: Path) -> Path:
        found = Path(str(self.env.str(name, default="")).strip() or default)
        if found.exists() and not found.is_dir():
            self.wrong(name, "不是目录，请换一个目录，或移开同名的文件")
        elif found.exists() and not os.access(found, os.W_OK | os.X_OK):
            self.wrong(name, "这个目录不能写，请把它的属主改成运行本系统的用户")
        return found

    def key(self, name: str, for_development: str) -> str:
        """A key: long and of many characters. `for_development`: in its place on a developer's machine, or ""."""
        found = str(self.env.str(name, default="")).strip() or for_development
        remedy = f"没有或太短（至少 {LONG_ENOUGH} 个随机字符）。请先执行 manage.py make_keys，它会写好密钥文件"
        if len(found) < LONG_ENOUGH or len(set(found)) < 10:
            self.wrong(name, remedy)
        return found

    def database(self, name: str, default: str, base: Path) -> dict[str, Any]:
        """A Django database entry. What stands behind ? is passed on to PostgreSQL's own library."""
        url = str(self.env.str(name, default="")).strip() or default
        remedy = "应为 sqlite:///路径 或 postgres://用户:密码@主机:端口/库名"
        known_scheme = url.startswith(("sqlite:///", "postgres://", "postgresql://"))
        try:
            found: dict[str, Any] = environ.Env.db_url_config(url) if known_scheme else {}
        except (ValueError, KeyError, TypeError, ImproperlyConfigured):
            found = {}
        if url.startswith("sqlite:///") and found.get("NAME") not in {None, "", ":memory:"}:
            if found.get("OPTIONS"):
                self.wrong(name, "sqlite 的路径后面不能带 ? 选项，请去掉")
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": base / found["NAME"]}
        if url.startswith("sqlite") or not found.get("NAME"):
            self.wrong(name, remedy)
            return {"ENGINE": "django.db.backends.dummy"}
        if find_spec("psycopg") is None:
            self.wrong(name, "没有装 PostgreSQL 的驱动，请先安装 requirements/postgres.txt 里的软件包")
            return {"ENGINE": "django.db.backends.dummy"}
        # Said at the start instead of at the first question.
        known = set(_LIBPQ)
        if strange := sorted(set(found.get("OPTIONS", {})) - known):
            self.wrong(name, f"? 后面的选项 {'、'.join(strange)} 不认识，请对照 PostgreSQL 的连接参数改正")
        options = found.get("OPTIONS", {})
        where = f"{found.get('HOST') or ''},{options.get('hostaddr', '')}"
        if ("service" in options or not all(map(is_here, where.split(",")))) and options.get(
            "sslmode"
        ) != "verify-full":
            # libpq would go on in the clear, with whoever answers.
            self.wrong(
                name,
                "数据库在另一台机器上，要加密并核对它的证书：在地址后面加 "
                "?sslmode=verify-full&sslrootcert=证书文件（docs/operations.md）",
            )
        return found


def is_here(host: str) -> bool:
    """Whether a host is this machine: a socket, its name, or an address that never leaves it."""
    if not host or host.startswith(("/", "%2F", "%2f", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


# The parameters of a connection that libpq takes and an address may carry (PostgreSQL 17, 32.1.2).
_LIBPQ = (
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "gssencmode", "hostaddr", "keepalives",
    "keepalives_count", "keepalives_idle", "keepalives_interval", "krbsrvname", "options", "passfile", "pool",
    "require_auth", "service", "sslcert", "sslcrl", "sslkey", "sslmode", "sslnegotiation", "sslpassword", "sslrootcert",
    "target_session_attrs", "tcp_user_timeout",
)  # fmt: skip
