"""Pictures of the demo district, for the README and for our own eyes: `make screenshots`.

Those of the README go to docs/screenshots, the others to var/screenshots.
"""

from pathlib import Path

import pytest
from django.conf import settings

from committees.models import Committee
from coverage_tracker import demo
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import Cover, Member, PartyOrganization
from tests import ledger_maker as maker
from tests.browser.test_access import uploaded

README = Path(settings.BASE_DIR) / "docs" / "screenshots"
OTHERS = settings.VAR_DIR / "screenshots"
UPLOADS = {
    "settle": "/ledgers/conflicts/{conflict}/",
    "committed": "/ledgers/{upload}/",
    "same": "/ledgers/{upload}/?kind=same",
    "undo": "/ledgers/{upload}/undo/",
    "refused": "/ledgers/{refused}/",
    "running": "/ledgers/{running}/",
}
SIZES = {"wide": (1440, 900), "phone": (390, 844)}


@pytest.mark.django_db(transaction=True)
def test_take_screenshots(page, live_server, sign_in, tmp_path):
    demo.load()
    OTHERS.mkdir(parents=True, exist_ok=True)
    committee = Committee.objects.get(short_name="城东办事处")
    rows = maker.truth("城东办事处", 1, 12)
    grid = maker.table(rows, maker.Style())
    grid[3][7] = "约五十"
    grid[5][4] = "2019年13月5日"
    ledger = maker.write_xlsx(tmp_path / "城东办事处台账.xlsx", grid, committee="城东办事处")
    made = uploaded()
    addresses = {
        "dashboard": "/dashboard/?as_of=2021-06-30",
        "dashboard-end": "/dashboard/?as_of=2023-12-31",
        "committee": f"/committees/{committee.pk}/?as_of=2021-06-30",
        "committee-plan": f"/committees/{committee.pk}/plan/",
        "items": "/items/organization/?item=six_haves&has=no",
        "liaisons": "/liaisons/",
        "list": "/figures/organization_uncovered/?as_of=2021-06-30",
        "enterprises": "/enterprises/",
        "enterprise": f"/enterprises/{Enterprise.objects.first().pk}/",
        "enterprise-edit": f"/enterprises/{Enterprise.objects.first().pk}/edit/",
        "enterprise-close": f"/enterprises/{Enterprise.objects.first().pk}/close/",
        "organization": f"/organizations/{PartyOrganization.objects.first().pk}/",
        "members": "/members/?as_of=2023-12-31",
        "member": f"/members/{Member.objects.first().pk}/",
        "member-new": "/members/new/",
        "organization-new": "/organizations/new/",
        "instructor": f"/instructors/{Instructor.objects.first().pk}/",
        "instructor-new": "/instructors/new/",
        "enterprise-assign": f"/enterprises/{Enterprise.objects.first().pk}/assign/",
        "correct": f"/facts/cover/{Cover.objects.first().pk}/correct/",
        "work": "/todo/",
        "plan": "/plan/",
        "users": "/users/",
        "search": "/search/?q=dy",
        "organizations": "/organizations/",
        "instructors": "/instructors/",
        "upload-new": "/ledgers/new/",
        "uploads": "/ledgers/",
        "ledger-help": "/ledgers/help/",
        "mappings": "/ledgers/mappings/",
        "conflicts": "/ledgers/conflicts/",
        **{name: address.format(**made) for name, address in UPLOADS.items()},
    }
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{live_server.url}/accounts/login/")
        page.screenshot(path=OTHERS / f"login-{size}.png")
        sign_in("quwei", demo.PASSWORD)
        page.goto(f"{live_server.url}/ledgers/new/")
        page.get_by_label("填报单位").select_option(label="城东办事处")
        page.get_by_label("台账文件").set_input_files(ledger)
        page.get_by_role("button", name="上传并预览").click()
        addresses["preview"] = page.url.removeprefix(live_server.url)
        for name, address in addresses.items():
            page.goto(live_server.url + address)
            page.wait_for_timeout(400)
            page.screenshot(path=OTHERS / f"{name}-{size}.png", full_page=True)
            if size == "wide" and name in {"dashboard", "committee", "preview", "list"}:
                page.screenshot(path=README / f"{name}.png")
