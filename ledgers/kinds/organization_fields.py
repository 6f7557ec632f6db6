"""The columns of the organization sheet: the organization, what it covers, its secretary, who answers for it. What it
has reached are columns of items (item_fields.py)."""

from ledgers.kinds.enterprise_fields import BY_NAME as ENTERPRISE
from ledgers.kinds.enterprise_fields import FULL_TIME, ORGANIZATION_KIND
from ledgers.recognising.fields import Field
from ledgers.recognising.names import names, organization_name
from ledgers.recognising.values import CellRemark, choice, count, party_date, text
from organizations.models import Subordination

TERRITORIAL_WORDS = ("属地管理", "属地", "属地党组织", "本级", "本单位")


def _as_ledger(name: str) -> Field:
    return ENTERPRISE[name]


FIELDS: tuple[Field, ...] = (
    Field("serial", "序号", ("序号", "编号", "号"), text(50, keep_words=True), meaning="不导入", kept=False),
    Field(
        "name", "党组织名称", ("党组织名称", "党组织全称", "支部名称", "党支部名称", "党组织", "名称", "组织名称"), organization_name(alone=True),
        pattern="(党组织|党支部|支部)(的)?(名称|全称|名)$", avoid="上.{0,2}级|主管|村|社区|企业|入党|申请", required=True, decisive=True,
        meaning="全称", example="中共示例区某某商贸有限公司支部委员会",
    ),
    Field(
        "organization_kind", "党组织类别", ("党组织类别", "党组织类型", "类别", "类型", "党组织设置形式"),
        choice(ORGANIZATION_KIND), pattern="党组织.*(类别|类型|种类)", options=ORGANIZATION_KIND, example="党支部",
    ),
    _as_ledger("organization_form"),
    Field("covered_count", "覆盖企业数", ("覆盖企业数", "覆盖企业数量", "联建企业数", "覆盖家数"), count, pattern="(覆盖|联建).*(数|个数|家数)$", meaning="只用来核对", kept=False),
    Field(
        "covered", "覆盖企业", ("覆盖企业", "覆盖企业名称", "所覆盖企业", "联建企业", "联建企业名称", "覆盖的企业", "成员企业", "所含企业"), names,
        pattern="(覆盖|联建|联合|成员|所含).*(企业|单位)(名称|名单)?$", avoid="数", decisive=True, meaning="企业全称，多个用顿号隔开", example="示例区某某商贸有限公司、示例区某某物流有限公司",
    ),
    Field(
        "established_on", "成立时间", ("成立时间", "成立日期", "建立时间", "建立日期", "党组织成立时间", "组建时间", "批准成立时间", "批复时间", "组建年月"), party_date,
        pattern="(成立|建立|组建|批准|批复).*(时间|日期|年月)", avoid="企业|计划|换届|工会|团|妇", decisive=True, meaning="没有日期的，从填报日期起算", example="2021-03-11",
    ),
    Field("dissolved_on", "撤销时间", ("撤销时间", "撤销日期"), party_date, pattern="撤销.*(时间|日期)", decisive=True, meaning="已撤销的填写，覆盖和书记任期同日结束"),
    _as_ledger("elected_on"),
    _as_ledger("secretary_name"),
    _as_ledger("secretary_source"),
    Field(
        "secretary_full_time", "书记专兼职", ("书记专兼职", "书记是否专职"), choice(FULL_TIME, otherwise=CellRemark),
        pattern="书记.{0,3}专.{0,3}兼", options=FULL_TIME, example="兼职",
    ),
    Field("election_document", "选举或任职文件", ("选举或任职文件", "选举文件", "书记任职文件", "选举结果批复", "任职批复"), text(200), meaning="选举结果批复或任职文件的文号", example="沁组〔2022〕3号"),
    Field("members_total", "党员数", ("党员数", "党员总数", "党员人数", "现有党员"), count, meaning="不导入：以党员花名册为准", kept=False),
    Field(
        "subordination", "隶属关系", ("隶属关系", "隶属", "上级党组织", "隶属党组织", "上级党委", "管理方式"), text(100), pattern="隶属|上级党",
        meaning="属地管理，或所隶属的行业系统党委名称", example=Subordination.TERRITORIAL.label,
    ),
    Field("liaison", "分包联系领导", ("分包联系领导", "分包联系", "联系领导", "分包领导", "包联领导", "联系领导干部", "分包联系党员领导干部"), text(50), meaning="党员领导干部姓名；换人的，原来的到填报日期为止", example="李某"),
    Field("remark", "备注", ("备注", "说明"), text(500), meaning="不导入", kept=False),
)  # fmt: skip
