"""Import and export in the admin: headings, names and labels as its users know them, and nothing changed by an export
that comes back."""

import datetime as dt
import io
import zipfile

import pytest
import tablib
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committees.models import AccessLog, Committee
from common.desk.brought_in import LookedAtForm
from common.desk.resources import FORMATS, RegisterResource, resource_of
from common.models import Filing
from enterprises.models import Enterprise, Headcount, MassOrganization
from instructors.models import Assignment, Instructor
from ledgers.reading import limits
from organizations.models import Cover, Member, MemberStage, PartyOrganization, SecretaryTerm
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
CSV, XLSX = FORMATS


def resource(model) -> RegisterResource:
    of = admin.site._registry[model]
    return resource_of(model, of.identities, of.not_in_files)()


def rows(*lines: list) -> tablib.Dataset:
    return tablib.Dataset(*lines[1:], headers=lines[0])


@pytest.fixture
def register(two_enterprises, east):
    first = two_enterprises.first
    Enterprise.objects.filter(pk=first.pk).update(name="=危险+公司", above_scale=True)
    body = first.covers.get().organization
    body.secretary_terms.create(name="王新", start=D(2020, 1, 1), source="official")
    make.headcount(first, employees=20, full_members=1)
    first.mass_organizations.create(kind="union", form="own", start=D(2019, 1, 1))
    make.member(east, first)
    return two_enterprises


MODELS = [
    Committee, Enterprise, PartyOrganization, Instructor, Member, Cover, Assignment, Headcount, MassOrganization,
    SecretaryTerm, MemberStage,
]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("model", MODELS)
def test_an_export_that_comes_back_changes_nothing(register, model, form):
    kind = form()
    content = kind.export_data(resource(model).export())
    assert form is not CSV or content.startswith("\ufeff")
    before = model.history.count()
    data = kind.create_dataset(content if isinstance(content, bytes) else content.removeprefix("\ufeff"))
    assert len(data) == model.objects.count() > 0
    assert not {"id", "编号"} & set(data.headers)
    result = resource(model).import_data(data, dry_run=False, raise_errors=True)
    assert result.totals["update"] == result.totals["new"] == 0 and not result.has_validation_errors()
    assert model.history.count() == before


def test_names_and_labels_stand_for_keys_and_codes(register, east):
    PartyOrganization.objects.update(form="joint")
    data = resource(PartyOrganization).export()
    line = data.dict[0]
    assert (line["所在党（工）委"], line["组建方式"]) == ("东关办事处", "联合组建"), line
    cover = resource(Cover).export().dict[0]
    assert "（东关办事处）" in cover["党组织"] and register.first.credit_code in cover["企业"]


def test_a_file_of_which_nothing_is_understood_is_an_error(register, cast, signed_in):
    client = signed_in(cast.admin)
    for content, words in (("甲,乙\n1,2\n", "没有一列看得懂"), ("地址\n某路\n", "缺少认出每一行的栏目")):
        file = SimpleUploadedFile("a.csv", content.encode(), "text/csv")
        page = client.post("/admin/enterprises/enterprise/import/", {"import_file": file, "format": "0"})
        assert words in page.content.decode()


def test_the_models_own_checks_and_every_bad_word_are_told(cast, signed_in):
    file = SimpleUploadedFile("a.csv", "名称,类别\n清河乡,乡党委\n坏种类,不知道\n".encode(), "text/csv")
    page = signed_in(cast.admin).post("/admin/committees/committee/import/", {"import_file": file, "format": "0"})
    assert "没有“不知道”这一项" in page.content.decode()
    assert not Committee.objects.filter(name__in=["清河乡", "坏种类"]).exists()


