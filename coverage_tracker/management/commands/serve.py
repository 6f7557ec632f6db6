"""manage.py serve: the web process (waitress) and one supervised worker, in one command."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_tracker.refused import REQUEST_BYTES
from coverage_tracker.serving import Supervised, run
from coverage_tracker.startup import objections


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
        call_command(collectstatic.Command(), interactive=False, verbosity=0)
        # Only now: the static middleware lists the files when it is made.
        from coverage_tracker.wsgi import application

        try:
            server = create_server(
                application,
                host=options["host"],
                port=options["port"],
                threads=options["threads"],
                max_request_body_size=REQUEST_BYTES,
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
