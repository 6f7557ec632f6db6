"""manage.py serve: the web process (waitress) and one supervised worker, in one command."""

import shutil
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.full_disk import FULL, is_full
from coverage_tracker.refused import REQUEST_BYTES
from coverage_tracker.serving import Supervised, run
from coverage_tracker.startup import objections

# As much as a ledger or an export has.
IN_MEMORY = 8 * 1024 * 1024


class Command(BaseCommand):
    help = "Serve the product on HOST:PORT with one worker; collects static files first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--threads", type=int, default=8)
        parser.add_argument("--no-worker", action="store_true", help="workers are run elsewhere (manage.py worker)")

    def handle(self, *args: Any, **options: Any) -> None:
        from waitress import create_server

        if against := objections():
            raise CommandError("没有启动：" + "；".join(against))
        try:
            call_command(collectstatic.Command(), interactive=False, verbosity=0)
        except OSError as error:
            # What is half-written would be taken for whole the next time.
            shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
            why = FULL if is_full(error) else error.strerror
            raise CommandError(f"没有启动：{settings.STATIC_ROOT} 写不进去（{why}）。") from None
        # Only now: the static middleware lists the files when it is made.
        from coverage_tracker.wsgi import application

        try:
            server = create_server(
                application,
                host=options["host"],
                port=options["port"],
                threads=options["threads"],
                max_request_body_size=REQUEST_BYTES,
                # Beyond this it writes to the disk what comes in and goes out, and breaks off where that is full.
                inbuf_overflow=IN_MEMORY,
                outbuf_overflow=IN_MEMORY,
                # Whom to believe is decided in one place, for every server (coverage_tracker/proxied.py).
                clear_untrusted_proxy_headers=False,
            )
        except OSError as error:
            raise CommandError(
                f"没有启动：{options['host']}:{options['port']} 不能用（{error.strerror}），"
                "可能另一个程序占着，请换一个 PORT 或先停掉它。"
            ) from None
        worker = None if options["no_worker"] else Supervised()
        if worker is not None:
            worker.start()
        self.stdout.write(f"已启动：http://{options['host']}:{options['port']}/  （按 Ctrl+C 停止）")
        self.stdout.flush()
        run(server, worker)
