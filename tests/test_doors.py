"""Every door, for every role. A URL that is not in the table fails the test."""

import datetime as dt

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from ledgers.models import ColumnMapping, Upload, WordMeaning
from tests import make
from tests.one_of_each import one_of_each

pytestmark = pytest.mark.django_db

ROLES = ("wei", "kan", "dong", "dong_kan", "xi", "nobody", "admin")
# What each role is answered: wei (district), kan (its viewer), dong (owns the rows asked
# for), dong_kan (its viewer), xi (another committee), nobody (no role), admin.
# An entry is (method, answers); "login" for anonymous is checked for all but PUBLIC.
ALL = (200,) * 7
OWN = (200, 200, 200, 200, 404, 404, 200)
# Changes to one's own rows, and what only the district decides.
# Of persons, and of files that name them: an administrator without another role sees none.
PERSONS = (200, 200, 200, 200, 404, 404, 404)
CHANGE_PERSONS = (200, 403, 200, 403, 404, 403, 403)
CHANGE = (200, 403, 200, 403, 404, 403, 200)
SETTLE = (200, 403, 403, 403, 403, 403, 200)
ASKS = {
    "start": ("get", (302, 302, 302, 302, 302, 200, 302)),
    "status": ("get", (200, 200, 403, 403, 403, 403, 200)),
    "accounts-sheet": ("get", (403, 403, 403, 403, 403, 403, 200)),
    "accounts-sheet-template": ("get", (403, 403, 403, 403, 403, 403, 200)),
    "dashboard": ("get", (200, 200, 403, 403, 403, 403, 200)),
    "dashboard-export": ("get", (200, 200, 403, 403, 403, 403, 200)),
    "committees": ("get", ALL),
    "committee": ("get", OWN),
    "figure": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "figure-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "enterprises": ("get", ALL),
    "enterprises-export": ("get", ALL),
    "enterprise": ("get", OWN),
    "enterprise-new": ("get", (200, 403, 200, 403, 200, 403, 200)),
    "enterprise-edit": ("get", CHANGE),
    "check-credit-code": ("get", (200, 403, 200, 403, 200, 403, 200)),
    "enterprise-headcount": ("get", CHANGE),
    "enterprise-mass": ("get", CHANGE),
    "enterprise-item": ("get", CHANGE),
    "headcount-correct": ("get", CHANGE),
    "massorganization-correct": ("get", CHANGE),
    "jurisdiction-correct": ("get", SETTLE),
    "baseexclusion-correct": ("get", SETTLE),
    "cover-correct": ("get", CHANGE),
    "assignment-correct": ("get", CHANGE),
    "secretaryterm-correct": ("get", CHANGE),
    "state-correct": ("get", CHANGE),
    "memberstage-correct": ("get", (200, 403, 200, 403, 404, 403, 404)),
    "memberplacement-correct": ("get", (200, 403, 200, 403, 404, 403, 404)),
    "organization-new": ("get", (200, 403, 200, 403, 200, 403, 200)),
    "organization-edit": ("get", CHANGE),
    "instructor-new": ("get", (200, 403, 200, 403, 200, 403, 200)),
    "instructor-edit": ("get", CHANGE),
    "instructor-assign": ("get", CHANGE),
    "member": ("get", PERSONS),
    "member-seen": ("get", (200, 403, 200, 403, 404, 403, 404)),
    "member-seen-export": ("get", (200, 403, 200, 403, 404, 403, 404)),
    "access-log": ("get", ALL),
    "access-log-export": ("get", ALL),
    "member-new": ("get", (200, 403, 200, 403, 200, 403, 403)),
    "member-edit": ("get", CHANGE_PERSONS),
    "member-stage": ("get", CHANGE_PERSONS),
    "member-place": ("get", CHANGE_PERSONS),
    "member-leave": ("get", CHANGE_PERSONS),
    "member-erase": ("get", (200, 403, 403, 403, 403, 403, 403)),
    "member-transfer": ("get", (200, 403, 403, 403, 403, 403, 404)),
    "lookup": ("get", ALL),
    "phone": ("post", CHANGE),
    "work": ("get", (200, 200, 200, 200, 200, 403, 200)),
    "plan": ("get", (200, 200, 200, 200, 200, 403, 200)),
    "enterprise-transfer": ("get", SETTLE),
    "enterprise-exclude": ("get", SETTLE),
    "enterprise-ask-exclusion": ("get", (403, 403, 200, 403, 404, 403, 403)),
    "enterprise-bulk-ask-exclusion": ("get", (403, 403, 302, 403, 302, 403, 403)),
    "enterprise-found-joint": ("get", CHANGE),
    "enterprise-bulk-found-joint": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "newly": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "newly-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "nominations": ("get", ALL),
    "nominations-export": ("get", ALL),
    "partyorganization-nominate": ("get", CHANGE),
    "enterprise-nominate": ("get", CHANGE),
    "member-nominate": ("get", CHANGE_PERSONS),
    "nomination-review": ("get", SETTLE),
    "nomination-award": ("get", SETTLE),
    "nomination-decline": ("get", SETTLE),
    "nomination-withdraw": ("get", CHANGE),
    "nomination-bulk-review": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "nomination-bulk-award": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "nomination-bulk-decline": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "nomination-bulk-withdraw": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "inspections": ("get", ALL),
    "inspections-export": ("get", ALL),
    "inspection": ("get", OWN),
    "committee-inspect": ("get", SETTLE),
    "committee-bulk-inspect": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "partyorganization-inspect": ("get", CHANGE),
    "partyorganization-bulk-inspect": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "enterprise-inspect": ("get", CHANGE),
    "enterprise-bulk-inspect": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "inspection-report": ("get", (403, 403, 200, 403, 404, 403, 403)),
    "inspection-bulk-report": ("get", (403, 403, 302, 403, 302, 403, 403)),
    "inspection-close": ("get", SETTLE),
    "inspection-bulk-close": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "inspection-return": ("get", SETTLE),
    "inspection-bulk-return": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "inspection-correct": ("get", CHANGE),
    "inspection-void": ("get", CHANGE),
    "clarity": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "clarity-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "grid": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "grid-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "dispatch": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "dispatch-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "effective": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "effective-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "mass": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "mass-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "mass-grid": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "funds": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "funds-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "preferences": ("get", (200, 200, 200, 200, 200, 404, 404)),
    "preferences-export": ("get", (200, 200, 200, 200, 200, 404, 404)),
    # Of an industry line; no committee here is one.
    "line": ("get", (200, 200, 404, 404, 404, 404, 200)),
    "line-export": ("get", (200, 200, 404, 404, 404, 404, 200)),
    "cover-lead": ("get", CHANGE),
    "secretaries": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "secretaries-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "funnel": ("get", (200, 200, 200, 200, 200, 404, 404)),
    "funnel-export": ("get", (200, 200, 200, 200, 200, 404, 404)),
    "joint-branches": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "joint-branches-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "exclusions": ("get", ALL),
    "exclusions-export": ("get", ALL),
    "exclusion-requests": ("get", ALL),
    "exclusion-requests-export": ("get", ALL),
    "exclusionrequest-approve": ("get", SETTLE),
    "exclusionrequest-refuse": ("get", SETTLE),
    "exclusionrequest-withdraw": ("get", CHANGE),
    "exclusionrequest-bulk-approve": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "exclusionrequest-bulk-refuse": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "exclusionrequest-bulk-withdraw": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "registration-findings": ("get", ALL),
    "registration-findings-export": ("get", ALL),
    **{f"registrationfinding-{slug}": ("get", CHANGE) for slug in ("settle", "dismiss", "again")},
    **{
        f"registrationfinding-bulk-{slug}": ("get", (302, 403, 302, 403, 302, 403, 302))
        for slug in ("settle", "dismiss", "again")
    },
    "enterprise-include": ("get", SETTLE),
    "enterprise-cover": ("get", CHANGE),
    "enterprise-assign": ("get", CHANGE),
    "enterprise-close": ("get", CHANGE),
    "enterprise-reopen": ("get", CHANGE),
    "organization": ("get", OWN),
    "partyorganization-cover": ("get", CHANGE),
    "partyorganization-item": ("get", CHANGE),
    "partyorganization-reelect": ("get", CHANGE),
    "partyorganization-renew": ("get", CHANGE),
    "partyorganization-bulk-renew": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "partyorganization-kind": ("get", CHANGE),
    "partyorganization-change": ("get", CHANGE),
    "partyorganization-merge": ("get", CHANGE),
    "partyorganization-dissolve": ("get", CHANGE),
    "partyorganization-restore": ("get", CHANGE),
    "partyorganization-transfer": ("get", SETTLE),
    "cover-end": ("get", CHANGE),
    "instructor": ("get", OWN),
    "assignment-end": ("get", CHANGE),
    **{
        f"{model}-bulk-item": ("get", (302, 403, 302, 403, 302, 403, 302))
        for model in ("enterprise", "partyorganization", "instructor", "member", "committee")
    },
    "partyorganization-bulk-liaison": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "enterprise-bulk-assign": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "enterprise-bulk-check": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "enterprise-bulk-exclude": ("get", (302, 403, 403, 403, 403, 403, 302)),
    "enterprise-check": ("get", CHANGE),
    "enterprise-change": ("get", CHANGE),
    "instructor-extend": ("get", CHANGE),
    "instructor-bulk-extend": ("get", (302, 403, 302, 403, 302, 403, 302)),
    "instructor-leave": ("get", CHANGE),
    "instructor-return": ("get", CHANGE),
    "formerenterprise-correct": ("get", CHANGE),
    "formerorganization-correct": ("get", CHANGE),
    "members": ("get", ALL),
    "members-export": ("get", ALL),
    "users": ("get", ALL),
    "users-export": ("get", ALL),
    "search": ("get", ALL),
    "organizations": ("get", ALL),
    "organizations-export": ("get", ALL),
    "instructors": ("get", ALL),
    "instructors-export": ("get", ALL),
    "uploads": ("get", ALL),
    "upload-new": ("get", (200, 403, 200, 403, 200, 403, 403)),
    "upload": ("get", PERSONS),
    "upload-as-of": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-again": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-commit": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-mapping": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-unit": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-discard": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-settle": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-retry": ("post", (302, 403, 302, 403, 404, 403, 403)),
    "upload-undo": ("get", CHANGE_PERSONS),
    "upload-progress": ("get", PERSONS),
    "upload-original": ("get", CHANGE_PERSONS),
    "upload-marked": ("get", CHANGE_PERSONS),
    "upload-details": ("get", PERSONS),
    "ledger-help": ("get", ALL),
    "ledger-template": ("get", ALL),
    "mappings": ("get", ALL),
    "mapping-forget": ("post", (302, 403, 302, 403, 404, 403, 302)),
    "word-forget": ("post", (302, 403, 302, 403, 404, 403, 302)),
    "conflicts": ("get", ALL),
    "conflict-settle": ("get", SETTLE),
    "password_change": ("get", ALL),
    "login": ("get", (302,) * 7),
    "logout": ("post", (302,) * 7),
    "items": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "items-groups": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "liaisons": ("get", ALL),
    "figure-groups": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "items-export": ("get", (200, 200, 200, 200, 200, 404, 200)),
    "plan-export": ("get", (200, 200, 200, 200, 200, 403, 200)),
    "plan-edit": ("get", SETTLE),
    "plan-rules": ("get", SETTLE),
    "plan-target-new": ("get", SETTLE),
    "target-edit": ("get", SETTLE),
    "duty-edit": ("get", SETTLE),
    "item-edit": ("get", SETTLE),
    "plan-item-new": ("get", SETTLE),
    "clause-edit": ("get", SETTLE),
    "committee-plan": ("get", OWN),
    "committee-responsible": ("get", CHANGE),
    "responsible-correct": ("get", CHANGE),
    "committee-item": ("get", CHANGE),
    "instructor-item": ("get", CHANGE),
    "member-item": ("get", (200, 403, 200, 403, 404, 403, 404)),
    "partyorganization-liaison": ("get", CHANGE),
    "liaison-correct": ("get", CHANGE),
    "event-correct": ("get", CHANGE),
    "amount-correct": ("get", CHANGE),
    "state-end": ("get", CHANGE),
    "second-factor": ("get", ALL),
    "own-sessions": ("get", ALL),
    "sign-in-again": ("post", (422,) * 7),
    "healthz": ("get", ALL),
    "readyz": ("get", ALL),
}
PUBLIC = {"login", "healthz", "readyz", "logout", "sign-in-again"}


