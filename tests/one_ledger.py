"""One row of an enterprise ledger, to be changed by a test, and the ways to take it in."""

import datetime as dt
from pathlib import Path

from committees.models import Committee
from ledgers.process import Request, commit, examine
from tests import make

D = dt.date
AS_OF = D(2023, 12, 20)
CODE = make.credit_code(1)
BASE = {
    "企业名称": "示例商贸有限公司",
    "统一社会信用代码": CODE,
    "成立日期": "2018-05-01",
    "职工人数": 60,
    "正式党员数": 2,
    "预备党员数": 0,
    "是否建立党组织": "是",
    "党组织名称": "中共示例商贸有限公司支部委员会",
    "党组织成立时间": "2019-07-01",
    "书记姓名": "王书记",
    "党建指导员姓名": "",
    "派驻时间": "",
    "是否建立工会": "是",
    "经营状态": "在业",
    "注销日期": "",
}


def take(path: Path, committee: Committee, as_of: dt.date = AS_OF, **more):
    return commit(path, Request(committee, as_of), reason="试", **more)


def problems(path: Path, committee: Committee, as_of: dt.date | None = AS_OF) -> list[tuple]:
    return [(p.row, p.column, p.level, p.message) for p in examine(path, Request(committee, as_of)).problems]
