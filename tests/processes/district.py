"""A district with a database file, uploads and processes of its own, on SQLite as `make run` has it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Of everybody in it.
PASSWORD = "long-enough-1"
ROOT = Path(__file__).resolve().parents[2]


class District:
    """Runs commands of tests/processes/inside.py against the files in `folder`."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        # Of the committee's user, and which committee it is.
        self.cookies: dict = {}
        self.server: subprocess.Popen | None = None
        self.database = folder / "db.sqlite3"
        self.log = folder / "log"
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "DJANGO_SETTINGS_MODULE": "coverage_tracker.settings",
            "SECRET_KEY": "a-key-of-this-test-only-0123456789-abcdefghijklmnopqrstuv",
            "FINGERPRINT_KEY": "another-key-of-this-test-0123456789-abcdefghijklmnopqrstu",
            "SECOND_FACTOR": "0",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "0",
            "LOG_LEVEL": "DEBUG",
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
        }

    def start(self, *arguments: str) -> subprocess.Popen:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def run(self, command: str, *arguments: object, killed: bool = False) -> dict:
        """One command of inside.py and its answer; {} where it is to be killed, and was."""
        answer = self.folder / "answer.json"
        answer.unlink(missing_ok=True)
        process = self.start("-m", "tests.processes.inside", command, str(answer), *map(str, arguments))
        code = process.wait(timeout=600)
        assert code == (-9 if killed else 0), self.log.read_text()[-3000:]
        return {} if killed else json.loads(answer.read_text())

    def run_command(self, *arguments: str) -> None:
        """One command of manage.py."""
        assert self.start("manage.py", *arguments).wait(timeout=600) == 0, self.log.read_text()[-3000:]

    def workers(self) -> set[int]:
        """The processes of the workers that the server supervises."""
        found = set()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if self.server and parent == self.server.pid and b"worker" in (entry / "cmdline").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                # It ended meanwhile.
                continue
        return found

    def copy(self, folder: Path) -> "District":
        """The same at this moment, elsewhere."""
        shutil.copytree(self.folder, folder)
        made = District(folder)
        made.cookies = self.cookies
        return made

    @contextmanager
    def served(self, *more: str) -> Iterator[str]:
        """`manage.py serve` while the block runs; its address."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = self.server = self.start("manage.py", "serve", "--port", str(port), *more)
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=5)
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                raise AssertionError(self.log.read_text()[-3000:])
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)
