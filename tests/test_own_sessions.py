"""Where somebody is signed in is shown to him, and he ends it elsewhere."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from committees.accounts.handing_out import end_sessions
from committees.accounts.open_sessions import in_short
from committees.models import AccessLog
from tests.test_sign_in import GOOD, later

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
ADDRESS = "/accounts/sessions/"


def desk(name: str, address: str, agent: str) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    assert client.post("/accounts/login/", {"username": name, "password": GOOD}).status_code == 302
    client.get("/enterprises/")
    return client


@pytest.fixture
def desks(cast):
    """Dong at two desks, and somebody else."""
    return desk("dong", "10.0.0.1", EDGE), desk("dong", "10.0.0.2", FIREFOX), desk("xi", "10.0.0.3", EDGE)


def is_in(client: Client) -> bool:
    return client.get("/enterprises/").status_code == 200


def test_each_sees_his_own_with_where_and_by_what(desks):
    page = desks[0].get(ADDRESS).content.decode()
    for shown in ("10.0.0.1", "10.0.0.2", "Edge，Windows", "Firefox，Linux"):
        assert shown in page
    assert "10.0.0.3" not in page and page.count("本次登录") == 1
    # What opens a session stands nowhere in it.
    assert not any(session.session_key in page for session in Session.objects.all())


def test_one_is_ended_elsewhere_with_the_password(desks, cast):
    here, there, other = desks
    (mark,) = re.findall(r'name="end" value="(\w{16})"', here.get(ADDRESS).content.decode())
    wrong = here.post(ADDRESS, {"end": mark, "password": "wrong"})
    assert wrong.status_code == 422 and "现在的密码不对" in wrong.content.decode() and is_in(there)
    assert here.post(ADDRESS, {"end": mark, "password": GOOD}).status_code == 302
    assert is_in(here) and not is_in(there) and is_in(other)
    assert AccessLog.objects.get(what="account", user=cast.dong).result == "结束了自己在别处的登录"
    assert "只在这里登录着" in here.get(ADDRESS).content.decode()


def test_all_others_are_ended_and_nobody_elses(desks, cast):
    here, there, other = desks
    (mark,) = re.findall(r'name="end" value="(\w{16})"', here.get(ADDRESS).content.decode())
    assert other.post(ADDRESS, {"end": mark, "password": GOOD}).status_code == 302 and is_in(there)
    here.post(ADDRESS, {"end": "others", "password": GOOD})
    assert is_in(here) and not is_in(there) and is_in(other)


def test_what_is_over_is_not_shown(desks, cast):
    here, there, _ = desks
    later(there, 3600)
    assert "只在这里登录着" in here.get(ADDRESS).content.decode()
    end_sessions(cast.dong)
    assert not is_in(here)


def test_browsers_by_name():
    assert in_short("") == "不详" and in_short("curl/8") == "不详"
    assert in_short("… MicroMessenger/8 … Chrome/1 Safari (Android 14)") == "微信，Android"
