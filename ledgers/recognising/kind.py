"""What the recognising of a sheet must know of a kind of file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ledgers.recognising.fields import Field

# The names of the fields that were found, and the heading of each.
Found = dict[str, str]


@dataclass(frozen=True)
class Layout:
    """How rows of a kind may be laid out, by the names of fields.

    `lone`: whether a name with nothing beside it can be a row. `own_numbers` belong to one subject, so that one cell
    merged over several is nobody's. `identity`: whose a row is; `continues`: what a row may say that goes on with the
    subject of the row above. `several`: fields whose cell may hold several names → the fields that may hold as many
    beside them, of which `shared_by_several` hold for all when they hold one. Whether a row goes on is asked, unless
    it can say nothing else (`asks_to_continue`). `repeats_key`: a ditto mark may stand
    for the key. `of_places`: a table whose names are all places counts them and is no list of subjects.
    """

    lone: Callable[[str], bool] = bool
    own_numbers: frozenset[str] = frozenset()
    identity: frozenset[str] = frozenset()
    continues: frozenset[str] = frozenset()
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shared_by_several: frozenset[str] = frozenset()
    asks_to_continue: bool = True
    repeats_key: bool = False
    of_places: bool = False


@dataclass(frozen=True)
class SheetKind:
    """`key` names the field that every row of the kind has; `fits` may ask for more than understood columns."""

    code: str
    label: str
    fields: tuple[Field, ...]
    key: str
    fits: Callable[[Found], bool]
    layout: Layout

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}
