"""A district of two committees with links of every kind between them, and a walk through every door of one of them.

SECRET stands in all that is West's own business, TOLD in the names that East may know because something of East hangs
on them (docs/access.md).
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from committees.models import AccessLog, Committee
from common.identifiers import check_id_number
from common.models import Extra
from common.periods import Precision
from common.plan import Subject
from common.today import today
from enterprises.models import Enterprise
from enterprises.transfer import transfer
from instructors.models import Assignment, Instructor
from ledgers.codes import KINDS
from ledgers.models import Conflict, Upload
from organizations.merge import merge
from organizations.models import Member, MemberPlacement, PartyOrganization
from reports.indicators import FIGURES
from reports.models import Target
from tests import make
from tests.linked_reading import noticing, would_read
from tests.linked_sending import ID_NUMBERS, SECRET, THEIRS, codes, ended, opened_before, sent, tries
from tests.one_of_each import SINCE, one_of_each

D = dt.date
TOLD = "禹明"
PHONE = "13900009999"


def owned(committee, name: str) -> Enterprise:
    found = make.enterprise(committee, name, registered=D(2015, 1, 1))
    make.cover(found, make.organization(committee, f"中共{name}支部委员会"))
    make.assign(found, committee)
    return found


def build(cast, east, west) -> dict[str, dict[str, int]]:
    """{"own": keys of one record of each kind of East, "theirs": the same of West}, linked in every way."""
    mine = owned(east, "东方商贸有限公司")
    theirs = theirs_alone(cast, west, "一")
    own = one_of_each(east, cast.dong, mine)
    came = link(cast, east, west, mine)
    return {"own": own, "theirs": theirs, "came": came}


def theirs_alone(cast, west, which: str) -> dict[str, int]:
    """What is West's and hangs on nothing of East's."""
    cast.xi.name = f"{SECRET}用户"
    cast.xi.save()
    cast.xi._meta.model.objects.create_user(f"xi-{which}", name=f"{SECRET}某{which}", role="committee", committee=west)
    alone = owned(west, f"{SECRET}独自公司{which}")
    Instructor.objects.filter(assignments__enterprise=alone).update(name=f"{SECRET}指导员", unit=SECRET, phone=PHONE)
    keys = one_of_each(west, cast.xi, alone, f"{SECRET}{which}")
    Member.objects.filter(pk=keys["member"]).update(id_fingerprint=check_id_number(ID_NUMBERS[which]).fingerprint)
    # What is to be done by West only.
    for facts in (alone.covers, alone.assignments):
        facts.update(start_precision=Precision.ASSUMED)
    for missing in ("credit_code", "registered_on"):
        lacking = make.enterprise(west, f"{SECRET}缺项公司{which}{missing}")
        Enterprise.objects.filter(pk=lacking.pk).update(**{missing: None})
    make.exclude(lacking, D(2022, 1, 1))
    probationer = make.member(west, alone, "probationary", D(2022, 1, 1))
    probationer.name = f"{SECRET}预备党员"
    probationer.save()
    AccessLog.note(None, "export", user=cast.xi, count=7)
    waiting = {"committee": west, "user": cast.xi, "size": 1}
    Upload.objects.create(**waiting, file_name=f"{SECRET}待提交{which}.xlsx", sha256=which * 64, state="examined")
    # Of his own committee's business, a name near which nothing of East's stands.
    make.organization(west, f"中共{SECRET}孤立{which}支部委员会")
    for each in Upload.objects.filter(committee=west):
        each.problems = [
            {
                "sheet": "表",
                "row": 1,
                "column": "A",
                "heading": "x",
                "value": SECRET,
                "level": "error",
                "message": SECRET,
            }
        ]
        each.save()
    Target.objects.create(plan=Target.objects.first().plan, committee=west, indicator="organization_covered", due_on=D(2023, 1, 1 + Target.objects.filter(committee=west).count()), percent=50, clause=Target.objects.first().clause)  # fmt: skip
    return keys


def link(cast, east, west, mine) -> dict[str, int]:
    """Links of every kind between the two; the keys of what came to East, and of what is between them."""
    # Transferred to East: West's people, organization and instructor go on hanging on it.
    came = make.enterprise(west, "迁来公司", registered=D(2015, 1, 1))
    make.cover(came, make.organization(west, f"中共{TOLD}支部委员会"))
    person = make.member(west, came)
    person.name, person.phone, person.born_on = f"{SECRET}随迁党员", PHONE, D(1971, 2, 3)
    person.save()
    guide = Instructor.objects.create(committee=west, name=f"{TOLD}指导员", unit=SECRET, phone=PHONE)
    Assignment.objects.create(instructor=guide, enterprise=came, start=SINCE)
    Extra.objects.create(subject="enterprise", key=came.pk, kind="enterprise_ledger", heading=f"{SECRET}栏", value=SECRET, day=SINCE, committee=west.pk)  # fmt: skip
    upload = Upload.objects.create(
        committee=west, user=cast.xi, file_name=f"{SECRET}旧台账.xlsx", sha256="3" * 64, size=1, state="committed"
    )
    came._change_reason = f"upload:{upload.pk}"
    came.save()
    transfer(came, committee=east, on=D(2022, 1, 1))
    # Transferred away: what West has said of it since.
    gone = make.enterprise(east, "迁出公司", registered=D(2015, 1, 1))
    transfer(gone, committee=west, on=D(2022, 1, 1))
    gone.address, gone.remark = f"{SECRET}新址", SECRET
    gone.save()
    make.headcount(gone, start=D(2022, 6, 1), employees=88)
    # Jointly covered, lent, placed elsewhere: both ways.
    abroad = make.enterprise(west, f"{TOLD}联建公司", registered=D(2015, 1, 1))
    abroad.address, abroad.contact_phone = SECRET, PHONE
    abroad.save()
    covered = make.cover(abroad, mine.covers.get().organization)
    lent = Assignment.objects.create(instructor=mine.assignments.get().instructor, enterprise=abroad, start=SINCE)
    ours = make.member(east, None)
    MemberPlacement.objects.filter(member=ours).update(enterprise=abroad)
    placed = make.member(west, None)
    Member.objects.filter(pk=placed.pk).update(name=f"{SECRET}外派党员", phone=PHONE)
    MemberPlacement.objects.filter(member=placed).update(enterprise=mine, organization=mine.covers.get().organization)
    # Merged, voided, undone, claimed.
    into = make.organization(west, f"中共{SECRET}合并支部委员会")
    merge(make.organization(west, f"中共{SECRET}被并支部委员会"), into=into, on=D(2022, 1, 1))
    abroad.headcounts.create(employees=99, start=SINCE).delete()
    Upload.objects.create(
        committee=west, user=cast.xi, file_name=f"{SECRET}撤回.xlsx", sha256="1" * 64, size=1, state="undone"
    )
    Upload.objects.create(
        committee=None, user=cast.wei, file_name=f"{SECRET}全区名单.xlsx", sha256="2" * 64, size=1, state="compared"
    )
    for ours_claims in (True, False):
        sides = {"committee": east, "holder": west} if ours_claims else {"committee": west, "holder": east}
        words = (
            {"name": "甲", "claimed": "甲", "held": SECRET}
            if ours_claims
            else {"name": person.name, "claimed": person.name, "held": "乙"}
        )
        conflict = Conflict.objects.create(kind="person", subject=f"{ours_claims}", day=SINCE, **sides, **words)
    between = {"cover": covered.pk, "assignment": lent.pk, "memberplacement": ours.placements.get().pk}
    between["conflict"] = conflict.pk
    return {"enterprise": came.pk, "phone": came.pk, **between}


# -- the walk ---------------------------------------------------------------------------------------


def patterns(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from patterns(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield pattern.name, prefix + str(pattern.pattern)


def named(keys: dict[str, int]) -> dict[str, list[str]]:
    """By the name of an address: the address filled in with these keys and every word that may stand in it."""
    found = {}
    for name, route in patterns():
        if name in {"logout", "healthz", "readyz", "status", "login"}:
            continue
        words = {
            "<slug:key>": list(FIGURES),
            "<slug:subject>": list(Subject.values),
            "<slug:kind>": list(KINDS)
            if name == "ledger-template"
            else ["enterprises", "organizations", "instructors", "members"],
        }
        route = route.replace("<int:pk>", str(keys.get(name.partition("-")[0], 0)))
        part = next((part for part in words if part in route), None)
        found[name] = [f"/{route.replace(part, word)}" for word in words[part]] if part else [f"/{route}"]
    return found


def addresses(keys: dict[str, int]) -> list[str]:
    """Every address, filled in with these keys and every word that may stand in it."""
    return [address for filled in named(keys).values() for address in filled]


def short(keys: dict[str, int]) -> list[str]:
    """The addresses that are asked with more words too: of the figures one, since by which it is they read the same."""
    filled = named(keys)
    filled["figure"] = filled["figure"][:1]
    return [address for each in filled.values() for address in each if address.count("/") <= 3]


def questions(own: dict[str, int], theirs: dict[str, int], came: dict[str, int]) -> list[str]:
    """What somebody of East may try: every own address, every address of West, and what is asked across."""
    west = theirs["committee"]
    asked = addresses(own) + addresses(theirs) + addresses({**own, **came})
    words = (f"committee={west}", f"q={SECRET}", f"q={PHONE[:6]}", "as_of=2021-06-30")
    asked += [f"{address}?{word}" for word in words for address in short(own)]
    asked += [
        f"/lookup/{kind}/?x={mark}"
        for kind in ("enterprises", "organizations", "instructors", "members")
        for mark in (SECRET, TOLD)
    ]
    asked += [
        f"/ledgers/templates/{kind}/?committee={pk}&filled=1" for kind in KINDS for pk in (own["committee"], west)
    ]
    asked += ["/ledgers/conflicts/?all=1", "/ledgers/?state=undone", f"/figures/enterprises/groups/?committee={west}"]
    asked += [f"/enterprises/check-credit-code/?credit_code={code}" for code in codes()]
    asked += ["/search/?q=西苑", "/search/"]
    return list(dict.fromkeys(asked))


def doors_of(own: dict[str, int], theirs: dict[str, int], came: dict[str, int]) -> list[str]:
    """Every address of West, once."""
    return list(dict.fromkeys(addresses({**theirs, "conflict": came["conflict"]})))


def once(own: dict[str, int], theirs: dict[str, int], came: dict[str, int]) -> list[str]:
    """An address of West for every name that an address has."""
    return [filled[0] for filled in named({**theirs, "conflict": came["conflict"]}).values()]


_VARIES = [
    re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(r'"X-CSRFToken": "[^"]*"'),
    re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?"),
]


def parts_of(book: bytes) -> str:
    """All that stands in a workbook: every part of it, as it is (an eighth of the time that reading its cells takes)."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


