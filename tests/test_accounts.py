"""Accounts: one-time passwords, what an administrator does to an account, and committees and users from one sheet."""

import datetime as dt
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from committees.accounts import second
from committees.accounts.handing_out import hand_out
from committees.models import AccessLog, Committee, User
from committees.scope import Role
from coverage_tracker import accounts_sheet
from ledgers.reading import sandbox
from tests.test_sign_in import GOOD, NEW, code_of, sign_in
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db


def password_in(page) -> str:
    """The one-time password that a page of slips shows."""
    return re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", page.content.decode())[0]


def test_a_first_password_is_changed_before_anything_else(cast, east, signed_in):
    admin = signed_in(cast.admin)
    form = {"username": "lin", "name": "林", "role": "committee", "committee": east.pk}
    first = password_in(admin.post("/admin/committees/user/add/", form))
    client = Client()
    assert sign_in("lin", first, client=client).status_code == 302
    for address in ("/", "/enterprises/", "/ledgers/new/", "/search/?q=a"):
        assert client.get(address)["Location"] == "/accounts/password/"
    same = client.post("/accounts/password/", {"old_password": first, "new_password1": first, "new_password2": first})
    assert "不能和现在的一样" in same.content.decode()
    own = "quiet-harbor-5518"
    client.post("/accounts/password/", {"old_password": first, "new_password1": own, "new_password2": own})
    lin = User.objects.get(username="lin")
    assert client.get("/enterprises/").status_code == 200 and not lin.password_is_first and lin.password_until is None


def test_a_one_time_password_is_good_for_two_weeks(cast):
    slip = hand_out(cast.dong)
    assert sign_in("dong", slip.password).status_code == 302
    User.objects.filter(pk=cast.dong.pk).update(password_until=timezone.now() - dt.timedelta(minutes=1))
    assert "已经失效" in sign_in("dong", slip.password).content.decode()
    assert AccessLog.objects.filter(what="failed", who="dong", result="一次性密码已过期").exists()
    assert "已经失效" not in sign_in("dong", "wrong").content.decode()


def for_account(admin, user, action, **more):
    form = {"action": action, "_selected_action": [user.pk], **more}
    return admin.post("/admin/committees/user/", form)


def test_whoever_forgot_the_password_is_given_a_new_one_for_a_reason(cast, signed_in):
    dong = Client()
    sign_in("dong", client=dong)
    admin = signed_in(cast.admin)
    # The page where an administrator would think one up asks too.
    for asked in (
        for_account(admin, cast.dong, "one_time_passwords"),
        for_account(admin, cast.dong, "one_time_passwords", reason=" "),
        admin.get(f"/admin/committees/user/{cast.dong.pk}/password/"),
        admin.post(f"/admin/committees/user/{cast.dong.pk}/password/", {"password1": NEW, "password2": NEW}),
    ):
        assert "怎样核实是本人要求的" in asked.content.decode()
        assert dong.get("/enterprises/").status_code == 200
    given = password_in(for_account(admin, cast.dong, "one_time_passwords", reason="本人到场"))
    assert dong.get("/enterprises/")["Location"].startswith("/accounts/login/")
    assert sign_in("dong", GOOD).status_code == 200 and sign_in("dong", given).status_code == 302
    noted = AccessLog.objects.get(what="account", object_key=str(cast.dong.pk))
    assert (noted.user, noted.subject, noted.reason) == (cast.admin, "发新的一次性密码", "本人到场")


def test_sessions_left_open_are_ended_by_an_administrator(cast, signed_in):
    dong, xi = Client(), Client()
    sign_in("dong", client=dong)
    sign_in("xi", client=xi)
    for_account(signed_in(cast.admin), cast.dong, "end_sessions", reason="本人电话要求")
    assert dong.get("/enterprises/")["Location"].startswith("/accounts/login/")
    assert xi.get("/enterprises/").status_code == 200
    assert sign_in("dong", client=dong).status_code == 302 and dong.get("/enterprises/").status_code == 200


def test_an_administrator_takes_a_lost_one_off(cast, signed_in):
    codes = second.confirm(cast.wei, code_of(second.being_enrolled(cast.wei)))
    wei = Client()
    sign_in("wei", code=codes[0], client=wei)
    admin = signed_in(cast.admin)
    for_account(admin, cast.wei, "take_off_second_factor")
    assert second.has(cast.wei) and wei.get("/enterprises/").status_code == 200
    for_account(admin, cast.wei, "take_off_second_factor", reason="本人到场，核对了工作证")
    assert wei.get("/enterprises/").status_code == 302
    assert not second.has(cast.wei) and AccessLog.objects.filter(what="account", object_key=str(cast.wei.pk)).exists()


# -- from one sheet ---------------------------------------------------------------------------------

HEAD = ["党（工）委", "简称", "类别", "用户名", "姓名", "角色"]
GOOD_ROWS = [
    ["2023年用户登记表"],
    HEAD,
    ["区委组织部", None, None, "zuzhi", "齐", None],
    ["区委组织部", None, None, "kanban", "韩", "区委组织部（只读）"],
    ["柳湾乡党委", "柳湾乡", None, "liuwan", "柳", None],
    ["柳湾乡党委", None, None, "liuwan2", "刘", "党（工）委(只读)"],
    ["新区产业集聚区党工委", None, "集聚区党工委", None, None, None],
    ["东街办事处党工委", None, None, "dongjie2", "董", None],
]


