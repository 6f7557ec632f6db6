"""The admin is no second door: the same masks, records and scope as the pages; nothing is deleted there."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile

from committees.models import AccessLog
from common.desk.admin import RegisterAdmin
from common.desk.brought_in import FOLDER, expire_waiting
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import Member
from tests import make
from tests.uploading import cells_of

pytestmark = pytest.mark.django_db
PHONE, MASK = "13812340846", "138****0846"


@pytest.fixture
def known(two_enterprises, east):
    person = make.member(east, two_enterprises.first)
    instructor = Instructor.objects.first()
    for record, said in (
        (two_enterprises.first, {"contact_phone": PHONE}),
        (instructor, {"phone": PHONE}),
        (person, {"phone": PHONE, "name": "李员", "born_on": dt.date(1980, 5, 6)}),
    ):
        for name, value in said.items():
            setattr(record, name, value)
        record.save()
    return {
        "enterprises/enterprise": two_enterprises.first,
        "instructors/instructor": instructor,
        "organizations/member": person,
    }


@pytest.fixture
def both(cast):
    """An administrator who is also of the district."""
    cast.admin.role = "district"
    cast.admin.save()
    return cast.admin


@pytest.mark.parametrize("under", ["enterprises/enterprise", "instructors/instructor", "organizations/member"])
def test_forms_and_history_show_masks(known, both, signed_in, under):
    client, record = signed_in(both), known[under]
    version = record.history.first().history_id
    for page in ("change/", "history/", f"history/{version}/"):
        answer = client.get(f"/admin/{under}/{record.pk}/{page}")
        said = answer.content.decode()
        assert answer.status_code == 200 and MASK in said and PHONE not in said and "1980-05-06" not in said, page
    form = client.get(f"/admin/{under}/{record.pk}/change/").context["adminform"].form
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert client.post(f"/admin/{under}/{record.pk}/change/", data).status_code == 302
    before = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    record.refresh_from_db()
    assert {name: getattr(record, name) for name in before} == before


def export_of(client, under: str, columns: list[str]) -> str:
    model = under.partition("/")[2]
    chosen = {f"{model}resource_{name}": "on" for name in columns}
    return cells_of(client.post(f"/admin/{under}/export/", {"format": "1", "resource": "0", **chosen}).content)


def test_exports_carry_masks_and_are_on_record_with_their_hash(known, both, signed_in):
    client = signed_in(both)
    for under, column in (("enterprises/enterprise", "contact_phone"), ("instructors/instructor", "phone")):
        said = export_of(client, under, ["name", column])
        assert MASK in said and PHONE not in said
    assert [len(row.sha256) for row in AccessLog.objects.filter(what="export")] == [64, 64]


def test_a_mask_in_a_file_means_no_change_and_another_is_refused(known, both, signed_in):
    client, first = signed_in(both), known["enterprises/enterprise"]

    def bring(phone: str):
        content = f"统一社会信用代码,企业名称,联系电话\n{first.credit_code},{first.name},{phone}\n".encode()
        return client.post(
            "/admin/enterprises/enterprise/import/",
            {"import_file": SimpleUploadedFile("a.csv", content), "format": "0"},
        )

    assert bring(MASK).context["result"].totals["skip"] == 1
    assert "请填写全号" in bring("138****0000").content.decode()


def test_two_instructors_of_one_name_are_told_apart_by_their_masks(known, both, signed_in, east):
    first = known["instructors/instructor"]
    other = Instructor.objects.create(committee=east, name=first.name, phone="13900000001")
    from tests.test_admin_files import resource, rows

    data = resource(Instructor).export(Instructor.objects.filter(pk=other.pk))
    assert "139****0001" in str(data)
    result = resource(Instructor).import_data(
        rows(data.headers, *[[*line] for line in data]), dry_run=False, raise_errors=True
    )
    assert result.totals["skip"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "contact_phone__startswith=138",
        "contact_phone=13812340846",
        "history__history_user__password__startswith=a",
        "legal_representative__contains=李",
    ],
)
def test_a_question_by_the_address_is_not_answered(known, both, signed_in, query):
    answer = signed_in(both).get(f"/admin/enterprises/enterprise/?{query}")
    assert answer.status_code in {302, 400}, answer.status_code


@pytest.mark.parametrize(
    "query",
    ["nosuch=1", "ownership__nosuch=1", "p=-1", "p=x", "o=99.x", "q=%00", "ownership__exact=%00", "committee=abc", "registered_on__year=x", "id=x", "id__exact=9999999999999999999999", "_to_field=password", "e=1", "all=x", "ownership=a&ownership=b"],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error_of_ours(known, both, signed_in, query):
    for under in ("enterprises/enterprise", "instructors/instructor", "committees/user", "ledgers/upload"):
        assert signed_in(both).get(f"/admin/{under}/?{query}").status_code < 500, under


def test_an_administrator_without_a_role_sees_no_person(known, cast, signed_in):
    client, person = signed_in(cast.admin), known["organizations/member"]
    index = client.get("/admin/").content.decode()
    assert "organizations/member/" not in index and "enterprises/enterprise/" in index
    for address in ("", f"{person.pk}/change/", f"{person.pk}/history/", "export/", "import/"):
        assert client.get(f"/admin/organizations/member/{address}").status_code in {302, 403, 404}, address
    term = {"app_label": "organizations", "model_name": "memberstage", "field_name": "member", "term": "李"}
    assert client.get("/admin/autocomplete/", term).status_code == 403
    said = client.get("/search/?q=李员").content.decode() + client.get("/members/").content.decode()
    said += client.get(f"/enterprises/{known['enterprises/enterprise'].pk}/").content.decode()
    assert f"/members/{person.pk}/" not in said and ">李员<" not in said
    assert client.get("/items/member/").status_code == 404


def test_looking_at_a_person_is_on_record(known, both, signed_in):
    person = known["organizations/member"]
    client = signed_in(both)
    for page in ("change/", "history/", f"history/{person.history.first().history_id}/"):
        client.get(f"/admin/organizations/member/{person.pk}/{page}")
    assert [row.subject for row in AccessLog.objects.of_record(person).order_by("pk")] == [
        "后台页面",
        "后台修改记录",
        "后台修改记录",
    ]


def test_nothing_is_deleted(known, both, signed_in):
    client, first = signed_in(both), known["enterprises/enterprise"]
    for model, of in admin.site._registry.items():
        assert not of.has_delete_permission(client.get("/admin/").wsgi_request), model
    client.post(
        "/admin/enterprises/enterprise/", {"action": "delete_selected", "_selected_action": [first.pk], "post": "yes"}
    )
    client.post(f"/admin/enterprises/enterprise/{first.pk}/delete/", {"post": "yes"})
    assert Enterprise.objects.filter(pk=first.pk).exists()


def test_every_model_of_persons_is_marked_as_such():
    for model, of in admin.site._registry.items():
        if isinstance(of, RegisterAdmin):
            named = any(field.related_model is Member and not field.null for field in model._meta.concrete_fields)
            assert of.of_persons == (named or model is Member), model


def test_a_file_that_nobody_confirms_goes(both, signed_in):
    file = SimpleUploadedFile("a.csv", "名称,类别\n清河乡,乡党委\n".encode(), "text/csv")
    signed_in(both).post("/admin/committees/committee/import/", {"import_file": file, "format": "0"})
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / FOLDER
    (waiting,) = folder.iterdir()
    assert expire_waiting() == 0
    import os

    old = waiting.stat().st_mtime - 2 * 24 * 3600
    os.utime(waiting, (old, old))
    assert expire_waiting() == 1 and not list(folder.iterdir())
