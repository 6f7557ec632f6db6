"""What is looked at in a zipped workbook before a reader opens it: bombs, XML attacks, lies.

Also finds what calamine smooths over: error cells, and formulas without a calculated value.
"""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from ledgers.reading import limits
from ledgers.reading.looks import SYMBOLS, Elements, Looks, Styles, looks_of, styles_of, symbol
from ledgers.reading.refusal import Refusal, check_size

BOMB = "文件解压后过大，无法读取。请把台账复制到新的工作簿，另存为 .xlsx 再上传。"
DAMAGED = "文件已损坏（压缩包不完整），请重新保存或重新下载后上传。"
UNSAFE = "文件里有不安全的内容（外部链接或自定义实体），请把台账复制到新的工作簿再上传。"
NOT_A_WORKBOOK = "这不是电子表格，请上传 .xlsx、.xls 或 .csv 台账。"

_DECLARATIONS = [
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
]
_OVERLAP = max(map(len, _DECLARATIONS))
_REFERENCE = re.compile(r"([A-Z]{1,4})([0-9]{1,9})$")


@dataclass
class SheetFindings:
    """Zero-based (row, column) of the cells that need a word."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    looks: Looks = field(default_factory=Looks)
    # Whether day numbers of the workbook count from 1904.
    from_1904: bool = False


def examine(content: bytes) -> tuple[bytes, dict[str, SheetFindings]]:
    """The workbook as readers can take it, and what was found per sheet name of an .xlsx; an empty dict for other
    zipped workbooks.

    Some programs name the parts with backslashes or in other case than they refer to them; Excel opens that, so it
    is put right here. Raises Refusal for archives that are broken, too large, or carry XML or link attacks.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            drawn = _check(archive)
            content = _repaired(archive, drawn) or content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return content, _examine(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Refusal(DAMAGED) from None
    except expat.ExpatError:
        raise Refusal(DAMAGED) from None


def _check(archive: zipfile.ZipFile) -> set[str]:
    """Refuse what unpacks to too much or is no XML that may be read; the parts that name a symbol font."""
    members = archive.infolist()
    if len(members) > limits.ARCHIVE_MEMBERS:
        raise Refusal(BOMB)
    total = 0
    drawn: set[str] = set()
    for member in members:
        total += _inflate(archive, member, limits.INFLATED_BYTES - total, drawn)
    return drawn


_FIXED = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")
_SYMBOL_RUN = re.compile(
    rb"(<rFont\s+val=[\"'](Wingdings(?: 2)?|Webdings)[\"'][^>]*/>(?:(?!</rPr>).)*</rPr>\s*<t[^>]*>)([^<]*)(</t>)",
    re.DOTALL,
)


def _repaired(archive: zipfile.ZipFile, drawn: set[str]) -> bytes | None:
    """The archive with the names that its parts are referred to by, and symbol fonts inside of texts as what they
    look like; None when nothing is to be done. `drawn`: the parts that name such a font."""
    plain = {member.filename: member.filename.replace("\\", "/") for member in archive.infolist()}
    known = {name.casefold(): name for name in plain.values()}
    wanted = {name.casefold(): name for name in _FIXED if name.casefold() in known}
    for written, name in plain.items():
        if name.casefold() != _FIXED[3].casefold():
            continue
        for tag, attributes in _elements(archive.read(written)):
            target = attributes.get("Target", "") if tag == "Relationship" else ""
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            if target and part.casefold() in known:
                wanted.setdefault(part.casefold(), part)
    names = {written: wanted.get(name.casefold(), name) for written, name in plain.items()}
    texts = {written: _SYMBOL_RUN.sub(_as_it_looks, archive.read(written)) for written in drawn}
    if not texts and all(written == name for written, name in names.items()):
        return None
    if len(set(names.values())) < len(names):
        raise Refusal(DAMAGED)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for written, name in names.items():
            if not written.endswith(("/", "\\")):
                new.writestr(name, texts.get(written) or archive.read(written))
    return made.getvalue()


def _as_it_looks(run: re.Match[bytes]) -> bytes:
    letters = SYMBOLS[run[2].decode().casefold()]
    return run[1] + symbol(run[3].decode("utf-8", "replace"), letters).encode() + run[4]


def _examine(archive: zipfile.ZipFile) -> dict[str, SheetFindings]:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        if not names & {"xl/workbook.bin", "content.xml"}:
            raise Refusal(NOT_A_WORKBOOK)
        return {}
    _check_targets(archive, names)
    styles = styles_of(_elements(archive.read("xl/styles.xml"))) if "xl/styles.xml" in names else Styles()
    from_1904 = any(
        tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}
        for tag, attributes in _elements(archive.read("xl/workbook.xml"))
    )
    found = {}
    for name, part in _sheets(archive, names):
        content = archive.read(part)
        found[name] = _scan(content, name)
        found[name].looks = looks_of(content, styles, _position)
        found[name].from_1904 = from_1904
    return found


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: int, drawn: set[str]) -> int:
    """Unpack one member, counting what really comes out. Returns its size. It goes into `drawn` when its texts name a
    symbol font."""
    if member.flag_bits & 1:
        raise Refusal("压缩包有密码，请去掉密码后再上传。")
    size, tail = 0, b""
    markup = member.filename.endswith((".xml", ".rels", ".vml"))
    with archive.open(member) as stream:
        while chunk := stream.read(1 << 16):
            size += len(chunk)
            if size > budget:
                raise Refusal(BOMB)
            if size > limits.RATIO_FROM and size > limits.RATIO * max(1, member.compress_size):
                raise Refusal(BOMB)
            if markup:
                window = tail + chunk
                if any(word in window for word in _DECLARATIONS) or b"ddeService" in window:
                    raise Refusal(UNSAFE)
                if b"ingdings" in window and b"rFont" in window:
                    drawn.add(member.filename)
                tail = window[-_OVERLAP:]
    return size


