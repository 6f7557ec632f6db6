"""The columns of rosters of members, activists and candidates. Wordings seen in districts, misprints included."""

from ledgers.kinds.enterprise_fields import YES_NO
from ledgers.recognising.fields import Field
from ledgers.recognising.names import organization_name, person_name
from ledgers.recognising.values import CellRemark, choice, date, id_number, party_date, text, yes_no
from organizations.models import PositionGroup, Sex, Stage

SEX = {Sex.MALE: ("男", "男性"), Sex.FEMALE: ("女", "女性")}
# 政治面貌 of somebody who is none of the stages.
NOT_A_STAGE = "none"
STAGE = {
    Stage.FULL: ("正式党员", "中共党员", "党员", "共产党员", "中国共产党党员", "正式", "中共正式党员"),
    Stage.PROBATIONARY: ("预备党员", "中共预备党员", "预备", "中国共产党预备党员"),
    Stage.CANDIDATE: ("发展对象", "重点发展对象", "拟发展对象"),
    Stage.ACTIVIST: ("入党积极分子", "积极分子", "建党积极分子"),
    Stage.APPLICANT: ("入党申请人", "申请人", "入党申请", "递交入党申请书"),
    NOT_A_STAGE: ("群众", "共青团员", "团员", "民主党派", "无党派", "无党派人士"),
}
POSITION = {
    PositionGroup.OWNER: ("企业主", "出资人", "法定代表人", "法人", "董事长", "老板", "业主"),
    PositionGroup.MIDDLE_MANAGER: ("中层管理人员", "中层", "中层干部", "管理人员", "部门负责人"),
    PositionGroup.KEY_STAFF: ("业务骨干", "技术骨干", "骨干", "专业技术人员"),
    PositionGroup.FRONT_LINE: ("一线职工", "生产经营一线职工", "一线", "工人", "职工", "员工"),
    PositionGroup.OTHER: ("其他", "其它"),
}
_POSITION_INSIDE = (
    ("董事长|法人|出资|企业主|业主", PositionGroup.OWNER),
    ("经理|主任|主管|部长|中层|厂长|管理", PositionGroup.MIDDLE_MANAGER),
    ("骨干|技术|工程师", PositionGroup.KEY_STAFF),
    ("一线|工人|职工|员工|操作", PositionGroup.FRONT_LINE),
    (".", PositionGroup.OTHER),
)
_NOT_OURS = "书记|出资人|负责人|法定|法人|指导|联系|填报|审核|培养|介绍"

