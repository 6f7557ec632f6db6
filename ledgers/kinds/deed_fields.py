"""The columns of sheets in which one row is one deed: an activity, a training, a visit, a year's funds."""

from common.plan import Item, Shape, Subject
from ledgers.recognising.fields import Field
from ledgers.recognising.names import names, organization_name, person_name
from ledgers.recognising.values import count, money, number_of_hours, party_date, text, yes_no

# A channel's column is called amount:CODE:CHANNEL.
AMOUNT = "amount:"
ROLES = {"secretary": ("书记", "党组织书记", "支部书记"), "instructor": ("指导员", "党建工作指导员", "党建指导员"), "worker": ("党务工作者", "党务干部", "组织委员", "宣传委员", "副书记")}  # fmt: skip
SERIAL = Field("serial", "序号", ("序号", "编号", "号"), text(50, keep_words=True), meaning="不导入", kept=False)
REMARK = Field("remark", "备注", ("备注", "说明"), text(300), meaning="原样保存")


def _body(*headings: str, required: bool = True) -> Field:
    return Field(
        "name", "党组织名称", ("党组织名称", "党组织", "支部名称", "党支部名称", "所在党组织", "所在党支部", *headings), organization_name(alone=True),
        pattern="(党组织|党支部|支部)(名称|全称)?$", avoid="上.{0,2}级|主管|企业", required=required, decisive=True, meaning="与登记的名称一致", example="中共示例区某某商贸有限公司支部委员会",
    )  # fmt: skip


def _day(*headings: str) -> Field:
    return Field(
        "happened_on", headings[0], headings, party_date, pattern="(活动|培训|走访|开展|举办|履职).*(时间|日期)", avoid="计划", required=True, decisive=True,
        meaning="哪一天", example="2023-05-18",
    )  # fmt: skip


ACTIVITY_FIELDS: tuple[Field, ...] = (
    SERIAL,
    _body("开展单位", "组织单位"),
    _day("活动时间", "活动日期", "开展时间", "开展日期", "时间", "日期"),
    Field(
        "topic", "活动名称", ("活动名称", "活动形式", "活动类型", "活动主题", "活动内容", "主题", "内容", "形式", "类型"), text(100), pattern="活动.*(名称|形式|类型|主题|内容)",
        decisive=True, meaning="如 主题党日、三会一课、谈心谈话；按名称归到对应的事项，归不到的算党组织活动", example="主题党日",
    ),
    Field("people", "参加人数", ("参加人数", "参与人数", "人数", "参加党员数"), count, pattern="(参加|参与).*人数", example="12"),
    Field("jointly", "是否与群团联合", ("是否与群团联合", "与群团联合", "是否党群联合", "党群联合", "群团参与"), yes_no, example="是"),
    Field("other", "对方单位", ("对方单位", "共建单位", "联合单位", "参加单位"), text(200)),
    REMARK,
)  # fmt: skip
TRAINING_FIELDS: tuple[Field, ...] = (
    SERIAL,
    Field(
        "person", "姓名", ("姓名", "参训人员", "参训人", "学员姓名", "培训人员"), person_name(), pattern="(参训|学员|培训).*(姓名|人员)", required=True, decisive=True,
        example="李某",
    ),
    Field("role", "身份", ("身份", "职务", "人员类别", "参训身份", "党内职务"), text(50), decisive=True, meaning="书记、指导员、党务工作者", example="书记", required=True),
    _body("所属党组织", "单位", required=False),
    _day("培训时间", "培训日期", "参训时间", "时间", "日期"),
    Field("topic", "培训内容", ("培训内容", "培训班次", "班次", "培训名称", "培训主题", "内容", "培训班名称", "培训形式", "形式"), text(100), pattern="培训.*(内容|班|名称|主题|形式)", example="非公党组织书记培训班"),
    Field("hours", "学时", ("学时", "培训学时", "课时"), number_of_hours, example="16"),
    REMARK,
)  # fmt: skip
DUTY_FIELDS: tuple[Field, ...] = (
    SERIAL,
    Field(
        "instructor_name", "指导员姓名", ("指导员姓名", "党建指导员姓名", "党建工作指导员", "党建指导员", "指导员", "姓名"), person_name(), pattern="指导员(姓名)?$", required=True, decisive=True,
        example="李某某",
    ),
    Field("enterprises", "走访企业", ("走访企业", "联系企业", "指导企业", "企业名称", "服务企业", "走访企业名称"), names, pattern="(走访|联系|指导|服务).*企业", required=True, decisive=True, meaning="与登记的企业名称一致；多家用顿号隔开", example="示例区某某商贸有限公司"),
    _day("走访时间", "走访日期", "履职时间", "时间", "日期"),
    Field("topic", "走访内容", ("走访内容", "工作内容", "履职内容", "内容", "解决的问题", "指导内容"), text(300), pattern="(走访|工作|履职|指导).*内容", example="指导开展主题党日"),
    REMARK,
)  # fmt: skip


def funds_fields(items: list[Item]) -> tuple[Field, ...]:
    """The columns of the funds sheet: a channel of an organization's amounts each."""
    channels = [
        Field(
            f"{AMOUNT}{item.code}:{channel}", channel, (channel, f"{item}/{channel}", f"{channel}金额", f"{channel}经费"), money, decisive=True,
            meaning="金额，元；表头写万元的按万元", example="2000",
        )
        for item in items
        if item.shape == Shape.AMOUNT and item.subject == Subject.ORGANIZATION
        for channel in item.channels
    ]  # fmt: skip
    year = Field(
        "year",
        "年度",
        ("年度", "年份", "所属年度"),
        count,
        decisive=True,
        meaning="没有填写的，按填报时间的年份",
        example="2023",
    )
    total = Field(
        "total", "合计", ("合计", "经费合计", "总额", "经费总额"), money, meaning="不导入：由各渠道相加", kept=False
    )
    return (SERIAL, _body(), year, *channels, total, REMARK)
