"""Names, numbers and days of a made-up district, the same every time."""

import datetime as dt
from random import Random
from typing import TypeVar

from django.db import models
from stdnum.cn import uscc

from enterprises.models import (
    IndustrySection,
)

VILLAGES = ["光明", "团结", "前进", "和平", "胜利", "新华"]
FIRST = "瑞永广新康源隆达德富宏中鼎众九东和安华利"
SECOND = "和升丰达兴康泰祥茂顺盛昌翔腾宁"
TRADES = [
    ("物流", IndustrySection.G),
    ("家具", IndustrySection.C),
    ("餐饮管理", IndustrySection.H),
    ("建材", IndustrySection.F),
    ("信息技术", IndustrySection.I),
    ("机械制造", IndustrySection.C),
    ("食品", IndustrySection.C),
    ("装饰工程", IndustrySection.E),
    ("农业科技", IndustrySection.A),
    ("商贸", IndustrySection.F),
]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
LAST_DAY = dt.date(2023, 12, 31)
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
Row = TypeVar("Row", bound=models.Model)


class District:
    """Gathers the instances, then saves them owners first."""

    def __init__(self, seed: int = 2020):
        self.random = Random(seed)
        self.rows: dict[type[models.Model], list] = {}
        self.names: set[str] = set()

    def add(self, instance: Row) -> Row:
        self.rows.setdefault(type(instance), []).append(instance)
        return instance

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(days=self.random.randint(0, max(0, (last - first).days)))

    def person(self) -> str:
        return self.random.choice(SURNAMES) + "".join(self.random.sample(GIVEN, self.random.choice([1, 2])))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def enterprise_name(self, trade: str) -> str:
        while True:
            name = f"演示{self.random.choice(FIRST)}{self.random.choice(SECOND)}{trade}有限公司"
            if name in self.names:
                name = name.replace("有限公司", f"{self.random.choice(['股份', '实业', '集团', '科技'])}有限公司")
            if name not in self.names:
                self.names.add(name)
                return name

    def credit_code(self) -> str:
        body = "91999900" + "".join(self.random.choice(_CODE_LETTERS) for _ in range(9))
        return body + uscc.calc_check_digit(body)
