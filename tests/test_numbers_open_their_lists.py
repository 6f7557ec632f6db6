"""Every number on a page opens a list of exactly that many rows."""

import datetime as dt
import re
from html import unescape

import pytest
from django.utils import timezone

from committees.models import Committee
from enterprises.transfer import transfer
from ledgers.models import Upload
from organizations.models import State
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
_LINK = re.compile(r'<a[^>]*href="([^"]+)"[^>]*>\s*(?:未知 |未达到的 )?(\d+)(?: 家| 个)?\s*</a>')
_LISTS = ("/figures/", "/recognitions/", "/enterprises/", "/organizations/")


@pytest.fixture
def district(east, west):
    """Enterprises without jurisdiction, transferred, closed, excluded, in a closed committee; some of all is unknown."""
    gone = Committee.objects.create(kind="township", name="撤并乡", order=3)
    for number, committee in enumerate([east, west, gone, None] * 4):
        row = make.enterprise(committee, registered=D(2015, 1, 1))
        if number % 3 == 0:
            make.cover(row, make.organization(committee or east), D(2019, 1, 1))
        if number % 3 == 1:
            cover = make.cover(row, make.organization(committee or east, established=D(2016, 1, 1)), D(2022, 6, 30))
            type(cover).objects.filter(pk=cover.pk).update(start_precision="assumed")
        if number % 5 == 0:
            make.assign(row, committee or west)
        if number % 2 == 0:
            make.headcount(row, D(2021, 6, 30), employees=45 + number, full_members=number % 4, probationary_members=0)
        if number in (4, 7):
            row.closed_on = D(2022, 3, 1)
            row.save()
        if number in (8, 11):
            make.exclude(row, D(2021, 1, 1), reason="dormant" if number == 8 else "shell")
        if number in (0, 5):
            transfer(row, committee=west if committee == east else east, on=D(2022, 1, 1))
    gone.active, gone.name = False, "撤并乡（原）"
    gone.save()
    for how, day in (("day", D(2021, 5, 1)), ("assumed", D(2023, 6, 30))):
        body = make.organization(east)
        State.objects.create(code="double_strong_district", organization=body, start=day, start_precision=how)
    Upload.objects.create(
        committee=east, file_name="台账.xlsx", size=1, as_of=D(2022, 6, 30), committed_at=timezone.now()
    )
    return {"gone": gone}


def numbers(client, address: str) -> list[tuple[str, int]]:
    page = client.get(address)
    assert page.status_code == 200, address
    # Of the months of the trend, which is a table of links too, two.
    text = re.sub(r'(?s)(<table id="trend-table">(?:.*?</tr>){3}).*?</table>', r"\1</table>", page.content.decode())
    found = {(unescape(href), int(number)) for href, number in _LINK.findall(text)}
    return sorted(each for each in found if each[0].startswith(_LISTS) and not re.search(r"[?&]page=", each[0]))


def rows_of(client, address: str) -> int:
    page = client.get(address)
    assert page.status_code == 200, address
    listed = page.context.get("page")
    return listed.paginator.count if listed is not None else len(page.context["rows"])


@pytest.mark.parametrize("as_of", ["2021-12-31", ""])
@pytest.mark.parametrize(
    ("who", "pages"),
    [("wei", ["/dashboard/", "/committees/", "/todo/", "EACH"]), ("dong", ["/committees/", "/todo/", "OWN"])],
)
def test_every_number_opens_a_list_of_its_size(cast, signed_in, district, east, who, pages, as_of):
    client = signed_in(getattr(cast, who))
    each = [f"/committees/{committee.pk}/" for committee in Committee.objects.all()]
    addresses = [*pages[:-1], *(each if pages[-1] == "EACH" else [f"/committees/{east.pk}/"])]
    opened: dict[str, int] = {}
    for address in addresses:
        for link, number in numbers(client, f"{address}?as_of={as_of}" if as_of else address):
            opened[link] = opened.get(link) if link in opened else rows_of(client, link)
            assert opened[link] == number, (address, link)
    assert len(opened) > 40


def test_the_list_of_enterprises_and_of_the_base_agree(cast, signed_in, district, east):
    """What was registered by a day and neither closed nor left out by then, for one user on one day."""
    for who, as_of in (("wei", ""), ("dong", ""), ("wei", "2021-12-31"), ("dong", "2021-12-31")):
        client, asked = signed_in(getattr(cast, who)), f"?as_of={as_of}" if as_of else ""
        base = rows_of(client, f"/figures/enterprises/{asked}")
        outside = rows_of(client, f"/figures/left_out/{asked}") + rows_of(client, f"/figures/closed/{asked}")
        assert rows_of(client, f"/enterprises/{asked}") == base + outside, (who, as_of)


def test_what_was_transferred_away_stays_in_the_old_committees_lists_of_before(cast, signed_in, east, west):
    row = make.enterprise(east, "东方商贸有限公司", registered=D(2015, 1, 1))
    row.legal_representative = "后来的法人"
    row.save()
    transfer(row, committee=west, on=D(2022, 1, 1))
    client = signed_in(cast.dong)
    for address in ("/enterprises/", "/figures/enterprises/"):
        before = client.get(address, {"as_of": "2021-12-31"}).content.decode()
        assert row.name in before and f'href="/enterprises/{row.pk}/"' not in before and "后来的法人" not in before
        assert row.name not in client.get(address, {"as_of": "2022-01-01"}).content.decode()
    assert client.get(f"/enterprises/{row.pk}/").status_code == 404
    client = signed_in(cast.xi)
    for address in ("/enterprises/", "/figures/enterprises/"):
        assert row.name not in client.get(address, {"as_of": "2021-12-31"}).content.decode()
        assert f'href="/enterprises/{row.pk}/"' in client.get(address, {"as_of": "2022-01-01"}).content.decode()


def test_who_has_handed_in_nothing_has_a_row_and_says_so(cast, signed_in, district):
    page = signed_in(cast.wei).get("/dashboard/").content.decode()
    assert "台账 2022-06-30" in page and page.count("未报送") >= 2
    assert "尚未上传台账" in signed_in(cast.xi).get("/todo/").content.decode()
    assert "尚未上传台账" not in signed_in(cast.dong).get("/todo/").content.decode()
