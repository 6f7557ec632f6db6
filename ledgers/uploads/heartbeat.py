"""A worker's sign of life and progress on the row of the upload that it works at."""

import threading
from typing import Self

from django.db import connection, connections
from django.db.utils import OperationalError
from django.utils import timezone

from ledgers.models import Upload

SECONDS = 1.0


class Heartbeat:
    """Says every second that the worker lives and how far it is.

    A thread with a connection of its own, so that it is seen while a transaction runs. On SQLite it must wait
    while a commit holds the database: that takes less than the silence after which a worker counts as dead, and a
    commit that is done is never taken for dead (ledgers/uploads/states.py). Inside somebody else's transaction (tests)
    it only notes.
    """

    def __init__(self, upload: Upload):
        self.pk, self.attempt = upload.pk, upload.attempt
        self._step, self._progress = "", 0
        self._done = threading.Event()
        self._thread = None if connection.in_atomic_block else threading.Thread(target=self._beat, daemon=True)

    def tell(self, step: str, done: int, total: int) -> None:
        """What is being done, and how much of it; a total of 0 when that is not known."""
        self._step = step
        if total:
            self._progress = min(99, 100 * done // total)

    def _beat(self) -> None:
        try:
            while not self._done.wait(SECONDS):
                try:
                    Upload.objects.filter(pk=self.pk, attempt=self.attempt).update(
                        heartbeat=timezone.now(), step=self._step, progress=self._progress
                    )
                except OperationalError:
                    # The database is held by a commit; the next second may do.
                    continue
        finally:
            connections.close_all()

    def __enter__(self) -> Self:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()
