"""A small workbook from rows, for the tests that upload one, and the answers to what it leaves open."""

import io
from typing import Any

import openpyxl

from ledgers.models import Upload


def xlsx(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def settle_open(client: Any, upload: Upload, **answers: str) -> Upload:
    """Answer the open columns by heading and the words by what stands in the cell, and have it examined again."""
    page = client.get(f"/ledgers/{upload.pk}/")
    form = page.context["settling"]
    data = {"for_all": "on"} if answers.pop("for_all", "") else {}
    for each, answer, about in [*form.columns(), *form.words()]:
        data[about.html_name] = about.value()
        data[answer.html_name] = answers.get(each.get("heading") or each["shown"], "")
    client.post(f"/ledgers/{upload.pk}/settle/", data)
    upload.refresh_from_db()
    return upload


def cells_of(content: bytes) -> str:
    """All that stands in a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )
