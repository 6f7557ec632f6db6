"""Files that are no ledger, are broken, or mean harm: one clear message, never a crash."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ledgers.reading import UnreadableFile, limits, read_file
from ledgers.reading.grid import ERROR_VALUE, FORMULA, LOST_DIGITS, CellFault
from tests.uploading import xlsx

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
    with pytest.raises(UnreadableFile, match="内存或时间"):
        read_file(path)


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
