"""Every page in Chromium: its content security policy refuses nothing of it, and the console is silent."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error

from committees.models import Committee, User
from coverage_tracker import demo
from coverage_tracker.records import search
from tests import make
from tests.linked_district import named
from tests.one_of_each import one_of_each
from tests.test_doors import ASKS

pytestmark = pytest.mark.django_db(transaction=True)
# Who goes to the pages, and where he stands in the table of doors. The last one only where nobody before him may.
WHO = {"quwei": 0, "chengdong": 2, "admin": 6}
# Doors of the machine, and those that a signed-in user is led away from.
NO_PAGES = {"healthz", "readyz", "login"}
REFUSED = "addEventListener('securitypolicyviolation', it => refused(`${it.effectiveDirective} ${it.blockedURI} ${it.sample}`))"
# Kinds of pages of the admin.
OF_A_RECORD = {"change", "history", "delete", "password_change"}
OF_THE_STATUS = "Failed to load resource: the server responded with a status of"


@pytest.fixture
def faults(page, live_server):
    """What the browser refuses and complains of, each with the page on which it does."""
    heard: list[str] = []
    icon = f"{live_server.url}/favicon.ico"
    page.expose_function("refused", lambda what: heard.append(f"{page.url} refused: {what}"))
    page.add_init_script(REFUSED)

    def said(message) -> None:
        # Of a page with another status, and of the icon that the browser looks for beside data.
        by_itself = message.text.startswith(OF_THE_STATUS) and message.location["url"] in {page.url, icon}
        if message.type == "error" and not by_itself:
            heard.append(f"{page.url} console: {message.text}")

    page.on("console", said)
    page.on("pageerror", lambda error: heard.append(f"{page.url} script: {error}"))
    return heard


@pytest.fixture
def be(page, live_server):
    """A function: be signed in as a user."""

    def be(name: str) -> None:
        client = Client()
        client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
        page.context.clear_cookies()
        key = client.session.session_key
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])

    return be


@pytest.fixture
def opened(page, live_server):
    """A function: whether an address holds a page, which is then open. Files and data are no pages."""

    def opened(address: str, *statuses: int) -> bool:
        try:
            answer = page.goto(live_server.url + address)
        except Error as error:
            if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
                return False
            raise
        assert answer.status in (statuses or {200}) and answer.url == live_server.url + address, (address, answer)
        return answer.headers["content-type"].startswith("text/html")

    return opened


def test_the_listener_hears_what_is_refused(page, faults, opened, cast):
    assert opened("/accounts/login/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    page.wait_for_function("document.scripts.length")
    assert {fault.split()[1] for fault in faults} == {"refused:", "console:"}
    assert any("style-src-attr" in fault for fault in faults) and any("script-src-elem" in fault for fault in faults)


def test_every_page_of_the_doors(be, faults, opened):
    demo.load()
    committee = Committee.objects.get(short_name="城东办事处")
    first = make.enterprise(committee, "样样有限公司")
    make.cover(first, make.organization(committee, "中共样样有限公司支部委员会"))
    make.assign(first, committee)
    keys = one_of_each(committee, User.objects.get(username="chengdong"), first)
    filled = {**named(keys), "status": ["/status/"]}
    asked, no_pages = set(), {name for name, (method, _) in ASKS.items() if method == "post"} | NO_PAGES
    for who, place in WHO.items():
        be(who)
        for name in sorted(ASKS.keys() - no_pages - (asked if who == "admin" else set())):
            # What is done to many is led away from where none is ticked.
            many = "-bulk-" in name or name == "mass-grid"
            if ASKS[name][1][place] != (302 if many else 200):
                continue
            whose = "enterprise" if name == "mass-grid" else name.partition("-")[0]
            row = f"?row={keys[whose]}" if many else ""
            asked.add(name)
            if not opened(filled[name][0] + row):
                no_pages.add(name)
    assert asked | no_pages == ASKS.keys() - {"start"}, "not opened by anybody"
    assert len(asked - no_pages) > 100
    assert not faults


def of_the_admin():
    """(what kind of page, address): of each model its list and a record, of the other kinds, which look the same whatever
    model they are of, one."""
    yield "index", reverse("admin:index")
    once: set[str] = set()
    for app in {model._meta.app_label for model in admin.site._registry}:
        yield "app_list", reverse("admin:app_list", args=[app])
    for model, pages in admin.site._registry.items():
        row = model.objects.order_by("pk").first()
        assert row is not None, model
        for url in pages.get_urls():
            kind = (url.name or "").split("_", 2)[-1]
            args = [row.pk] if kind in OF_A_RECORD else []
            if kind == "simple_history":
                args = [row.pk, row.history.first().pk] if row.history.exists() else None
            again = kind in once - {"changelist", "change"}
            if kind not in {"", "process_import"} and args is not None and not again:
                once.add(kind)
                yield kind, reverse(f"admin:{url.name}", args=args)


def test_every_page_of_the_admin(be, faults, opened, cast, east, two_enterprises):
    one_of_each(east, cast.dong, two_enterprises.first)
    # Persons are shown to those of the district only.
    User.objects.filter(pk=cast.admin.pk).update(role="district")
    be("admin")
    kinds = set()
    for kind, address in of_the_admin():
        # Nothing is deleted.
        assert opened(address, 403 if kind == "delete" else 200), address
        kinds.add(kind)
    assert kinds >= {"index", "app_list", "changelist", "add", "export", "import", "simple_history", *OF_A_RECORD}
    assert not faults


def test_what_is_shown_instead_of_a_page(page, be, faults, opened, cast, monkeypatch):
    assert opened("/accounts/login/")
    page.get_by_label("用户名").fill("dong")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("alert").wait_for()
    # The form was opened before the cookies were refused.
    page.context.clear_cookies()
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", level=1).wait_for()
    be("wei")
    assert opened("/"), "the first steps"
    assert opened("/nowhere/", 404)
    assert opened("/enterprises/new/")
    page.evaluate("[...document.forms].forEach(form => form.noValidate = true)")
    page.get_by_role("button", name="保存").click()
    page.locator(".fault").first.wait_for()
    be("nobody")
    assert opened("/")
    be("dong")
    assert opened("/dashboard/", 403)
    be("admin")
    assert opened("/admin/committees/committee/?name=%00", 400)
    monkeypatch.setattr(search, "lately", lambda request: 1 / 0)
    assert opened("/search/", 500)
    assert not faults