FIELDS: tuple[Field, ...] = (
    Field("serial", "序号", ("序号", "编号", "号", "顺序号"), text(50, keep_words=True), meaning="不导入", kept=False),
    Field(
        "name", "姓名", ("姓名", "党员姓名", "名字", "人员姓名", "积极分子姓名", "发展对象姓名"), person_name(alone=True),
        pattern="^(党员|人员|本人|积极分子|发展对象)?(的)?姓名$", avoid=_NOT_OURS, required=True, decisive=True, example="王某某",
    ),
    Field("sex", "性别", ("性别",), choice(SEX, otherwise=CellRemark), options=SEX, example="男"),
    Field(
        "id_number", "身份证号", ("身份证号", "身份证号码", "公民身份号码", "身份证", "公民身份证号", "居民身份证号", "证件号码"), id_number,
        pattern="身份证|公民身份", avoid="指导|书记", decisive=True, masked=True,
        meaning="文本格式，18 位；只用来识别同一个人，不保存全号", example="",
    ),
    Field(
        "born_on", "出生日期", ("出生日期", "出生年月", "出生时间", "出生年月日", "生日"), date, pattern="^出生", example="1985-06-01",
    ),
    Field("nation", "民族", ("民族",), text(20), meaning="不导入", kept=False),
    Field("education", "学历", ("学历", "文化程度", "学历学位", "教育程度", "最高学历"), text(30), example="大专"),
    Field("degree", "学位", ("学位",), text(30), meaning="不导入", kept=False),
    Field(
        "category", "党员类别", ("党员类别", "政治面貌", "组织身份", "人员类别", "类别", "党员类型", "身份", "发展阶段", "阶段"),
        choice(STAGE), options={k: v for k, v in STAGE.items() if k != NOT_A_STAGE}, pattern="(党员|人员|政治).*(类别|类型|面貌)",
        decisive=True, meaning="现在的阶段", example="正式党员",
    ),
    Field(
        "applied_on", "申请入党时间", ("申请入党时间", "申请入党日期", "递交入党申请书时间", "申请时间"), party_date, pattern="申请.*(时间|日期|年月)", example="2020-05-04",
    ),
    Field(
        "activist_on", "确定积极分子时间", ("确定积极分子时间", "列为积极分子时间", "确定为积极分子时间", "确定入党积极分子时间", "列为入党积极分子时间"),
        party_date, pattern="积极分子.*(时间|日期|年月)", example="2021-03-01",
    ),
    Field(
        "candidate_on", "确定发展对象时间", ("确定发展对象时间", "列为发展对象时间", "确定为发展对象时间"), party_date, pattern="发展对象.*(时间|日期|年月)",
    ),
    Field(
        "joined_on", "入党时间", ("入党时间", "入党日期", "加入党组织时间", "加入党组织日期", "接收预备党员日期", "接收为预备党员时间", "入党年月", "何时入党"),
        party_date, pattern="(入党|加入.*党|接收.*预备).*(时间|日期|年月)", avoid="申请|积极|发展对象|转正", decisive=True,
        meaning="接收为预备党员的日期", example="2015-07-01",
    ),
    Field(
        "full_on", "转正时间", ("转正时间", "转正日期", "正式转正日期", "转为正式党员日期", "转为正式党员时间"), party_date, pattern="转(为)?正.*(时间|日期|年月)|^转正$", decisive=True, example="2016-07-01",
    ),
    Field(
        "organization_name", "所在党组织",
        ("所在党组织", "所属党组织", "所在党支部", "所属党支部", "党组织名称", "党支部", "党组织", "所在支部", "所属支部", "所在党支部名称", "党支部名称"),
        organization_name(alone=True), pattern="(所在|所属)?(党组织|党支部|支部)(名称|全称)?$", avoid="上.{0,2}级|职务|书记|转|入党|申请|接收|接受", decisive=True, meaning="与登记的党组织全称一致",
    ),
    Field(
        "workplace", "工作单位", ("工作单位", "企业行政部门", "所在企业", "所在单位", "企业名称", "单位名称", "工作单位名称", "就业单位", "单位"),
        text(200), pattern="(工作|所在|就业)(单位|企业)|^(企业|单位)(名称)?$", avoid="职务|时间|指导", decisive=True, meaning="与登记的企业名称一致",
    ),
    Field(
        "position", "岗位", ("岗位", "岗位职务", "职务", "工作岗位", "岗位类别", "现任职务", "工作单位及职务", "行政职务"),
        choice(POSITION, inside=_POSITION_INSIDE, otherwise=CellRemark), pattern="岗位|^(现任|行政)?职务$", avoid="党内|书记", options=POSITION, example="一线职工",
    ),
    Field("front_line", "生产经营一线", ("生产经营一线", "是否生产经营一线", "是否一线"), yes_no, pattern="一线", options=YES_NO, example="否"),
    Field("party_post", "党内职务", ("党内职务", "党内任职"), text(50), meaning="不导入", kept=False),
    Field("phone", "手机号码", ("手机号码", "电话号码", "联系电话", "手机", "手机号", "联系方式", "电话", "移动电话"), text(30), example="13800000000"),
    Field("transferred", "组织关系是否转入", ("组织关系是否转入", "是否转入组织关系", "组织关系转入"), yes_no, pattern="关系.*转入", options=YES_NO, example="是"),
    Field("floating", "是否流动党员", ("是否流动党员", "流动党员"), text(20, keep_words=True), meaning="不导入", kept=False),
    Field("mentor", "培养联系人", ("培养联系人", "联系人", "入党介绍人"), text(100), meaning="不导入", kept=False),
    Field("work_since", "参加工作时间", ("参加工作时间", "参加工作日期", "工作时间"), text(30), meaning="不导入", kept=False),
    Field("remark", "备注", ("备注", "备注说明", "说明"), text(500), meaning="不导入", kept=False),
)  # fmt: skip
