"""What a workbook shows otherwise than its values say: symbol fonts, hidden and struck-through cells, days from 1904.

Only of an .xlsx: readers of values drop all of it. Imports no Django.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

# Local name and attributes of every element of a small part, in order.
Elements = list[tuple[str, dict[str, str]]]

_WINGDINGS = {"o": "☐", "¨": "☐", "n": "■", "x": "☒", "ý": "☒", "þ": "☑", "ü": "√", "û": "×", "l": "●", "¡": "○"}
_WINGDINGS_2 = {"R": "☑", "S": "☒", "T": "☒", "Q": "☒", "V": "☒", "£": "☐", "P": "√", "O": "×"}
_WEBDINGS = {"a": "√", "r": "×", "c": "☐", "g": "■"}
# The letters of a symbol font, and what they look like.
SYMBOLS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS}

_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_BOUND = re.compile(rb"""\b(min|max)=["'](\d{1,5})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
_NUMBER = re.compile(rb"""\br=["'](\d{1,7})["']""")


@dataclass
class Styles:
    """Of the styles of cells by their number: which letters are symbols, and which are struck through."""

    symbols: dict[int, dict[str, str]] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)


@dataclass
class Looks:
    """Zero-based rows and columns that nobody sees, and (row, column) of cells that are struck through or written in
    a symbol font."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    struck: list[tuple[int, int]] = field(default_factory=list)
    symbols: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)


def symbol(text: str, letters: dict[str, str]) -> str:
    """`text` of a symbol font as what it looks like; symbol fonts also write their letters from U+F000 on."""
    return "".join(
        letters.get(chr(ord(char) - 0xF000) if "\uf000" <= char <= "\uf0ff" else char, char) for char in text
    )


def styles_of(elements: Elements) -> Styles:
    """What xl/styles.xml says of fonts, by the number of a cell's style."""
    found = Styles()
    fonts: list[tuple[str, bool]] = []
    within, number = "", -1
    for tag, attributes in elements:
        if tag in {"fonts", "cellXfs", "cellStyleXfs", "dxfs", "fills", "borders", "cellStyles"}:
            within = tag
        elif within == "fonts" and tag == "font":
            fonts.append(("", False))
        elif within == "fonts" and tag == "name" and fonts:
            fonts[-1] = (attributes.get("val", "").strip().casefold(), fonts[-1][1])
        elif within == "fonts" and tag == "strike" and fonts:
            fonts[-1] = (fonts[-1][0], attributes.get("val", "1") not in {"0", "false"})
        elif within == "cellXfs" and tag == "xf":
            number += 1
            place = attributes.get("fontId", "0")
            name, struck = fonts[int(place)] if place.isdigit() and int(place) < len(fonts) else ("", False)
            if name in SYMBOLS:
                found.symbols[number] = SYMBOLS[name]
            if struck:
                found.struck.add(number)
    return found


def looks_of(content: bytes, styles: Styles, position: Callable[[str], tuple[int, int] | None]) -> Looks:
    """What one worksheet's XML says beside the values; `position` reads a reference such as B7."""
    found = Looks()
    head = content[: content.find(b"<sheetData")] if b"<sheetData" in content else content[:65_536]
    for column in _COLUMN.findall(head):
        if _HIDDEN.search(column):
            bounds = {name: int(number) for name, number in _BOUND.findall(column)}
            found.hidden_columns += range(bounds.get(b"min", 1) - 1, min(bounds.get(b"max", 0), 16_384))
    for row in _ROW.findall(content):
        if number := _NUMBER.search(row):
            found.hidden_rows.append(int(number[1]) - 1)
    special = styles.struck | set(styles.symbols)
    if special:
        numbers = b"|".join(str(each).encode() for each in sorted(special))
        cell = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\bs=["'](""" + numbers + rb""")["'])[^>]*\br=["']([A-Z0-9]+)["']""")
        for style, reference in cell.findall(content):
            place = position(reference.decode())
            if place is None:
                continue
            if int(style) in styles.struck:
                found.struck.append(place)
            if int(style) in styles.symbols:
                found.symbols[place] = styles.symbols[int(style)]
    return found
