"""Signs of life of a worker to the process that started it: by a pipe, so that neither a database that is away nor a
full disk makes it look dead."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any

SECONDS = 1.0
# Longer than anything that a worker does between two statements to the database.
STUCK = 15 * 60.0


class Signs:
    """Writes a byte every second, from a thread of its own, as long as the main thread gets on."""

    def __init__(self, pipe: int, *, stuck: float = STUCK):
        self._pipe, self._stuck = pipe, stuck
        self._moved = time.monotonic()

    def start(self) -> None:
        threading.Thread(target=self._give, daemon=True).start()

    def move(self) -> None:
        """The main thread gets on."""
        self._moved = time.monotonic()

    def around(self, execute: Callable, sql: str, *rest: Any) -> Any:
        """Around each statement of the main thread's connection (its `execute_wrappers`)."""
        self.move()
        return execute(sql, *rest)

    def _give(self) -> None:
        while time.monotonic() - self._moved < self._stuck:
            try:
                os.write(self._pipe, b".")
            except OSError:
                # Nobody reads them any more.
                return
            time.sleep(SECONDS)
