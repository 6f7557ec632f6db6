"""The columns of the sheet of recognitions."""

from common.plan import Subject
from ledgers.recognising.fields import Field
from ledgers.recognising.values import party_date, text

# How sheets call those who bear titles.
BEARERS: dict[str, tuple[str, ...]] = {
    Subject.ORGANIZATION: ("党组织", "基层党组织", "党支部", "支部"),
    Subject.ENTERPRISE: ("企业", "非公企业", "非公有制企业"),
}
FIELDS: tuple[Field, ...] = (
    Field("serial", "序号", ("序号", "编号", "号"), text(50, keep_words=True), meaning="不导入", kept=False),
    Field(
        "subject_kind", "对象类型", ("对象类型", "对象类别", "类型", "类别", "命名对象类型", "表彰对象类型"), text(20),
        meaning="党组织、企业；不填的按名称和称号判断", example="党组织",
    ),
    Field(
        "name", "对象名称", ("对象名称", "对象", "命名对象", "表彰对象", "受表彰对象", "受表彰单位", "获奖单位", "单位名称", "党组织名称", "企业名称", "名称", "单位"), text(200),
        pattern="(命名|表彰|获奖|授予).*(对象|单位|名单|党组织|企业)(名称)?$", required=True, decisive=True, meaning="与登记的党组织名称或企业名称一致",
        example="中共示例区某某商贸有限公司支部委员会",
    ),
    Field(
        "award", "荣誉称号", ("荣誉称号", "称号", "命名称号", "表彰称号", "荣誉名称", "表彰名称", "荣誉", "奖项"), text(100), pattern="(荣誉|命名|表彰|授予).*(称号|名称|类别)$", required=True,
        decisive=True, meaning="方案里推荐、审核后命名的称号，引号可以不写", example="区级“双强六好”党组织",
    ),
    Field(
        "document", "命名文件", ("命名文件", "表彰文件", "文件", "文号", "文件名称", "文件号", "命名文号", "表彰文号", "依据文件"), text(200),
        pattern="(命名|表彰).*(文件|文号|决定)", meaning="文号和标题", example="某组〔2023〕9号",
    ),
    Field(
        "awarded_on", "命名日期", ("命名日期", "命名时间", "表彰日期", "表彰时间", "授予日期", "授予时间", "获得时间", "获得日期"), party_date,
        pattern="(命名|表彰|授予|获得|获奖).*(日期|时间|年月)", decisive=True, meaning="从这天起算；没有填写的从填报日期起算", example="2023-07-01",
    ),
    Field(
        "revoked_on", "撤销日期", ("撤销日期", "撤销时间", "取消日期", "取消时间", "收回日期"), party_date, pattern="(撤销|取消|收回).*(日期|时间|年月)", decisive=True,
        meaning="被撤销的填写，从这天起不再算；没有撤销的留空",
    ),
    Field("remark", "备注", ("备注", "说明"), text(300), meaning="原样保存"),
)  # fmt: skip