def patterns(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from patterns(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield pattern.name, prefix + str(pattern.pattern)


def test_every_url_is_in_the_table():
    assert {name for name, _ in patterns()} == set(ASKS)


@pytest.fixture
def addresses(two_enterprises, east, cast):
    keys = one_of_each(east, cast.dong, two_enterprises.first)

    def address(name: str, route: str) -> str:
        key = keys.get(name.partition("-")[0], 0)
        filled = {
            "<int:pk>": str(key),
            "<slug:key>": "enterprises",
            "<slug:subject>": "organization",
            "<slug:kind>": {"lookup": "enterprises", "ledger-template": "member_roster"}.get(name, "enterprise"),
        }
        for part, value in filled.items():
            route = route.replace(part, value)
        return "/" + route

    return {name: address(name, route) for name, route in patterns()}


@pytest.mark.parametrize("name", ASKS)
def test_each_role_at_each_door(name, addresses, cast, client, east):
    method, answers = ASKS[name]
    for role, expected in zip(ROLES, answers, strict=True):
        # Forgotten by the role before: there again for the next.
        if name in {"mapping-forget", "word-forget"}:
            model = ColumnMapping if name == "mapping-forget" else WordMeaning
            model.objects.get_or_create(pk=int(addresses[name].split("/")[-3]), defaults={"committee_id": east.pk})
        client.force_login(getattr(cast, role), backend="django.contrib.auth.backends.ModelBackend")
        assert getattr(client, method)(addresses[name]).status_code == expected, (name, role)
    client.logout()
    answer = getattr(client, method)(addresses[name])
    if name not in PUBLIC:
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_an_inactive_user_is_nobody(cast, client):
    assert not client.login(username="gone", password="long-enough-1")


LISTS = ["/enterprises/", "/organizations/", "/instructors/", "/figures/enterprises/", "/figures/organization_covered/", "/committees/"]  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_lists_hold_ones_own_rows_only(address, two_enterprises, cast, signed_in, east, west):
    own, other = (east, west)
    page = signed_in(cast.dong).get(address).content.decode()
    secrets = {"/committees/": other.name, "/instructors/": "指导员2"}.get(address, two_enterprises.second.name)
    mine = {"/committees/": own.name, "/instructors/": "指导员1"}.get(address, two_enterprises.first.name)
    assert mine in page and secrets not in page
    district = signed_in(cast.wei).get(address).content.decode()
    assert mine in district and secrets in district
    nobody = signed_in(cast.nobody).get(address).content.decode()
    assert mine not in nobody and secrets not in nobody


@pytest.mark.parametrize("address", [address + "export/" for address in LISTS[:-1]])
def test_exports_hold_ones_own_rows_only(address, two_enterprises, cast, signed_in):
    import io

    import openpyxl

    answer = signed_in(cast.dong).get(address)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    text = "".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "西山" not in text and "指导员2" not in text
    assert "东方" in text or "指导员1" in text
    assert answer["X-Content-Type-Options"] == "nosniff" and "attachment" in answer["Content-Disposition"]


def test_anothers_committee_in_a_filter_gives_nothing_of_it(two_enterprises, cast, signed_in, west):
    for address in LISTS[:-1]:
        page = signed_in(cast.dong).get(address, {"committee": west.pk}).content.decode()
        assert "西山" not in page and "西苑" not in page


def test_an_upload_for_another_committee_is_refused(cast, signed_in, west):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = signed_in(cast.dong).post(
        "/ledgers/new/", {"committee": west.pk, "file": SimpleUploadedFile("a.csv", b"a,b")}
    )
    assert answer.status_code == 422 and not Upload.objects.exists()


def test_a_past_figure_shows_what_was_the_committees_then(cast, signed_in, two_enterprises, east, west):
    held = two_enterprises.first.jurisdictions.get()
    held.end = dt.date(2021, 1, 1)
    held.save()
    two_enterprises.first.jurisdictions.create(committee=west, start=dt.date(2021, 1, 1))
    client = signed_in(cast.dong)
    assert "东方" in client.get("/figures/enterprises/?as_of=2020-12-31").content.decode()
    assert "东方" not in client.get("/figures/enterprises/?as_of=2021-01-01").content.decode()
    assert client.get(f"/enterprises/{two_enterprises.first.pk}/").status_code == 404


def test_the_admin_is_for_administrators_and_holds_every_model(cast, client):
    from django.apps import apps

    ours = {"committees", "enterprises", "organizations", "instructors", "ledgers", "reports"}
    models = [
        m
        for m in apps.get_models()
        if m._meta.app_label in ours
        and not m.__name__.startswith(("Historical", "KeyCheck", "WorkerSeen", "AppDevice", "PaperCodes"))
    ]
    assert len(models) >= 17
    # Who is also of the district.
    cast.both = type(cast.admin).objects.create_superuser("both", role="district")
    for model in models:
        assert admin.site.is_registered(model), model
        persons = getattr(admin.site._registry[model], "of_persons", False)
        for role, answer in (("wei", 302), ("dong", 302), ("admin", 403 if persons else 200), ("both", 200)):
            client.force_login(getattr(cast, role), backend="django.contrib.auth.backends.ModelBackend")
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            assert client.get(address).status_code == answer, (address, role)


def test_admin_export_page_runs_no_inline_script(cast, signed_in, two_enterprises):
    answer = signed_in(cast.admin).get("/admin/enterprises/enterprise/export/")
    assert answer.status_code == 200 and "admin-export.js" in answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_every_page_is_under_the_strict_policy(cast, signed_in, addresses):
    client = signed_in(cast.wei)
    for name in ("dashboard", "committees", "enterprises", "uploads", "upload-new"):
        answer = client.get(addresses[name])
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'self'" in policy
        page = answer.content.decode()
        assert " style=" not in page and "<style" not in page and "onclick" not in page and "<script>" not in page


def test_half_open_periods_are_kept_by_the_database_and_by_the_form(east, two_enterprises):
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError, transaction

    from enterprises.models import Headcount

    with pytest.raises(IntegrityError), transaction.atomic():
        make.headcount(two_enterprises.first, dt.date(2020, 1, 2), dt.date(2020, 1, 2))
    make.headcount(two_enterprises.first, dt.date(2020, 1, 1), dt.date(2021, 1, 1))
    with pytest.raises(ValidationError, match="重叠"):
        Headcount(enterprise=two_enterprises.first, start=dt.date(2020, 12, 31)).full_clean()
    Headcount(enterprise=two_enterprises.first, start=dt.date(2021, 1, 1)).full_clean()


def test_postgresql_refuses_overlap_itself(two_enterprises):
    from django.db import IntegrityError, connection, transaction

    if connection.vendor != "postgresql":
        pytest.skip("exclusion constraints are PostgreSQL's")
    make.headcount(two_enterprises.first, dt.date(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.headcount(two_enterprises.first, dt.date(2020, 6, 1))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
