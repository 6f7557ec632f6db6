"""The child process: opens one file and prints its sheets as JSON. Imports no Django.

Run as `python -m ledgers.reading.child PATH`. Prints {"sheets": […]} or {"error": "…"}.
"""

import errno
import json
import os
import resource
import sys
from pathlib import Path
from typing import NoReturn

from ledgers.reading import limits
from ledgers.reading.refusal import Refusal


def restrict() -> None:
    """Limits of memory, processor time and output for this process."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY, limits.CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.ANSWER_BYTES, limits.ANSWER_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: Path) -> None:
    restrict()
    try:
        answer: dict[str, object] = {"sheets": read(path)}
    except Refusal as refusal:
        answer = {"error": str(refusal)}
    try:
        json.dump(answer, sys.stdout, ensure_ascii=True, allow_nan=False)
        sys.stdout.flush()
    except OSError as error:
        end_without_room(error)


def end_without_room(error: OSError) -> NoReturn:
    """End at once with a code that says so when the disk is full, and else with `error`."""
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        raise error
    # Not by sys.exit: what could not be written would be written once more.
    os._exit(limits.NO_ROOM)


def read(path: Path) -> list[dict]:
    # Imported late, so that the limits already hold while the readers load.
    from ledgers.reading import binary, text

    head = path.read_bytes()[:8192]
    if not head.strip():
        raise Refusal("文件是空的，请重新导出后上传。")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return binary.read(path)
    return text.read(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
