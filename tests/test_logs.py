"""The log says when, of which request and where; never what stands in a row."""

import datetime as dt
import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from coverage_tracker.logs import OfRequest, WithoutRows
from organizations.models import Member

pytestmark = pytest.mark.django_db
NAME = "欧阳志远"


@pytest.fixture
def written():
    """What handlers like those of the settings write."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.addFilter(OfRequest())
    handler.setFormatter(WithoutRows("{asctime} {levelname} {request_id} {name}: {message}", style="{"))
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_a_databases_error_does_not_quote_the_row(written, east):
    mark = "f" * 64
    Member.objects.create(committee=east, name=NAME, id_fingerprint=mark)
    try:
        with transaction.atomic():
            Member.objects.create(committee=east, name=NAME, id_fingerprint=mark)
    except IntegrityError:
        logging.getLogger("ledgers").exception("it could not be written")
    (line,) = written
    assert "it could not be written" in line and "IntegrityError" in line and "test_logs.py" in line
    assert NAME not in line and mark not in line and "UNIQUE" not in line and "Key (" not in line


def test_a_page_that_fails_is_logged_with_its_number_and_without_what_was_sent(written, cast, signed_in, monkeypatch):
    def fails(*args, **kwargs):
        raise ValueError(NAME)

    monkeypatch.setattr("coverage_tracker.records.search.lately", fails)
    client = signed_in(cast.dong)
    client.raise_request_exception = False
    answer = client.get(f"/search/?q={NAME}")
    assert answer.status_code == 500
    said = "\n".join(written)
    assert answer["X-Request-ID"] in said and "ValueError" in said and "search.py" in said and NAME not in said


def test_a_message_cannot_forge_a_line(written):
    logging.getLogger("x").error("one\ntwo %s", "three\r\nfour")
    assert "\n" not in written[0] and "\\n" in written[0]


def test_a_line_says_when_with_the_offset(written):
    logging.getLogger("x").error("one")
    assert dt.datetime.fromisoformat(written[0].split()[0]).utcoffset() == dt.timedelta(hours=8)


def test_every_answer_has_its_own_number(cast):
    client = Client()
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]