def given(client, *rows, **more):
    file = SimpleUploadedFile("用户.xlsx", xlsx(*rows))
    return client.post("/accounts/sheet/", {"file": file, **more})


def shown(page) -> str:
    return re.search(r'name="shown" value="([^"]+)"', page.content.decode())[1]


def test_committees_and_users_come_from_one_sheet(cast, east, signed_in):
    east.name = "东街办事处党工委"
    east.save()
    admin, before = signed_in(cast.admin), User.objects.count()
    preview = given(admin, *GOOD_ROWS)
    assert preview.status_code == 200 and User.objects.count() == before
    page = admin.post("/accounts/sheet/", {"shown": shown(preview)}).content.decode()
    passwords = re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", page)
    assert len(set(passwords)) == 5 and User.objects.count() == before + 5
    liuwan, park = Committee.objects.get(name="柳湾乡党委"), Committee.objects.get(name="新区产业集聚区党工委")
    assert (liuwan.short_name, liuwan.kind, park.kind) == ("柳湾乡", "township", "cluster")
    found = {user.username: (user.committee, user.role, user.name) for user in User.objects.order_by("-pk")[:5]}
    assert found == {
        "zuzhi": (None, Role.DISTRICT, "齐"),
        "kanban": (None, Role.DISTRICT_VIEWER, "韩"),
        "liuwan": (liuwan, Role.COMMITTEE, "柳"),
        "liuwan2": (liuwan, Role.COMMITTEE_VIEWER, "刘"),
        "dongjie2": (east, Role.COMMITTEE, "董"),
    }
    assert AccessLog.objects.filter(what="account", subject="建立用户").count() == 5
    assert sign_in("liuwan", passwords[2])["Location"] and User.objects.get(username="liuwan").password_is_first
    # No password is kept in a page or a log, and the sheet given again makes nothing.
    assert not any(password in str(list(AccessLog.objects.values())) for password in passwords)
    again = given(admin, *GOOD_ROWS).content.decode()
    assert "没有要建立的" in again and "已有，不变" in again


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["柳湾乡党委", None, None, "dong", "柳", None], "“dong”已经有了，是"),
        (["柳湾乡党委", None, None, "DONG", "柳", None], "已经有了"),
        (["柳湾乡党委", None, None, "柳 湾!", "柳", None], "用户名："),
        (["柳湾乡党委", None, None, None, "柳", None], "用户名：是空的"),
        ([None, None, None, "liu", "柳", None], "党（工）委：是空的"),
        (["柳湾乡党委", None, None, "liu", "柳", "书记"], "没有“书记”这个角色"),
        (["柳湾乡党委", None, None, "liu", "柳", "区委组织部"], "看得到全区"),
        (["区委组织部", None, None, "liu", "柳", "党（工）委"], "不能是“党（工）委”"),
        (["柳湾乡党委", None, "镇党委", "liu", "柳", None], "没有“镇党委”这个类别"),
        (["柳湾乡党委", None, "办事处党工委", "liu", "柳", None], "已经是乡党委"),
        (["柳" * 101, None, None, "liu", "柳", None], "党（工）委："),
        (["柳湾乡党委", None, None, "liuwan", "柳", None], "在第 2 行已经有了"),
    ],
)
def test_one_wrong_row_keeps_all_out_and_says_where(cast, signed_in, row, said):
    before = (User.objects.count(), Committee.objects.count())
    page = given(signed_in(cast.admin), HEAD, ["柳湾乡党委", None, None, "liuwan", "柳", None], row)
    text = page.content.decode()
    assert page.status_code == 422 and said in text and '<td class="number">3</td>' in text and "shown" not in text
    assert (User.objects.count(), Committee.objects.count()) == before


def test_what_is_no_such_sheet_is_told(cast, signed_in, monkeypatch):
    admin = signed_in(cast.admin)
    assert "请先选择" in admin.post("/accounts/sheet/").content.decode()
    assert "没有找到表头" in given(admin, ["企业名称"], ["甲"]).content.decode()
    assert "没有内容" in given(admin, HEAD).content.decode()
    assert "单元格是公式" in given(admin, HEAD, ["=A1", None, None, "liu", "柳", None]).content.decode()
    monkeypatch.setattr(sandbox, "_read", lambda *given: False)
    assert "不是这个文件的问题" in given(admin, HEAD).content.decode()


def test_a_preview_that_is_changed_or_overtaken_makes_nothing(cast, signed_in):
    admin, before = signed_in(cast.admin), User.objects.count()
    waiting = shown(given(admin, *GOOD_ROWS))
    assert "过期" in admin.post("/accounts/sheet/", {"shown": waiting[:-2] + "xx"}).content.decode()
    cast.dong.username = "liuwan"
    cast.dong.save()
    assert "有了变化" in admin.post("/accounts/sheet/", {"shown": waiting}).content.decode()
    assert User.objects.count() == before and not Committee.objects.filter(name="柳湾乡党委").exists()


def test_the_sheet_to_be_filled_in_is_read(cast, signed_in, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(signed_in(cast.admin).get("/accounts/sheet/template/").content)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append(["柳湾乡党委", "柳湾乡", "乡党委", "liuwan", "柳", "党（工）委"])
    book.save(path)
    read = accounts_sheet.read(path)
    assert not read.faults and [row.username for row in read.rows] == ["liuwan"]
