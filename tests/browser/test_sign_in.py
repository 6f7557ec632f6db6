"""Signing in again over a half-filled form, and the second factor, in Chromium."""

import time

import pytest
from django.contrib.sessions.models import Session

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_half_filled_form_outlives_the_session(page, live_server, sign_in, cast, two_enterprises, complaints):
    sign_in("dong")
    page.clock.install()
    page.goto(f"{live_server.url}/enterprises/{two_enterprises.first.pk}/edit/")
    page.get_by_label("地址").fill("填到一半的地址")
    Session.objects.all().delete()
    page.clock.fast_forward("31:00")
    dialog = page.get_by_role("dialog", name="请重新登录")
    dialog.wait_for()
    dialog.get_by_label("密码").fill("wrong-password")
    dialog.get_by_role("button", name="登录").click()
    dialog.get_by_text("用户名、密码或动态口令不对").wait_for()
    dialog.get_by_label("密码").fill("long-enough-1")
    dialog.get_by_role("button", name="登录").click()
    dialog.wait_for(state="hidden")
    assert page.get_by_label("地址").input_value() == "填到一半的地址"
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存").wait_for()
    two_enterprises.first.refresh_from_db()
    assert two_enterprises.first.address == "填到一半的地址"
    # The refused password is the one complaint.
    assert len([each for each in complaints if "422" not in each]) == 0, complaints


def test_a_form_sent_too_late_is_kept_and_then_sent(page, live_server, sign_in, cast, two_enterprises):
    sign_in("dong")
    page.goto(f"{live_server.url}/enterprises/{two_enterprises.first.pk}/edit/")
    page.get_by_label("地址").fill("迟交的地址")
    Session.objects.all().delete()
    # The machine slept: nothing has run since.
    page.evaluate(f"Date.now = () => {int(time.time() * 1000) + 3600_000}")
    page.get_by_role("button", name="保存").click()
    dialog = page.get_by_role("dialog", name="请重新登录")
    dialog.get_by_label("密码").fill("long-enough-1")
    dialog.get_by_role("button", name="登录").click()
    page.get_by_text("已保存").wait_for()
    two_enterprises.first.refresh_from_db()
    assert two_enterprises.first.address == "迟交的地址"


def test_setting_up_a_second_factor(page, live_server, sign_in, cast, two_enterprises, settings, complaints):
    from committees.models import AppDevice
    from tests.test_sign_in import code_of

    settings.SECOND_FACTOR = True
    sign_in("wei")
    page.get_by_role("heading", name="动态口令").wait_for()
    page.get_by_label("6 位数字").fill(code_of(AppDevice.objects.get()))
    page.get_by_role("button", name="启用").click()
    page.get_by_text("请现在打印或抄下这 10 个备用码").wait_for()
    page.get_by_role("link", name="已经抄好").click()
    page.get_by_role("heading", name="区").first.wait_for()
    assert not complaints
