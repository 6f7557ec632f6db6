"""What a form claims that another committee holds: put before the district, whose list of conflicts is floors up.

A form never says whose it is, nor whether it is anybody's: that would answer questions about the whole register.
"""

from collections.abc import Callable
from typing import Any

SAID = "已列入“冲突”，由区委组织部核定，核定前没有保存。"
# Of one kind: told the user, the claiming committee, what was stated and the record that is held.
_PUT: dict[str, Callable[..., None]] = {}


def provide(kind: str, put: Callable[..., None]) -> None:
    """Let `put` take the claims of one kind ("person", "enterprise") or the question whether the user may still ask
    for persons ("ask")."""
    _PUT[kind] = put


def put(kind: str, **said: Any) -> str:
    """Put a claim before the district, on record: what the user is told. Raises ValidationError when that was done too
    often today."""
    _PUT[kind](**said)
    return SAID
