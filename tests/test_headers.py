"""What every answer says of itself, and requests that no page takes."""

import re
from pathlib import Path

import pytest
from django.test import Client, override_settings

from coverage_tracker.refused import REQUEST_BYTES
from ledgers.reading import limits

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_methods_that_no_page_takes_are_refused(cast, signed_in, method):
    for address in ("/enterprises/", "/accounts/login/", "/static/app.css"):
        answer = signed_in(cast.wei).generic(method, address, headers={"X-Mark": "mark-of-the-request"})
        assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD, POST"
        assert b"mark-of-the-request" not in answer.content and answer["X-Content-Type-Options"] == "nosniff"


def test_a_body_that_is_too_large_is_not_read():
    assert REQUEST_BYTES > limits.FILE_BYTES
    answer = Client().generic("POST", "/accounts/login/", CONTENT_LENGTH=str(REQUEST_BYTES + 1))
    assert answer.status_code == 413 and "太大" in answer.content.decode()


def test_pages_have_no_other_base(cast, signed_in):
    assert "base-uri 'none'" in signed_in(cast.wei).get("/enterprises/")["Content-Security-Policy"]
    for page in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r"<base\b", page.read_text(encoding="utf-8")), page


@pytest.fixture
def collected(tmp_path):
    """Our own static files, as they are served."""
    for path in (ROOT / "static").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with override_settings(STATIC_ROOT=tmp_path):
        yield sorted(path.name for path in tmp_path.iterdir())


def test_every_static_text_says_its_charset_and_is_for_our_own_pages(collected):
    assert "icon.svg" in collected
    for name in collected:
        answer = Client().get(f"/static/{name}")
        assert answer.status_code == 200 and "charset=utf-8" in answer["Content-Type"].replace('"', ""), name
        assert "Access-Control-Allow-Origin" not in answer


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000)
def test_every_answer_by_tls_binds_the_browser_to_it(cast):
    for address in ("/accounts/login/", "/nowhere/", "/healthz"):
        assert "max-age=31536000" in Client().get(address, secure=True)["Strict-Transport-Security"]
