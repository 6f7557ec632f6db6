"""The processes of `manage.py serve`: its worker, which never stays away, and its end, at which nothing is cut off."""

import _thread
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)
# So long answers that are under way, and the file that the worker is at, may take after SIGTERM.
PATIENCE = 25.0
# Between two looks at the worker.
PAUSE = 2.0
# One that gave no sign of life at so many looks is hung (coverage_tracker/signs.py). Looks are counted, not seconds:
# when the whole machine was asleep, this process was too.
SILENT_LOOKS = 30
# So long a hung worker may take to end by itself.
GRACE = 5.0


class Supervised:
    """A `manage.py worker`, started anew whenever it ends, and ended when it hangs. It ends with this process, however
    that ends: the pipe to its stdin closes."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._process: subprocess.Popen | None = None
        self._silent = 0
        self._thread = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _supervise(self) -> None:
        while not self._stop.is_set():
            try:
                if self._process is None or self._process.poll() is not None:
                    self._begin()
                elif self._hangs(self._process):
                    self._end(self._process)
            except Exception:
                # Whatever it is (no memory, no processes left), workers must go on being supervised.
                logger.exception("the worker could not be started")
            self._stop.wait(PAUSE)

    def _begin(self) -> None:
        if self._process is not None:
            logger.warning("the worker has ended (%s); starting another", self._process.returncode)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter on our own command
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--supervised"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl+C in a terminal goes to this process, which tells the worker.
            start_new_session=True,
            bufsize=0,
        )
        self._silent = 0
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)

    def _hangs(self, process: subprocess.Popen) -> bool:
        """Whether the process lives and yet has given no sign for too long."""
        assert process.stdout is not None
        heard = process.stdout.read(1 << 16)
        self._silent = 0 if heard else self._silent + 1
        return self._silent > SILENT_LOOKS

    def _end(self, process: subprocess.Popen) -> None:
        """What it was at is rolled back and can be retried."""
        logger.error("the worker gave no sign of life; ending it")
        process.terminate()
        try:
            process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=GRACE)

    def ask_to_stop(self) -> None:
        """Let the worker finish what it is at, and no other follow."""
        self._stop.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Wait until the worker has ended; what takes too long is broken off, rolled back and can be retried."""
        self.ask_to_stop()
        self._thread.join(timeout=PAUSE + 1)
        # One may have been started while we asked.
        self.ask_to_stop()
        if self._process is not None:
            try:
                self._process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(timeout=5)


def run(server: Any, worker: Supervised | None) -> None:
    """Serve until SIGTERM or Ctrl+C; then take nobody in any more, finish what is under way, and return. A second
    signal ends at once."""
    ending = threading.Event()

    def stop(*_: object) -> None:
        if ending.is_set():
            raise SystemExit
        ending.set()
        if worker is not None:
            worker.ask_to_stop()
        server.accepting = False
        threading.Thread(target=_drain, args=(server,), daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        server.run()
    finally:
        if worker is not None:
            worker.stop()


def _drain(server: Any) -> None:
    """Close what is idle, wait for what is not, then break the server's loop."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        busy = False
        for channel in list(server.active_channels.values()):
            if channel.requests or channel.request is not None or channel.total_outbufs_len:
                busy = True
            else:
                channel.will_close = True
        if not busy:
            break
        time.sleep(0.05)
    _thread.interrupt_main()