def test_a_fact_comes_in_by_the_engine(register):
    first = register.first
    ledger = rows(["企业", "开始日期", "职工人数"], [first.credit_code, "2022-01-01", 33])
    heading = {field.attribute: field.column_name for field in resource(Headcount).fields.values()}
    ledger.headers = [heading["enterprise"], heading["start"], heading["employees"]]
    result = resource(Headcount).import_data(ledger, dry_run=False, raise_errors=True)
    assert result.totals["new"] == 1, [each.errors for each in result.rows]
    said = list(first.headcounts.order_by("start").values_list("start", "end", "employees"))
    # What held before ends where the new one begins, and that somebody said so is remembered.
    assert (D(2022, 1, 1), None, 33) in said and len({end for _, end, _ in said if end is None}) == 1, said
    assert Filing.objects.filter(subject="enterprise", key=first.pk, day=D(2022, 1, 1)).exists()


def test_two_of_one_name_are_an_error_and_not_the_first(register, east, west):
    for committee in (east, west):
        make.organization(committee, "中共同名支部委员会")
    heading = {field.attribute: field.column_name for field in resource(Cover).fields.values()}
    names = [heading[name] for name in ("organization", "enterprise", "start")]
    data = rows(names, ["中共同名支部委员会", register.first.credit_code, "2022-01-01"])
    result = resource(Cover).import_data(data, dry_run=True)
    assert "有 2 个叫“中共同名支部委员会”" in str([each.validation_error or each.errors for each in result.rows])


def test_a_preview_writes_nothing_and_holds_no_lock(register):
    data = resource(Enterprise).export()
    changed = rows(data.headers, *[[*line] for line in data])
    place = data.headers.index("地址")
    lines = [[*line[:place], "新地址", *line[place + 1 :]] for line in changed]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = resource(Enterprise).import_data(rows(data.headers, *lines), dry_run=True)
    assert result.totals["update"] == 2
    # Savepoints are of this test's own transaction.
    written = [each["sql"] for each in queries if not each["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert not written, written


def test_who_took_away_and_who_brought_in_is_on_record(register, cast, signed_in):
    client = signed_in(cast.admin)
    page = client.get("/admin/enterprises/enterprise/export/").content.decode()
    assert "credit_code" in page
    answer = client.post(
        "/admin/enterprises/enterprise/export/",
        {"format": "1", "enterpriseresource_name": "on", "enterpriseresource_credit_code": "on", "resource": "0"},
    )
    assert answer.status_code == 200 and AccessLog.objects.filter(what="export", user=cast.admin).exists(), answer
    file = SimpleUploadedFile("a.csv", "名称,类别\n清河乡,乡党委\n".encode(), "text/csv")
    preview = client.post("/admin/committees/committee/import/", {"import_file": file, "format": "0"})
    form = preview.context["confirm_form"]
    client.post("/admin/committees/committee/process_import/", form.initial)
    log = AccessLog.objects.get(what="import")
    assert (log.user, log.count) == (cast.admin, 1) and Committee.objects.filter(name="清河乡").exists()


@pytest.fixture
def bomb() -> bytes:
    """A workbook that unpacks to far more than its size."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(["名称", "类别"]))) as book,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in book.namelist():
            more = b" " * (limits.RATIO_FROM + 5_000_000) if name == "xl/worksheets/sheet1.xml" else b""
            out.writestr(name, book.read(name) + more)
    return made.getvalue()


def test_a_file_is_looked_at_before_the_web_process_opens_it(cast, signed_in, bomb, monkeypatch):
    client = signed_in(cast.admin)
    opened = []
    monkeypatch.setattr(XLSX, "create_dataset", lambda *_: opened.append(1) or tablib.Dataset())

    def bring(content: bytes) -> str:
        file = SimpleUploadedFile("a.xlsx", content)
        return client.post("/admin/committees/committee/import/", {"import_file": file, "format": "1"}).content.decode()

    assert "解压后过大" in bring(bomb) and "已损坏" in bring(b"PK\x03\x04broken") and not opened
    with monkeypatch.context() as patch:
        patch.setattr(limits, "FILE_BYTES", 5)
        assert "文件超过" in bring(xlsx(["名称", "类别"])) and not opened
    bring(xlsx(["名称", "类别"], ["清河乡", "乡党委"]))
    assert opened


def test_every_import_of_the_admin_is_looked_at():
    for each in admin.site._registry.values():
        if hasattr(each, "import_form_class"):
            assert each.import_form_class is LookedAtForm, each
