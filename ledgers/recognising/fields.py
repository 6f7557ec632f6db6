"""The declaration of a column: one for recognising it, reading it, explaining it and exporting it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from common.text import squeeze
from ledgers.recognising.values import Reader

_BRACKETS = re.compile(r"[(\[【〔{][^)\]】〕}]*[)\]】〕}]")
_DECORATION = re.compile(r"[\s*★☆:：;；,，、.。“”\"'‘’《》<>\-_]+")


@lru_cache(maxsize=20_000)
def heading_key(text: str) -> str:
    """A heading without what varies from form to form: width, line breaks, units in brackets, quotes."""
    plain = _BRACKETS.sub("", squeeze(text))
    return _DECORATION.sub("", plain) or _DECORATION.sub("", squeeze(text))


@dataclass(frozen=True, eq=False)
class Field:
    """One column of a kind of ledger.

    `headings` are accepted as they stand; with a slash, `parent/leaf` is accepted where any
    heading above the leaf contains `parent`. `pattern` accepts other wordings, unless `avoid`
    matches. `options` (code → words) make the field a choice; its words may stand as one
    √ column each.
    """

    name: str
    label: str
    headings: tuple[str, ...]
    read: Reader
    pattern: str = ""
    avoid: str = ""
    options: Mapping[Any, tuple[str, ...]] = field(default_factory=dict)
    required: bool = False
    # Whether a figure depends on it: then two columns for it are an error, not a warning.
    decisive: bool = False
    meaning: str = ""
    example: str = ""
    # Recognised, so that it is not taken for something else, but not stored.
    kept: bool = True
    # Personal: what stands in the cell is never shown whole.
    masked: bool = False

    def score(self, path: tuple[str, ...]) -> int:
        """How surely the heading path (heading keys, top to leaf) means this field; 0: not at all."""
        leaf, above = path[-1], path[:-1]
        best = 0
        strange = bool(self.avoid) and any(re.search(self.avoid, part) for part in above)
        for parent in self._parents.get(leaf, ()):
            if not parent:
                best = max(best, 0 if strange else 30)
            elif not strange and any(parent in part for part in above):
                best = max(best, 40)
        if best or not self.pattern:
            return best
        for text, score in ((leaf, 20), ("".join(path), 10)):
            if re.search(self.pattern, text) and not (strange or (self.avoid and re.search(self.avoid, text))):
                return score
        return 0

    def option_for(self, leaf: str) -> object | None:
        """The option that a heading stands for as a √ column, or None."""
        return self._options.get(leaf)

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        """Leaf key → the keys of the headings it must stand under; "" where it may stand anywhere."""
        parents: dict[str, list[str]] = {}
        for heading in self.headings:
            parent, _, leaf = heading.rpartition("/")
            parents.setdefault(heading_key(leaf), []).append(heading_key(parent) if parent else "")
        return parents

    @cached_property
    def _options(self) -> dict[str, object]:
        return {heading_key(word): code for code, words in self.options.items() for word in words}


@dataclass(frozen=True)
class Column:
    """A recognised column of a sheet. With `option`, a √ in it means that option of the field."""

    index: int
    heading: str
    field: Field
    option: object | None = None
