"""What a file leaves open, in a real browser: a word settled for all rows, a column kept and given back, several files
dropped at once, one given up, one tried again."""

import io

import openpyxl
import pytest
from playwright.sync_api import expect

from ledgers.models import Upload
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = ["企业名称", "职工人数", "正式党员数", "经营状态", "三会一课"]


def ledger(word: str, day: str = "2023年12月20日") -> bytes:
    return xlsx(
        ["填报单位：东关办事处", f"填报时间：{day}"],
        HEAD,
        *([f"第{n}商贸有限公司", 10, 0, word if n else "在业", "按期"] for n in range(4)),
    )


def upload(page, live_server, content: bytes, name: str = "台账.xlsx") -> None:
    page.goto(f"{live_server.url}/ledgers/new/")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("台账文件").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="上传并预览").click()


def test_a_word_and_a_column_are_settled_once_and_the_column_comes_back(
    page, live_server, sign_in, cast, east, complaints, tmp_path
):
    sign_in("dong")
    upload(page, live_server, ledger("拟注销"))
    expect(page.locator("#settling")).to_contain_text("3 行：第 4、5、6 行")
    page.get_by_label("经营状态 = 拟注销").select_option(label="在业")
    page.locator("#settling").get_by_label("E 列“三会一课”").select_option(label="保存为附加栏")
    page.get_by_role("button", name="记住并重新检查").click()
    expect(page.locator("#settling")).to_have_count(0)
    page.get_by_role("button", name="提交导入").click()
    expect(page.locator(".message.success").first).to_contain_text("新增 4，")
    page.goto(f"{live_server.url}/enterprises/")
    page.get_by_role("link", name="第1商贸有限公司", exact=True).click()
    expect(page.get_by_role("region", name="附加栏")).to_contain_text("按期")
    filled = page.request.get(f"{live_server.url}/ledgers/templates/enterprise_ledger/?committee={east.pk}&filled=1")
    sheet = openpyxl.load_workbook(io.BytesIO(filled.body())).worksheets[0]
    assert "按期" in [cell.value for row in sheet.iter_rows() for cell in row]
    upload(page, live_server, filled.body(), "填好的样表.xlsx")
    expect(page.get_by_role("button", name="提交（没有变动）")).to_be_visible()
    assert complaints == []


DROP = """([target, files]) => {
  const data = new DataTransfer();
  for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
  const form = document.querySelector(target);
  for (const kind of ["dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}));
}"""


def test_three_files_are_dropped_one_is_given_up_and_one_is_tried_again(page, live_server, sign_in, cast, complaints):
    sign_in("dong")
    page.goto(f"{live_server.url}/ledgers/new/")
    good = ledger("在业"), ledger("在业", "2023年11月20日")
    files = [["一.xlsx", list(good[0])], ["二.xlsx", list(good[1])], ["三.xlsx", list(b"nonsense")]]
    page.evaluate(DROP, ["form[data-drop]", files])
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("收到 3 个文件")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("tr", has_text="三.xlsx").get_by_role("button", name="作废").click()
    expect(page.get_by_text("“三.xlsx”已作废")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    Upload.objects.filter(file_name="二.xlsx").update(state="failed", note="处理时中断了")
    page.reload()
    page.locator("tr", has_text="二.xlsx").get_by_role("link", name="重试").click()
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("导入预览")
    assert complaints == []
