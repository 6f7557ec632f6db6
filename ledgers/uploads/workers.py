"""Whether a worker lives, and what each does besides: its sign of life, and the clearing up."""

import datetime as dt
import logging
import os
import socket
import threading
import time
from typing import Self

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.utils import OperationalError
from django.utils import timezone

from ledgers.models import SILENCE, WorkerSeen
from ledgers.uploads.expiry import expire
from ledgers.uploads.states import reap

logger = logging.getLogger(__name__)
# Between two rounds; with SILENCE it stays below the minute within which a dead worker's upload is told of.
SECONDS = 10.0
_A_DAY = 24 * 3600.0
_FORGOTTEN = dt.timedelta(days=1)


def seen_last() -> dt.datetime | None:
    """When any worker last gave a sign of life."""
    found: dt.datetime | None = WorkerSeen.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    return found


def is_missing() -> bool:
    """Whether nobody takes what is uploaded."""
    return is_silent(seen_last())


def is_silent(last: dt.datetime | None) -> bool:
    """Whether workers, last seen at `last`, have said nothing for longer than a commit may hold the database."""
    if "Immediate" in settings.TASKS["default"]["BACKEND"]:
        return False
    return last is None or timezone.now() - last > SILENCE + dt.timedelta(seconds=SECONDS)


class Rounds:
    """Beside a worker, in a thread: every ten seconds its sign of life and what dead ones left, once a day what has
    expired. Nothing that goes wrong in a round ends the rounds."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}"
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._expired = -_A_DAY

    def _go(self) -> None:
        try:
            while True:
                try:
                    self._round()
                except OperationalError:
                    # The database is held by a commit, or away; the next round will do.
                    connections.close_all()
                except Exception:
                    logger.exception("clearing up failed")
                    connections.close_all()
                if self._done.wait(SECONDS):
                    break
        finally:
            connections.close_all()

    def _round(self) -> None:
        now = timezone.now()
        WorkerSeen.objects.update_or_create(name=self.name, defaults={"seen_at": now})
        WorkerSeen.objects.filter(seen_at__lt=now - _FORGOTTEN).delete()
        reap()
        if time.monotonic() - self._expired >= _A_DAY:
            expire()
            self._expired = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._done.set()
        self._thread.join(timeout=5)
        try:
            WorkerSeen.objects.filter(name=self.name).delete()
        except DatabaseError:
            logger.warning("the database did not take that the worker has ended")