def said(answer: Any) -> str:
    """All that an answer says: status, headers with the name of the file, body or the parts of a workbook."""
    head = f"{answer.status_code} {[(name, value) for name, value in answer.headers.items() if name not in {'Set-Cookie', 'X-Request-ID'}]}"
    sheet = "spreadsheet" in answer.get("Content-Type", "")
    body = parts_of(answer.content) if sheet and answer.content else answer.content.decode("utf-8", "replace")
    for pattern in _VARIES:
        body = pattern.sub("", body)
    # The size of a zip varies with its dates.
    return re.sub(r"\('Content-Length', '\d+'\)", "", head) + body


def walk(client, asked: list[str], begin: Callable[[str], None] = lambda address: None) -> dict[str, str]:
    """Address (and what was sent) → all that it says. A page is not asked again with a word that it does not read.
    `begin` is told of every address that is asked, and of "" before what is asked at the end of every walk."""
    # Of what was opened lately every walk knows at its beginning the same.
    session = client.session
    session["lately"] = []
    session.save()
    with noticing():
        return _walk(client, asked, begin)


def _walk(client, asked: list[str], begin: Callable[[str], None]) -> dict[str, str]:
    found, read = {}, {}
    for address in asked:
        if not would_read(address, read):
            continue
        begin(address)
        answer = client.get(address)
        found[address] = said(answer)
        if answer.status_code == 200:
            read[address] = set(answer.wsgi_request.GET.read)
        for number, data in enumerate(tries(answer) if answer.status_code == 200 else []):
            named = f" {SECRET}" if SECRET in str(data) else ""
            found[f"{address} #{number}{named}"] = said(sent(client, address, data))
        if answer.status_code == 200 and address.endswith("/end/"):
            found[f"{address} ended"] = said(ended(client, address))
        if answer.status_code == 405 and address.startswith("/ledgers/"):
            asks = {"committee": Committee.objects.get(order=2).pk}
            found[f"{address} sent"] = said(sent(client, address, asks, follow=True))
    begin("")
    for kind, model in (("enterprise", Enterprise), ("instructor", Instructor), ("member", Member)):
        for pk in THEIRS[model]():
            found[f"/phones/{kind}/{pk}/ sent"] = said(sent(client, f"/phones/{kind}/{pk}/", {"reason": "查"}))
    found["/search/ opened before"] = said(opened_before(client))
    return found


