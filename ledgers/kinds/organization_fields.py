"""The columns of the organization sheet: the organization, what it covers, its secretary, six haves, gift pack."""

from ledgers.kinds.enterprise_fields import BY_NAME as ENTERPRISE
from ledgers.kinds.enterprise_fields import ORGANIZATION_KIND
from ledgers.recognising.fields import Field
from ledgers.recognising.names import names, organization_name
from ledgers.recognising.values import choice, count, party_date, reached, text
from organizations.milestone_catalogue import CATALOGUE, Item, Subject
from organizations.models import Subordination

# A milestone's column is called milestone:CODE.
MILESTONE = "milestone:"
TERRITORIAL_WORDS = ("属地管理", "属地", "属地党组织", "本级", "本单位")
# Wordings beside the label; a slash asks for a parent heading.
_WORDS: dict[str, tuple[str, ...]] = {
    "gift_seal": ("公章", "刻公章"),
    "gift_materials": ("党建资料", "送党建资料"),
    "gift_board": ("党建板面", "板面", "党建展板"),
    "gift_flag": ("党旗", "送党旗", "大礼包/党旗"),
    "gift_instructor": ("派驻指导员", "派指导员", "大礼包/指导员", "派党建指导员"),
    "gift_constitution": ("党章", "发党章", "一本党章"),
    "gift_lecture": ("上党课", "党课", "一次党课"),
    "gift_training": ("书记培训", "业务培训", "书记业务培训"),
    "gift_study_visit": ("参观学习", "外出参观"),
    "have_venue": ("有场所", "六有/场所", "场所"),
    "have_facilities": ("有设施", "六有/设施", "设施"),
    "have_sign": ("有标志", "六有/标志", "标志", "有标识"),
    "have_flag": ("有党旗", "六有/党旗"),
    "have_reading": ("有书报", "六有/书报", "书报", "有报刊"),
    "have_rules": ("有制度", "六有/制度", "制度"),
    "double_strong_district": ("区级双强六好", "是否区级双强六好"),
    "double_strong_municipal": ("市级双强六好", "是否市级双强六好"),
    "exemplar_district": ("区级典型", "区级非公党建典型"),
    "exemplar_municipal": ("市级典型", "市级非公党建典型"),
    "exemplar_provincial": ("省级典型", "省级非公党建典型"),
    "liaison_cadre": ("分包联系领导", "分包联系", "联系领导", "分包领导", "包联领导", "联系领导干部", "分包联系党员领导干部"),
    "model_post": ("党员示范红旗岗", "示范岗", "党员示范岗"),
    "model_area": ("党员示范责任区", "责任区", "党员责任区"),
    "cobuild_organization": ("组织联建",),
    "cobuild_members": ("党员双管",),
    "cobuild_resources": ("资源共享",),
    "cobuild_pairing": ("结对帮带",),
    "pairing": ("结对共建",),
}  # fmt: skip


def _milestone(item: Item) -> Field:
    return Field(
        f"{MILESTONE}{item.code}", item.label, (item.label, *_WORDS.get(item.code, ())), reached,
        meaning=f"第 {item.clause} 条；做到填 √ 或日期，没有的留空", example="√",
    )  # fmt: skip


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
    Field("members_total", "党员数", ("党员数", "党员总数", "党员人数", "现有党员"), count, meaning="不导入：以党员花名册为准", kept=False),
    Field(
        "subordination", "隶属关系", ("隶属关系", "隶属", "上级党组织", "隶属党组织", "上级党委", "管理方式"), text(100), pattern="隶属|上级党",
        meaning="属地管理，或所隶属的行业系统党委名称", example=Subordination.TERRITORIAL.label,
    ),
    *(_milestone(item) for item in CATALOGUE if item.subject == Subject.ORGANIZATION),
    Field("remark", "备注", ("备注", "说明"), text(500), meaning="不导入", kept=False),
)  # fmt: skip
