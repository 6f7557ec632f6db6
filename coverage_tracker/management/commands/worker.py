"""manage.py worker: works at what is uploaded, until it is told to stop."""

import logging
import os
import signal
import sys
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from common.full_disk import is_full
from coverage_tracker.signs import Signs
from coverage_tracker.startup import objections
from ledgers.uploads.workers import Rounds

logger = logging.getLogger(__name__)
# Before the database is tried again.
PAUSE = 3.0


class Command(BaseCommand):
    help = "Work at what is uploaded. Outlives a restart of the database; SIGTERM lets it finish what it is at."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--supervised",
            action="store_true",
            help="give signs of life on stdout; stop when stdin closes: its parent is gone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        signs = Signs(sys.stdout.fileno())
        if options["supervised"]:
            threading.Thread(target=_end_with_stdin, daemon=True).start()
            connection.execute_wrappers.append(signs.around)
            signs.start()
        if against := objections():
            raise CommandError("没有启动：" + "；".join(against))
        worker = Worker(
            queue_names=["default"],
            excluded_queue_names=[],
            interval=0.3,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        # The worker's own log has what it was given; ours says what went wrong.
        logging.getLogger("django_tasks_db").setLevel(logging.CRITICAL)
        logging.getLogger("django_tasks").setLevel(logging.CRITICAL)
        worker.configure_signals()
        with Rounds():
            while worker.running:
                try:
                    worker.run()
                except (OperationalError, InterfaceError) as error:
                    logger.warning("%s; trying again", "the disk is full" if is_full(error) else "the database is away")
                    connections.close_all()
                    signs.move()
                    time.sleep(PAUSE)


def _end_with_stdin() -> None:
    """Whoever started this process holds the other end; when it is killed, the pipe closes."""
    # Not by sys.stdin: a thread that holds its buffer aborts the process at its own end.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    # What it is at would be nobody's: the transaction is rolled back.
    os.kill(os.getpid(), signal.SIGKILL)
