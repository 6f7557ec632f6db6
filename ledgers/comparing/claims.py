"""What a row claims that another committee holds, gathered while a file is compared."""

from typing import NamedTuple


class Claim(NamedTuple):
    """`kind` is a ConflictKind. The subject is told by something that both committees know it by."""

    kind: str
    subject: str
    name: str
    claimed: str
    held: str
    holder_id: int
    # Whether an ID number of the register comes with another name: a slip, or somebody is trying numbers.
    doubtful: bool = False
