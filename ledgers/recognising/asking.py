"""What a file leaves to be settled: each distinct word of a column once, with the rows that hold it."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledgers.recognising.kind import SheetKind
from ledgers.recognising.rows import CONTINUED, CONTINUED_FIELD, Row
from ledgers.recognising.values import Reader

# What can be said of rows that go on with the subject of the row above.
CONTINUES = Reader(lambda cell: None, {"yes": ("是同一家的，分开登记", True)})


@dataclass
class Question:
    """A word of a column of one kind of table that may mean several things, and where it stands (1-based rows by
    sheet). `waits`: its rows do not go in before it is settled."""

    kind: str
    field: str
    label: str
    word: str
    shown: str
    waits: bool
    choices: list[tuple[str, str]]
    rows: dict[str, list[int]] = dataclasses.field(default_factory=dict)

    @property
    def number(self) -> int:
        return sum(map(len, self.rows.values()))

    def as_dict(self) -> dict:
        return {
            "kind": self.kind,
            "field": self.field,
            "label": self.label,
            "word": self.word,
            "shown": self.shown,
            "waits": self.waits,
            "choices": self.choices,
            "number": self.number,
            "rows": {sheet: numbers[:10] for sheet, numbers in self.rows.items()},
        }


def questions(rows: Iterable[Row], kinds: Mapping[str, SheetKind]) -> list[Question]:
    """Every question of the rows, those that rows wait for first."""
    found: dict[tuple[str, str, str], Question] = {}
    for row in rows:
        for asked in row.asked:
            key = (row.kind, asked.field, asked.word)
            if key not in found:
                label, reader = reader_of(kinds[row.kind], asked.field)
                choices = [(code, words) for code, (words, _) in reader.meanings.items()]
                found[key] = Question(row.kind, asked.field, label, asked.word, asked.shown, asked.waits, choices)
            numbers = found[key].rows.setdefault(row.sheet, [])
            if row.number not in numbers[-1:]:
                numbers.append(row.number)
    return sorted(found.values(), key=lambda each: not each.waits)


def reader_of(kind: SheetKind, name: str) -> tuple[str, Reader]:
    """What the field is called, and its reader, by whose meanings a word of it is settled."""
    if name == CONTINUED_FIELD:
        return CONTINUED, CONTINUES
    column = kind.by_name[name]
    return column.label, column.read
