"""The columns of the instructor roster, the mass-organization sheet and the regulator's registration list."""

from dataclasses import replace

from ledgers.kinds.enterprise_fields import BY_NAME as ENTERPRISE
from ledgers.kinds.enterprise_fields import FULL_TIME
from ledgers.recognising.fields import Field
from ledgers.recognising.names import names, person_name
from ledgers.recognising.values import CellRemark, choice, party_date, text

_SERIAL = Field("serial", "序号", ("序号", "编号", "号"), text(50, keep_words=True), meaning="不导入", kept=False)
_REMARK = Field("remark", "备注", ("备注", "说明"), text(500), meaning="不导入", kept=False)


def _unkept(name: str, label: str, *headings: str) -> Field:
    return Field(name, label, (label, *headings), text(200, keep_words=True), meaning="不导入", kept=False)


INSTRUCTOR_FIELDS: tuple[Field, ...] = (
    _SERIAL,
    Field(
        "instructor_name", "指导员姓名", ("指导员姓名", "党建指导员姓名", "党建工作指导员", "党建指导员", "指导员", "姓名", "联络员姓名"), person_name(),
        pattern="(指导员|联络员|助理员)(姓名|名字)?$", avoid="是否|有无|人数|书记|法人|负责人|出资人|联系人", decisive=True,
        meaning="同一人带几家企业的，每家一行，姓名可以只写在第一行", example="李某某",
    ),
    _unkept("sex", "性别"),
    _unkept("age", "年龄", "出生年月"),
    Field(
        "instructor_unit", "工作单位及职务", ("工作单位及职务", "工作单位", "单位及职务", "指导员单位", "单位职务", "所在单位", "所在单位及职务", "指导员工作单位及职务"),
        text(150), pattern="(工作|所在)?单位.*职务|^(工作|所在)单位", avoid="企业|指导企业", example="某办事处党政办",
    ),
    Field(
        "instructor_phone", "联系电话", ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "指导员电话"), text(60), pattern="电话|手机|联系方式", avoid="企业",
        example="13800000000",
    ),
    Field(
        "full_time", "专职/兼职", ("专职/兼职", "专兼职", "专职或兼职", "是否专职", "专（兼）职", "专职兼职"), choice(FULL_TIME, otherwise=CellRemark),
        pattern="专.*兼", options=FULL_TIME, example="兼职",
    ),
    _unkept("organization", "所属党组织", "组织关系所在党组织"),
    _unkept("post", "担任职务", "职务"),
    _unkept("level", "驻派等级", "派驻等级", "派驻级别"),
    Field(
        "enterprises", "指导企业", ("指导企业", "联系企业", "派驻企业", "所驻企业", "包联企业", "指导企业名称", "派驻企业名称", "联系企业名称", "负责企业", "企业名称", "服务企业"), names,
        pattern="(指导|联系|派驻|所驻|包联|负责|服务).*(企业|单位)(名称)?$", avoid="数|是否", decisive=True, meaning="与登记的企业名称一致；多家用顿号隔开",
        example="示例区某某商贸有限公司",
    ),
    Field(
        "assigned_on", "派驻时间", ("派驻时间", "派驻日期", "选派时间", "选派日期", "入驻时间", "聘任时间", "到岗时间", "开始时间"), party_date,
        pattern="(派驻|选派|委派|下派|派出|入驻|进驻|聘任|到岗).*(时间|日期|年月)", avoid="结束|撤回", decisive=True, meaning="没有日期的，从填报日期起算", example="2022-10-31",
    ),
    Field(
        "term_until", "派驻期满日期", ("派驻期满日期", "派驻期满时间", "派驻截止日期", "派驻截止时间", "期满日期"), party_date,
        meaning="派驻期到哪一天为止；没有定期限的不填",
    ),
    Field("ended_on", "结束时间", ("结束时间", "结束日期", "撤回时间", "离任时间", "召回时间"), party_date, pattern="(结束|撤回|离任|召回|终止).*(时间|日期)", decisive=True, meaning="已不在岗的填写"),
    _unkept("frequency", "走访频率", "走访次数", "走访要求"),
    _unkept("visits", "次数", "已走访次数"),
    _REMARK,
)  # fmt: skip

_MASS = {"union": "工会|公会", "youth_league": "共青团|团组织|团支部|团委", "womens_federation": "妇联|妇女|妇委"}


def _mass_fields(name: str) -> tuple[Field, ...]:
    words = _MASS[name]
    label = ENTERPRISE[name].label
    parents = words.split("|")
    established = ("成立时间", "建立时间", "组建时间", "成立日期", "建立日期")
    return (
        ENTERPRISE[name],
        Field(
            f"{name}_on", f"{label}建立时间", tuple(f"{parent}/{leaf}" for parent in parents for leaf in established), party_date,
            pattern=rf"({words}).*(成立|建立|组建).*(时间|日期|年月)", avoid="换届", meaning="没有日期的，从填报日期起算", example="2019-05-01",
        ),
        Field(
            f"{name}_reason", f"{label}不具备条件的原因", tuple(f"{parent}/{leaf}" for parent in parents for leaf in ("未建原因", "未建立原因", "不具备条件原因")),
            text(200), pattern=rf"({words}).*(未建|未成立|不具备).*", meaning="写明的按不具备条件登记",
        ),
    )  # fmt: skip


MASS_FIELDS: tuple[Field, ...] = (
    _SERIAL,
    ENTERPRISE["name"],
    ENTERPRISE["credit_code"],
    *(field for name in _MASS for field in _mass_fields(name)),
    _REMARK,
)

REGISTRATION_FIELDS: tuple[Field, ...] = (
    _SERIAL,
    ENTERPRISE["name"],
    ENTERPRISE["credit_code"],
    # So called in the regulator's lists, and by that they are told from a ledger.
    replace(ENTERPRISE["status"], label="登记状态"),
    ENTERPRISE["registered_on"],
    ENTERPRISE["closed_on"],
    ENTERPRISE["address"],
    ENTERPRISE["legal_representative"],
    _unkept("company_type", "类型", "企业类型", "市场主体类型", "主体类型"),
    _unkept("approved_on", "核准日期", "核准时间"),
    _unkept("authority", "登记机关", "登记部门"),
    _unkept("capital", "注册资本", "注册资金", "注册资本(万元)"),
    _unkept("scope", "经营范围", "主营业务"),
    _REMARK,
)
