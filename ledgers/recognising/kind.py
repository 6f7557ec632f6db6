"""What the recognising of a sheet must know of a kind of file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ledgers.recognising.fields import Field

# The names of the fields that were found, and the heading of each.
Found = dict[str, str]


@dataclass(frozen=True)
class SheetKind:
    """`key` names the field that every row of the kind has; `fits` may ask for more than understood columns."""

    code: str
    label: str
    fields: tuple[Field, ...]
    key: str
    fits: Callable[[Found], bool]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}