def walk_otherwise(client, asked: list[str]) -> dict[str, str]:
    """Method and address → all that is said when it is asked for by neither GET nor POST."""
    methods = (client.head, client.options, client.put, client.patch, client.delete, client.trace)
    return {f"{ask.__name__} {address}": said(ask(address)) for address in asked for ask in methods}


def hidden() -> list[str]:
    """The addresses of what East may not open: a link to one tells that it is there, and leads nowhere."""
    west = Committee.objects.get(order=2)
    rows = [west, *PartyOrganization.objects.filter(committee=west), *Instructor.objects.filter(committee=west)]
    rows += [*Member.objects.filter(committee=west), *Enterprise.objects.under(west.pk, today())]
    return [*(row.get_absolute_url() for row in rows), reverse("committee-plan", args=[west.pk])]


def business_of_west() -> list[str]:
    """What no answer to somebody of East holds: West's own words, a link or a way to what he may not open, West among
    the committees to choose from."""
    links = hidden()
    ways = [f"'Location', '{link}" for link in links]
    return [SECRET, PHONE, *(f'href="{link}' for link in links), *ways, f">{Committee.objects.get(order=2)}</option>"]


def persons() -> list[str]:
    """What no answer to somebody holds who may not know who belongs to the party."""
    return list(Member.objects.filter(name__contains=SECRET).values_list("name", flat=True))


def anything() -> list[str]:
    """What no answer to somebody without a role holds."""
    named = (model.objects.values_list("name", flat=True) for model in (Committee, Enterprise, PartyOrganization))
    return [SECRET, PHONE, *(name for names in named for name in names)]


def leaks(told: dict[str, str], marks: Iterable[str] = ()) -> list[str]:
    """The addresses that tell what is West's own business (or what holds one of `marks`). What was sent comes back in
    the box that sent it."""
    found = []
    marks = marks or business_of_west()
    for address, words in told.items():
        if SECRET in address or PHONE[:6] in address:
            words = re.sub(rf'value="[^"]*{SECRET}[^"]*"|“[^”]*{SECRET}[^”]*”|value="{PHONE[:6]}"', "", words)
        for mark in marks:
            if mark in words:
                at = words.index(mark)
                found.append(f"{address}: …{words[max(0, at - 60) : at + 60]!r}…")
                break
    return found
