"""Uploads against what happened before, after and meanwhile: older ledgers, transfers, undo, mappings."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from enterprises.models import Enterprise, Headcount, MassOrganization
from enterprises.transfer import transfer
from instructors.models import Assignment
from ledgers.models import Conflict, Upload, UploadState
from ledgers.uploads.conflicts import settle
from ledgers.uploads.mapping import remember
from organizations.models import Cover, Member, SecretaryTerm, State
from tests import make
from tests.uploading import settle_open, xlsx

pytestmark = pytest.mark.django_db
D = dt.date
LEDGER = ["企业名称", "统一社会信用代码", "职工人数", "地址", "是否建立党组织", "党组织名称", "党建指导员姓名"]


def test_what_was_transferred_is_neither_shown_nor_changed_by_its_name(post, two_enterprises, west):
    first = two_enterprises.first
    transfer(first, committee=west, on=D(2020, 1, 1))
    first.address = "西边的地址"
    first.save()
    upload = post(xlsx(LEDGER, [first.name, None, 99, "我们的地址", "否", None, None]))
    assert upload.errors == 1 and upload.changes == 0 and "西边的地址" not in str(upload.differences)
    assert "已由其他党（工）委管理" in upload.problems[0]["message"]
    rows = [["指导员姓名", "联系电话", "指导企业", "派驻时间"], ["程某", None, first.name, "2023-01-01"]]
    assert "没有在本单位登记" in str(post(xlsx(*rows)).problems)
    rows = [["企业名称", "统一社会信用代码", "工会", "妇联"], [first.name, first.credit_code, "否", "是"]]
    assert post(xlsx(*rows), as_of="2019-06-01").errors == 1


def test_an_older_ledger_after_a_newer_one_overlaps_nothing(post):
    row = ["甲公司", make.credit_code(5), 10, None, "是", "中共甲支部委员会", "程某"]
    roster = ["姓名", "党员类别", "入党时间"]
    for day, stage in (("2023-06-30", "正式党员"), ("2022-06-30", "积极分子"), ("2022-12-30", "正式党员")):
        post.commit(post(xlsx(LEDGER, row), as_of=day))
        upload = post.commit(post(xlsx(roster, ["李员", stage, None]), as_of=day))
        assert upload.state == UploadState.COMMITTED, (day, [each["message"] for each in upload.problems])
    assert Cover.objects.values_list("start", "end").get() == (D(2022, 6, 30), None)
    assert Assignment.objects.values_list("start", "end").get() == (D(2022, 6, 30), None)
    stages = Member.objects.get().stages.order_by("start")
    assert [(each.stage, each.start, each.end) for each in stages] == [
        ("activist", D(2022, 6, 30), D(2022, 12, 30)),
        ("full", D(2022, 12, 30), None),
    ]
    assert list(Headcount.objects.order_by("start").values_list("start", "end")) == [
        (D(2022, 6, 30), D(2023, 6, 30)),
        (D(2023, 6, 30), None),
    ]


def test_a_date_after_the_ledgers_own_comes_in_once(post, two_enterprises):
    sheet = ["党组织名称", "成立时间", "书记", "换届时间", "有场所"]
    row = ["中共东方商贸有限公司支部委员会", "2010-01-01", "王新", "2023-06-01", "2023-06-01"]
    mass = ["企业名称", "工会", "工会建立时间", "妇联"]
    roster = ["姓名", "党员类别", "入党时间"]
    for again in range(2):
        for content in (
            xlsx(sheet, row),
            xlsx(mass, ["东方商贸有限公司", "是", "2023-06-01", None]),
            xlsx(roster, ["李员", "预备党员", "2023-06-01"]),
        ):
            upload = post(content, as_of=f"2023-05-1{again}")
            assert not upload.errors and bool(upload.changes) is not bool(again), upload.differences
            post.commit(upload)
    for model in (SecretaryTerm, State, MassOrganization, Member):
        assert model.objects.count() == 1


def test_an_undo_is_refused_where_something_later_would_overlap(post, two_enterprises, west):
    first = two_enterprises.first
    MassOrganization.objects.create(enterprise=first, kind="union", form="own", start=D(2018, 1, 1))
    rows = [["企业名称", "统一社会信用代码", "工会", "共青团"], [first.name, first.credit_code, "否", None]]
    ended = post.commit(post(xlsx(*rows), as_of="2022-05-01"))
    rows[1][2] = "是"
    post.commit(post(xlsx(*rows), as_of="2023-05-01"))
    post.client.post(f"/ledgers/{ended.pk}/undo/")
    ended.refresh_from_db()
    assert ended.state == UploadState.COMMITTED and "后来登记的" in ended.note, ended.note
    assert MassOrganization.objects.filter(end=None).count() == 1


def test_an_undo_is_refused_where_another_committee_answers_by_now(post, two_enterprises, west):
    first = two_enterprises.first
    upload = post.commit(post(xlsx(LEDGER, [first.name, first.credit_code, 20, "新地址", None, None, None])))
    transfer(first, committee=west, on=D(2024, 1, 1))
    post.client.post(f"/ledgers/{upload.pk}/undo/")
    upload.refresh_from_db()
    assert upload.state == UploadState.COMMITTED and "已由其他党（工）委管理" in upload.note
    first.refresh_from_db()
    assert first.address == "新地址"


def test_a_mapping_changed_after_the_preview_stops_the_commit(post, east):
    upload = post(xlsx([*LEDGER[:3], "在哪儿"], ["甲公司", make.credit_code(5), 10, "某地"]))
    upload = settle_open(post.client, upload, 在哪儿="-")
    remember(east, None, [("enterprise_ledger", "在哪儿", "address")])
    post.commit(upload)
    assert upload.state == UploadState.EXAMINED and "重新比对" in upload.note and not Enterprise.objects.exists()


def test_a_mapping_is_of_its_kind_of_file_and_of_the_whole_heading(post, east):
    remember(east, None, [("organization_sheet", "支部", "name"), ("enterprise_ledger", "人（男）", "activists")])
    heads = [*LEDGER[:3], "支部", "人（男）", "人（女）"]
    upload = post(xlsx(heads, ["甲公司", make.credit_code(5), 10, "中共甲支部委员会", 3, 4]))
    found = {each["heading"]: each["field"] for each in upload.columns}
    assert found["企业名称"] == "name" and found["人(男)"] == "activists" and "人(女)" not in found, found
    assert not upload.errors


def test_the_same_enterprise_twice_is_found_without_its_code(post):
    code = make.credit_code(5)
    upload = post(xlsx(LEDGER[:4], ["甲公司", code, 10, "一"], ["甲公司", None, 99, "二"]))
    assert upload.errors == 1 and "重复" in upload.problems[-1]["message"]


def test_two_of_one_name_are_not_told_apart_by_it(post, east):
    first, second = (make.enterprise(east, "同名公司") for _ in range(2))
    assert "几家同名企业" in str(post(xlsx(LEDGER[:3], ["同名公司", None, 10])).problems)
    upload = post(xlsx(LEDGER[:3], ["同名公司", second.credit_code, 10]))
    assert not upload.errors and upload.counts["changed"] == 1
    # The one that is open is meant.
    Enterprise.objects.filter(pk=second.pk).update(closed_on=D(2022, 1, 1))
    upload = post.commit(post(xlsx(LEDGER[:3], ["同名公司", None, 12])))
    assert Headcount.objects.get().enterprise == first, upload.problems


def test_an_id_number_in_another_column_is_left_out_and_said(post):
    number = "11010519491231002X"
    heads = ["企业名称", "统一社会信用代码", "成立日期", "备注", "联系人"]
    upload = post(xlsx(heads, ["甲公司", None, "2015-01-01", f"法人身份证{number}", f"张三{number}"]))
    assert [each["column"] for each in upload.problems] == ["D", "E"]
    post.commit(upload)
    upload.refresh_from_db()
    kept = str(list(Upload.objects.values())) + str(list(Enterprise.objects.values()))
    assert number not in kept and Enterprise.objects.get().remark == ""
    wrong = post(xlsx(heads, ["乙公司", number, "2015-01-01", None, None]))
    assert wrong.errors and number not in str(wrong.problems)
    samples = post(
        xlsx([*heads[:3], "谁的号", "手机号甲"], ["丙公司", None, "2015-01-01", f"No{number}", "13800001234"])
    )
    assert number not in str(samples.unmapped) and "13800001234" not in str(samples.unmapped)


def test_a_conflict_about_what_is_gone_can_be_closed(post, two_enterprises, cast):
    second = two_enterprises.second
    post.commit(post(xlsx(LEDGER[:3], [second.name, second.credit_code, 10])), skip_bad_rows="1")
    conflict = Conflict.objects.get()
    Enterprise.objects.filter(pk=second.pk).update(credit_code=make.credit_code(77))
    with pytest.raises(ValidationError, match="没有这条记录"):
        settle(conflict, user=cast.wei, decision="claimed", reason="查", on=None)
    settle(conflict, user=cast.wei, decision="held", reason="查", on=None)


def test_an_expired_preview_is_not_committed(post):
    upload = post(xlsx(LEDGER[:3], ["甲公司", make.credit_code(5), 10]))
    Path(upload.file.path).unlink()
    Upload.objects.update(expired_at=dt.datetime.now(dt.UTC))
    post.client.post(f"/ledgers/{upload.pk}/commit/", {"acknowledged": "1"})
    upload.refresh_from_db()
    assert upload.state == UploadState.EXAMINED and not Enterprise.objects.exists()
