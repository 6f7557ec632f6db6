"""Through a real nginx with TLS, by the site file that is shipped: sign in, upload 5 MB, sign out."""

import http.cookiejar
import importlib.util
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from contextlib import contextmanager

import pytest

from tests.processes.district import PASSWORD, ROOT
from tests.processes.test_uploads_survive import _book

pytestmark = pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="needs nginx, openssl")


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def gunicorn(district):
    district.run_command("collectstatic", "--no-input")
    port = _port()
    process = district.start("-m", "gunicorn", "coverage_tracker.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2")
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise AssertionError("nobody listens")


@contextmanager
def proxied(folder, behind: str):
    """nginx with the shipped site before the address `behind`; its own address and what trusts its certificate."""
    folder.mkdir()
    secure, plain = _port(), _port()
    key, certificate = folder / "tls.key", folder / "tls.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )  # fmt: skip
    site = (ROOT / "deploy/nginx.conf").read_text()
    for shipped, here in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("http://127.0.0.1:8000", behind),
        ("/etc/coverage/tls.crt", str(certificate)),
        ("/etc/coverage/tls.key", str(key)),
        ("/var/log/nginx/coverage.log", str(folder / "access.log")),
        ("/opt/coverage/deploy", str(ROOT / "deploy")),
        ("coverage.example.gov.cn", "127.0.0.1"),
    ):
        assert shipped in site
        site = site.replace(shipped, here)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ "
        + "".join(
            f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + site
        + "}"
    )
    process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        _wait(secure)
        yield f"https://127.0.0.1:{secure}", f"http://127.0.0.1:{plain}", ssl.create_default_context(cafile=certificate)
    finally:
        process.terminate()
        process.wait(timeout=20)


class Visitor:
    def __init__(self, address: str, trusted: ssl.SSLContext):
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.HTTPSHandler(context=trusted)
        )

    def get(self, path: str):
        return self.opener.open(self.address + path, timeout=60)

    def post(self, path: str, fields: dict, file: bytes = b"", page: str = ""):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page or path).read().decode())[1]
        boundary = uuid.uuid4().hex
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrfmiddlewaretoken": token, **fields}.items()
        )
        if file:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
            body += head.encode() + file + b"\r\n"
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Referer": self.address + path,
            # A liar, whom the log must not believe.
            "X-Forwarded-For": "203.0.113.9",
        }
        body += f"--{boundary}--\r\n".encode()
        return self.opener.open(urllib.request.Request(self.address + path, body, headers), timeout=120)


@pytest.mark.parametrize("server", ["serve", "gunicorn"])
def test_sign_in_upload_and_sign_out_through_tls(district, tmp_path, server):
    if server == "gunicorn" and importlib.util.find_spec("gunicorn") is None:
        pytest.skip("gunicorn is not installed")
    noise = random.Random(1)
    rows = [["企业名称", "备注"], *([f"企业{n}有限公司", f"{noise.getrandbits(4000):x}"] for n in range(10_500))]
    file = _book(tmp_path / "ledger.xlsx", rows).read_bytes()
    assert len(file) > 5_000_000
    district.environment |= {"HTTPS": "1", "TRUSTED_PROXY": "127.0.0.1"}
    behind = district.served("--no-worker") if server == "serve" else gunicorn(district)
    with behind as inner, proxied(tmp_path / "nginx", inner) as (address, plain, trusted):
        with urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusted), _Stays()).open(plain) as answer:
            assert (answer.status, answer.headers["Location"]) == (301, "https://127.0.0.1/")
        for path in ("/healthz", "/readyz"):
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(plain + path)
        assert chosen(address, "DEFAULT") == "ECDHE-RSA-AES256-GCM-SHA384"
        with pytest.raises(ssl.SSLError):
            chosen(address, "AES256-GCM-SHA384:ECDHE-RSA-AES256-SHA384:AES128-SHA")
        visitor = Visitor(address, trusted)
        answer = visitor.post("/accounts/login/", {"username": "dong", "password": PASSWORD})
        assert answer.url == f"{address}/todo/" and answer.headers["Strict-Transport-Security"]
        assert {cookie.name for cookie in visitor.cookies} == {"__Host-sessionid", "__Host-csrftoken"}
        assert all(cookie.secure for cookie in visitor.cookies)
        fields = {"committee": district.cookies["committee"], "as_of": "2023-12-20"}
        answer = visitor.post("/ledgers/new/", fields, file)
        assert re.fullmatch(rf"{address}/ledgers/\d+/", answer.url)
        assert visitor.post("/accounts/logout/", {}, page="/todo/").url.startswith(f"{address}/accounts/login/")
        assert visitor.get("/todo/").url.startswith(f"{address}/accounts/login/")
        with visitor.get("/readyz") as ready:
            assert ready.read().decode().startswith("database ok\n")
    assert district.run("addresses")["of"] == ["127.0.0.1"]
    log = (tmp_path / "nginx/access.log").read_text()
    assert "POST /ledgers/new/" in log and "?" not in log


def chosen(address: str, offered: str) -> str:
    """The cipher suite of TLS 1.2 that the server takes of those that are offered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(offered)
    with (
        socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(address).port)) as plain,
        context.wrap_socket(plain) as secure,
    ):
        return secure.cipher()[0]


def test_while_nothing_answers_behind_it_that_is_said_in_chinese(tmp_path):
    with proxied(tmp_path / "nginx", f"http://127.0.0.1:{_port()}") as (address, _, trusted):
        with pytest.raises(urllib.error.HTTPError) as answer:
            Visitor(address, trusted).get("/todo/")
        assert answer.value.code == 502 and "暂时不能用" in answer.value.read().decode()


class _Stays(urllib.request.HTTPRedirectHandler):
    def http_error_301(self, request, answer, code, message, headers):
        return answer
