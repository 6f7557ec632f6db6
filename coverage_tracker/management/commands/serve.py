"""manage.py serve: the web process (waitress) and one supervised worker, in one command."""

import logging
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.db.utils import OperationalError

from coverage_tracker.startup import objections
from ledgers.uploads.expiry import expire
from ledgers.uploads.states import reap

logger = logging.getLogger(__name__)
SECONDS = 10.0
_A_DAY = 24 * 3600.0


class Worker:
    """Starts `manage.py db_worker`, starts it anew when it dies, and clears up after it."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._process: subprocess.Popen | None = None
        self._thread = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the worker; what it is at is broken off and can be retried."""
        self._stop.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _supervise(self) -> None:
        expired = -_A_DAY
        while not self._stop.is_set():
            if self._process is None or self._process.poll() is not None:
                command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "db_worker", "--interval", "0.3"]
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter on our own command
                    [*command, "--no-startup-delay", "--no-reload", "--verbosity", "0"], stdin=subprocess.DEVNULL
                )
            close_old_connections()
            try:
                reap()
                if time.monotonic() - expired >= _A_DAY:
                    expire()
                    expired = time.monotonic()
            except OperationalError:
                # The database is held by a commit; the next round will do.
                pass
            except Exception:
                # Whatever it is, workers must go on being supervised.
                logger.exception("clearing up failed")
            self._stop.wait(SECONDS)


class Command(BaseCommand):
    help = "Serve the product on HOST:PORT with one worker; collects static files first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--threads", type=int, default=8)
        parser.add_argument("--no-worker", action="store_true", help="workers are run elsewhere (manage.py db_worker)")

    def handle(self, *args: Any, **options: Any) -> None:
        from waitress import create_server

        if against := objections():
            raise CommandError("没有启动：" + "；".join(against))
        call_command(collectstatic.Command(), interactive=False, verbosity=0)
        # Only now: the static middleware lists the files when it is made.
        from coverage_tracker.wsgi import application

        server = create_server(
            application,
            host=options["host"],
            port=options["port"],
            threads=options["threads"],
            max_request_body_size=32 * 1024 * 1024,
            # Whom to believe is decided in one place, for every server (coverage_tracker/proxied.py).
            clear_untrusted_proxy_headers=False,
        )
        worker = Worker()
        if not options["no_worker"]:
            worker.start()
        signal.signal(signal.SIGTERM, lambda *_: server.close())
        self.stdout.write(f"已启动：http://{options['host']}:{options['port']}/  （按 Ctrl+C 停止）")
        try:
            server.run()
        finally:
            worker.stop()