def _elements(content: bytes) -> Elements:
    """All elements of a small XML part: local names with attributes (prefixes dropped)."""
    found: Elements = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append((tag.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    parser.StartElementHandler = start
    parser.Parse(content, True)
    return found


def _check_targets(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Refuse relationships that point outside the package."""
    for name in names:
        if not name.endswith(".rels"):
            continue
        for tag, attributes in _elements(archive.read(name)):
            if tag != "Relationship" or attributes.get("TargetMode") == "External":
                continue
            target = attributes.get("Target", "")
            folder = posixpath.dirname(posixpath.dirname(name))
            if posixpath.normpath(
                posixpath.join(folder, target.lstrip("/") if target.startswith("/") else target)
            ).startswith(".."):
                raise Refusal(UNSAFE)


def _sheets(archive: zipfile.ZipFile, names: set[str]) -> list[tuple[str, str]]:
    """(sheet name, part name) of the worksheets that are there."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return []
    targets = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for tag, attributes in _elements(archive.read(relations))
        if tag == "Relationship"
    }
    sheets = []
    for tag, attributes in _elements(archive.read("xl/workbook.xml")):
        if tag == "sheet" and (target := targets.get(attributes.get("id", ""))):
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            if part in names:
                sheets.append((attributes.get("name", ""), part))
    return sheets


def _position(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.match(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


# A cell as spreadsheet programs write it, and whatever needs a closer look: formulas, error cells, prefixed names.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ANY_CELL = re.compile(rb"<c[\s/>]")
_CAUSE = re.compile(rb"""<f[\s/>]|\st=["']e["']|<\w+:(?:c|row|f)[\s/>]""")


def _is_plain(content: bytes) -> bool:
    """Whether nothing of a worksheet needs a walk over every cell, as in most: it takes longer than reading it."""
    if b"<sheetData" not in content or _CAUSE.search(content):
        return False
    cells = _PLAIN_CELL.findall(content)
    if len(cells) != len(_ANY_CELL.findall(content)):
        return False
    reach = [_position(f"{column.decode()}1") for column in {column for column, _ in cells}]
    columns = max((each[1] + 1 for each in reach if each is not None), default=0)
    rows = max(map(int, {row for _, row in cells}), default=0)
    return rows <= limits.ROWS and columns <= limits.COLUMNS


def _scan(content: bytes, name: str) -> SheetFindings:
    """How far the cells of one worksheet reach, and which need a word."""
    found = SheetFindings()
    if _is_plain(content):
        return found
    row = column = -1
    kind, has_formula, has_value, in_value, error = "", False, False, False, ""
    rows = columns = 0

    def close_cell() -> None:
        nonlocal rows, columns
        if column < 0:
            return
        if has_value or has_formula:
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if kind == "e":
            found.errors[row, column] = error[:20]
        elif has_formula and not has_value:
            found.uncalculated.append((row, column))

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, has_formula, has_value, in_value, error
        tag = tag.rpartition(":")[2]
        if tag == "c":
            position = _position(attributes["r"]) if "r" in attributes else (row, column + 1)
            if position is None:
                raise Refusal(DAMAGED)
            row, column = position
            kind, has_formula, has_value, error = attributes.get("t", "n"), False, False, ""
        elif tag == "row":
            row, column = int(attributes["r"]) - 1 if "r" in attributes else row + 1, -1
        elif tag == "f":
            has_formula = True
        elif tag == "is":
            has_value = True
        in_value = tag == "v"

    def end(tag: str) -> None:
        nonlocal in_value
        in_value = False
        if tag.rpartition(":")[2] == "c":
            close_cell()

    def characters(data: str) -> None:
        nonlocal has_value, error
        if in_value and kind == "e":
            error += data
        # A formula that was never calculated has an empty <v>.
        has_value = has_value or in_value

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.Parse(content, True)
    check_size(name, rows, columns)
    return found
