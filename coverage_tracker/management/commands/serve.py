"""manage.py serve: the web process (waitress), without Django's development server."""

import os
import signal

from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Serve the product on HOST:PORT; collects static files first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--threads", type=int, default=8)

    def handle(self, *args, **options) -> None:
        from waitress import create_server

        call_command(collectstatic.Command(), interactive=False, verbosity=0)
        # Only now: the static middleware lists the files when it is made.
        from coverage_tracker.wsgi import application

        server = create_server(
            application,
            host=options["host"],
            port=options["port"],
            threads=options["threads"],
            max_request_body_size=32 * 1024 * 1024,
        )
        signal.signal(signal.SIGTERM, lambda *_: server.close())
        self.stdout.write(f"已启动：http://{options['host']}:{options['port']}/  （按 Ctrl+C 停止）")
        server.run()
