"""Files that are no ledger, are broken, or mean harm: one clear message, never a crash."""

import datetime as dt
import io
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from common.ledger_dates import read_date
from ledgers.reading import ReaderUnavailable, UnreadableFile, limits, read_file, sandbox
from ledgers.reading.grid import ERROR_VALUE, FORMULA, LOST_DIGITS, CellFault
from tests.uploading import xlsx

D = dt.date
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def write(tmp_path):
    def write(content: bytes, name: str = "台账.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def rezipped(content: bytes, **changes: bytes | None) -> bytes:
    """The archive with some members replaced (None: left out); __ stands for / and _dot_ for a full stop."""
    names = {name.replace("__", "/").replace("_dot_", "."): new for name, new in changes.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if names.get(name, b"") is not None:
                new.writestr(name, names.get(name) or old.read(name))
        for name, body in names.items():
            if body is not None and name not in old.namelist():
                new.writestr(name, body)
    return out.getvalue()


SHEET = "xl__worksheets__sheet1_dot_xml"


def sheet_xml(body: str, declaration: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{declaration}<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 not an archive at all", "损坏"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "损坏"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"<html><script>alert(1)</script></html>", "没有表格"),
        (b"just some words", "没有逗号"),
        (bytes(range(256)) * 20, "看不懂"),
        (b"a,b\n\xe4\xbc\x81\xe4\xb8\x9a,1\n" * 9 + "企业,2\n".encode("gbk"), "编码与其他行不同"),
        (b'{"a": 1}', "损坏"),
        (b"PK\x03\x04"[:4] + xlsx(["a", "b"])[4:-40], "损坏"),
    ],
)
def test_what_is_no_spreadsheet_gets_one_clear_message(write, content, words):
    with pytest.raises(UnreadableFile, match=words):
        read_file(write(content))


def test_attacks_inside_an_archive_are_refused(write):
    good = xlsx(["企业名称", "b"], ["甲", 1])
    bomb = rezipped(good, **{SHEET: sheet_xml(" " * (limits.RATIO_FROM + 5_000_000))})
    entity = rezipped(good, **{SHEET: sheet_xml("", '<!DOCTYPE a [<!ENTITY b "c">]>')})
    dde = rezipped(good, xl__externalLinks__externalLink1_dot_xml=b'<externalLink><ddeLink ddeService="cmd"/></externalLink>')  # fmt: skip
    relation = b'<Relationships><Relationship Id="r" Target="../../../etc/passwd"/></Relationships>'
    outside = rezipped(good, xl__worksheets___rels__sheet1_dot_xml_dot_rels=relation)
    wide = rezipped(good, **{SHEET: sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>')})
    corners = rezipped(good, **{SHEET: sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="IV1048576"><v>1</v></c></row>')})  # fmt: skip
    document = rezipped(good, xl__workbook_dot_xml=None)
    for content, words in [(bomb, "解压"), (entity, "不安全"), (dde, "不安全"), (outside, "不安全"), (wide, "列"), (corners, "行"), (document, "不是电子表格")]:  # fmt: skip
        with pytest.raises(UnreadableFile, match=words):
            read_file(write(content))


def test_a_reader_that_dies_or_hangs_is_a_message(write, monkeypatch):
    path = write(xlsx(["a", "b"]))
    monkeypatch.setattr(limits, "SECONDS", 0.01)
    monkeypatch.setattr(sandbox, "reads", lambda: True)
    with pytest.raises(UnreadableFile, match="内存或时间"):
        read_file(path)


def test_the_file_is_not_blamed_for_a_server_that_reads_nothing(write, monkeypatch, tmp_path):
    path, python = write(xlsx(["a", "b"])), sys.executable
    assert sandbox.reads()
    with monkeypatch.context() as patch:  # too slow for anything
        patch.setattr(limits, "SECONDS", 0.01)
        with pytest.raises(ReaderUnavailable):
            read_file(path)
    with monkeypatch.context() as patch:  # no process to be had
        patch.setattr(sandbox.subprocess, "run", raising(BlockingIOError()))
        with pytest.raises(ReaderUnavailable):
            read_file(path)
    wrapper = tmp_path / "python"
    monkeypatch.setattr(sandbox.sys, "executable", str(wrapper))
    for command, well in ((_UNDER.format(4 << 30), True), (_UNDER.format(900 << 20), False), (_NO_LIBRARY, False)):
        wrapper.write_text(f"#!{python}\n{command}")
        wrapper.chmod(0o755)
        if well:
            assert read_file(path)[0].rows == [["a", "b"]]
        else:
            with pytest.raises(ReaderUnavailable):
                read_file(path)


# In the interpreter's place: under a limit that a service manager has set (ours is 1.5 GB), and without a library.
_UNDER = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({0}, {0}))
os.execv(sys.orig_argv[0], [sys.orig_argv[0], *sys.argv[1:]])
"""
_NO_LIBRARY = """
import runpy, sys
sys.modules["python_calamine"] = sys.modules["openpyxl"] = None
module, sys.argv = sys.argv[2], sys.argv[2:]
runpy.run_module(module, run_name="__main__")
"""


def raising(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def test_a_file_over_the_limit_is_not_opened(write, monkeypatch):
    path = write(xlsx(["a", "b"]))
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    with pytest.raises(UnreadableFile, match="文件超过"):
        read_file(path)


def test_cells_that_have_no_value_are_faults_at_their_place(write):
    body = (
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><f>1+1</f></c><c r="C1"><v>914101991234567890</v></c>'
        '<c r="D1"><f>1+1</f><v>2</v></c><c r="E1" t="inlineStr"><is><t>甲</t></is></c></row>'
    )
    (sheet,) = read_file(write(rezipped(xlsx(["x"]), **{SHEET: sheet_xml(body)})))
    kinds = [cell.kind if isinstance(cell, CellFault) else cell for cell in sheet.rows[0]]
    assert kinds == [ERROR_VALUE, FORMULA, LOST_DIGITS, 2, "甲"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_text_in_every_encoding(write, encoding):
    (sheet,) = read_file(write("企业名称,人数\r\n示例㐂𠮷公司,5\r\n".encode(encoding), "a.csv"))
    assert sheet.rows == [["企业名称", "人数"], ["示例㐂𠮷公司", "5"]]


def test_html_tables_keep_their_merged_cells(write):
    page = "<table><tr><td rowspan=2>名称<td colspan=2>人数</tr><tr><td>男<td>女</tr><tr><td>甲<td>1<td>2</tr></table>"
    (sheet,) = read_file(write(page.encode(), "a.xls"))
    assert sheet.rows == [["名称", "人数"], [None, "男", "女"], ["甲", "1", "2"]]
    assert sheet.spread(1, 0) == "名称" and sheet.spread(0, 2) == "人数"


def test_hidden_sheets_are_marked(write):
    book = openpyxl.Workbook()
    book.create_sheet("藏").sheet_state = "veryHidden"
    buffer = io.BytesIO()
    book.save(buffer)
    assert [sheet.hidden for sheet in read_file(write(buffer.getvalue()))] == [False, True]


@pytest.mark.skipif(not (SHARED / "hostile").exists(), reason="../shared/hostile is not there")
def test_every_hostile_file_is_read_or_refused_in_words():
    verdicts = {}
    for line in (SHARED / "hostile/synthetic/expect.tsv").read_text().splitlines()[1:]:
        name, _, must, *_ = line.split("\t")
        verdicts[name] = must
    for path in sorted((SHARED / "hostile").glob("*/*.*")):
        if path.suffix in {".tsv", ".md"}:
            continue
        try:
            read_file(path)
            read = True
        except UnreadableFile as error:
            assert any("一" <= char <= "鿿" for char in str(error))
            read = False
        must = verdicts.get(path.name, "EITHER")
        assert must == "EITHER" or read == (must == "ACCEPT"), (path.name, must, read)


def test_an_xls_of_too_many_rows_is_refused_before_a_reader_opens_it(write):
    number = lambda value, size: value.to_bytes(size, "little")  # noqa: E731
    reach = b"\x00\x02\x0e\x00" + number(0, 4) + number(65_536, 4) + number(0, 2) + number(3, 2) + number(0, 2)
    cells = b"".join(b"\xfd\x00\x0a\x00" + number(row, 2) + bytes(8) for row in range(65_536))
    with pytest.raises(UnreadableFile, match="65536 行"):
        read_file(write(b"\xd0\xcf\x11\xe0" + reach + cells, "台账.xls"))
    # Only said to reach so far: whatever is wrong with it, it is not its rows.
    with pytest.raises(UnreadableFile, match="损坏"):
        read_file(write(b"\xd0\xcf\x11\xe0" + reach + cells[:1400], "台账.xls"))


# -- what a spreadsheet program shows, and readers of values do not ---------------------------------


def renamed(content: bytes, how) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(how(name), old.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    "how",
    [
        lambda name: name.replace("/", "\\"),
        lambda name: name.replace("workbook.xml", "Workbook.xml").replace("sheet1", "Sheet1"),
        lambda name: name.replace("sharedStrings", "SharedStrings"),
    ],
)
def test_parts_named_otherwise_than_they_are_referred_to_are_found(write, how):
    rows = read_file(write(renamed(xlsx(["企业名称", "职工人数"], ["甲公司", 3]), how)))[0].rows
    assert rows == [["企业名称", "职工人数"], ["甲公司", 3]]


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_letters_of_a_symbol_font_are_what_they_look_like(write):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["R", "£", "þ", "R"])
    for column, font in ((1, "Wingdings 2"), (2, "Wingdings 2"), (3, "Wingdings")):
        sheet.cell(1, column).font = Font(name=font)
    sheet["E1"] = "X"
    mark = (
        '<r><rPr><rFont val="Wingdings 2"/><charset val="2"/></rPr><t>{}</t></r><r><t xml:space="preserve">{}</t></r>'
    )
    texts = zipfile.ZipFile(io.BytesIO(saved(book))).read("xl/worksheets/sheet1.xml").decode()
    texts = texts.replace("<t>X</t>", mark.format("R", "在业 ") + mark.format("£", "注销"))
    content = rezipped(saved(book), **{SHEET: texts.encode()})
    assert read_file(write(content))[0].rows == [["☑", "☐", "☑", "R", "☑在业 ☐注销"]]


def test_what_is_hidden_or_struck_through_is_known(write):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 6):
        sheet.append([f"企业{row}", row, "备注"])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    for column in (1, 2, 3):
        sheet.cell(4, column).font = Font(strike=True)
    sheet["A5"].font = Font(strike=True)
    found = read_file(write(saved(book)))[0]
    assert (found.hidden_rows, found.hidden_columns, found.struck_rows) == ([2], [1], [3])


def test_numbers_of_a_workbook_that_counts_from_1904_are_its_days(write):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([42_000, 16, dt.date(2019, 7, 1)])
    day, count, date = read_file(write(saved(book)))[0].rows[0]
    assert (read_date(day).day, count, date) == (D(2018, 12, 28), 16, D(2019, 7, 1))


HEAD = "企业名称,职工人数,备注,党员\n"


@pytest.mark.parametrize("closed_by", [[3], [3, 9]])
def test_a_quote_that_is_not_closed_loses_no_row_in_silence(write, closed_by):
    lines = []
    for n in range(12):
        word = '"坏' if n in closed_by else "x"
        lines.append(f"甲{n}公司,1,{word},2\n")
    with pytest.raises(UnreadableFile, match="第 5 行有一个引号没有成对"):
        read_file(write((HEAD + "".join(lines)).encode(), "台账.csv"))


def test_quotes_that_are_closed_are_read(write):
    content = HEAD + '甲公司,1,"好\n很""好""",2\n乙公司,1,5" 管,2\n'
    rows = read_file(write(content.encode(), "台账.csv"))[0].rows
    assert [row[2] for row in rows[1:]] == ['好\n很"好"', '5" 管']


def test_guards_of_exporters_are_no_part_of_a_value(write):
    content = HEAD + '\t="0123",\t16,\'x,\t2\n'
    assert read_file(write(content.encode(), "台账.csv"))[0].rows[1] == ["0123", "16", "x", "2"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>', "XML"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html><table><tr><td>1</td></tr></table></html>", "MHTML"),
    ],
)  # fmt: skip
def test_misnamed_files_are_called_what_they_are(write, content, words):
    with pytest.raises(UnreadableFile, match=words):
        read_file(write(content, "台账.xls"))
