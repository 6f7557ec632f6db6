"""The columns of the enterprise ledger. Wordings seen in districts, misprints included."""

import re

from common.text import squeeze
from enterprises.models import MassOrganizationForm, Ownership, ReasonNotEstablished
from ledgers.reading.grid import Cell
from ledgers.recognising.fields import Field
from ledgers.recognising.names import enterprise_name, organization_name, person_name
from ledgers.recognising.values import (
    CellQuestion,
    CellRemark,
    Reader,
    as_text,
    choice,
    count,
    credit_code,
    date,
    party_date,
    text,
    yes_no,
    yes_no_of_mass,
    yes_no_of_member,
    yes_no_of_party,
    yes_no_of_scale,
)
from organizations.models import OrganizationForm, OrganizationKind, SecretarySource

YES_NO = {True: ("是", "有", "已建", "已建立"), False: ("否", "无", "未建", "未建立")}

OWNERSHIP = {
    Ownership.PRIVATE: ("私营企业", "私营", "民营企业", "民营", "私人控股", "私有经济控制", "私有控股", "内资", "内资企业"),
    Ownership.PRIVATE_SOLE: ("私营独资", "私营独资企业", "个人独资企业", "个人独资", "自然人独资"),
    Ownership.HMT: (
        "港澳台商投资企业", "港澳台企业", "港澳台投资企业", "港澳台商投资", "港澳台", "港澳台商控股", "港澳台商经济控制", "港澳台资企业",
    ),
    Ownership.HMT_SOLE: ("港澳台商独资", "港澳台商独资企业", "港澳台独资"),
    Ownership.FOREIGN: ("外商投资企业", "外资企业", "外企", "外资", "外商投资", "外商控股", "外商经济控制"),
    Ownership.FOREIGN_SOLE: ("外商独资", "外商独资企业", "外资独资"),
}  # fmt: skip
ORGANIZATION_KIND = {
    OrganizationKind.BRANCH: (
        "党支部",
        "支部",
        "支部委员会",
        "联合党支部",
        "联合支部",
        "独立党支部",
        "独立支部",
        "党支部委员会",
    ),
    OrganizationKind.GENERAL_BRANCH: ("党总支", "总支", "总支部", "党总支部", "总支委", "总支部委员会", "党总支委员会"),
    OrganizationKind.COMMITTEE: ("党委", "基层党委", "企业党委", "党的委员会", "党委会"),
}
NOT_ESTABLISHED = "none"
ORGANIZATION_FORM = {
    OrganizationForm.SINGLE: (
        "单独组建",
        "单独建立",
        "单独",
        "独立组建",
        "独立建立",
        "独立",
        "单建",
        "单独成立",
        "独立成立",
        "单独支部",
        "独立支部",
        "独立党支部",
        "单独党支部",
        "单独设立",
    ),
    OrganizationForm.JOINT: (
        "联合组建",
        "联合建立",
        "联合",
        "联建",
        "联合成立",
        "联合支部",
        "联合党支部",
        "联合设立",
        "区域联建",
        "行业联建",
        "挂靠",
        "挂靠组建",
    ),
    OrganizationForm.GRID: ("网格建立", "网格组建", "网格", "网格化组建", "网格化建立", "网格党支部", "网格支部"),
    NOT_ESTABLISHED: (
        "未组建",
        "未建立",
        "未建",
        "未成立",
        "尚未组建",
        "尚未建立",
        "尚未成立",
        "没有组建",
        "暂未组建",
        "暂未建立",
    ),
}
REASON = {
    ReasonNotEstablished.NO_MEMBERS: ("没有党员", "无党员", "党员不足", "没有正式党员", "党员人数不足"),
    ReasonNotEstablished.OWNER_UNWILLING: ("企业出资人不支持", "出资人不支持", "企业主不支持", "业主不支持"),
    ReasonNotEstablished.NO_GUIDANCE: ("上级党组织未及时指导", "上级未及时指导", "未及时指导"),
    ReasonNotEstablished.FOREIGN_INVESTED: ("外商投资企业", "外资企业"),
    ReasonNotEstablished.OTHER: ("其他原因", "其他", "其它", "其它原因"),
}
SECRETARY_SOURCE = {
    SecretarySource.ELECTED_INSIDE: ("企业内部选举", "内部选举", "企业内部", "出资人担任", "中层管理人员担任", "企业主担任", "选举产生"),
    SecretarySource.OFFICIAL: (
        "党政机关事业单位干部", "党政机关干部", "机关事业单位干部", "机关干部", "上级党组织选派", "上级选派", "选派",
    ),
    SecretarySource.VETERAN: ("复转军人", "退伍军人", "退役军人", "转业军人"),
    SecretarySource.VILLAGE_GRADUATE: ("大学生村干部", "大学生村官"),
    SecretarySource.RECRUITED: ("公开招聘", "社会招聘", "面向社会公开招聘", "招聘"),
    SecretarySource.OTHER: ("其他", "其它", "其他人员担任", "其他人员"),
}  # fmt: skip
FULL_TIME = {True: ("专职", "专", "全职", "专职指导员"), False: ("兼职", "兼", "兼职指导员")}

OPERATING, CLOSED, DOUBTFUL = "operating", "closed", "doubtful"
STATUS = {
    OPERATING: (
        "在业", "在营", "开业", "经营", "存续", "正常", "正常经营", "在册", "营业", "迁入", "在营业", "正常营业", "存续(在营、开业、在册)", "存续在营开业在册",
        "在营(开业)企业", "在营(开业)", "登记成立", "正常在业", "正常运营", "运营", "正常生产", "生产", "正常生产经营", "生产经营正常", "经营正常", "运行正常", "正常运行",
        "营业中", "经营中", "正常经营中", "正在经营", "正在营业", "正常营业中", "存续(在营、开业、在册)企业", "在业企业", "开业企业", "在营企业", "存续企业", "是",
    ),
    CLOSED: (
        "注销", "吊销", "撤销", "已注销", "已吊销", "已撤销", "迁出", "已迁出", "吊销未注销", "吊销,未注销", "吊销后注销", "注销企业", "吊销企业", "注吊销", "注销登记",
        "吊销,已注销", "已外迁", "外迁",
    ),
    DOUBTFUL: (
        "停业", "停产", "歇业", "筹建", "清算", "空壳", "僵尸", "停产停业", "半停产", "关停", "失联", "已停业", "已停产", "已歇业", "长期停产", "长期停业", "停工",
        "筹建中", "清算中", "在建", "空壳企业", "僵尸企业", "破产", "倒闭", "已倒闭", "已关停", "暂停营业", "停止经营", "不经营", "未开业", "未营业", "未经营", "破产清算",
        "经营异常", "异常", "停产半停产", "否", "暂时停产", "临时停产",
    ),
}  # fmt: skip

_PARTY = "党|支部|书记|指导|联络员"
_MASS = "工会|公会|共青团|团委|团支部|团组织|妇联|妇女"

_OWN_OR_JOINT = re.compile(
    "^(?:已经?)?(?:(联合|区域|行业)|由?(网格)化?|单独|独立)(?:建立|组建|成立|设立|覆盖|建)?(?:了)?(?:工会|团组织|团支部|妇联)?(?:组织|委员会)?$"
)


def _mass_read(cell: Cell) -> str | bool | None:
    """Own or joint when the cell says so, else yes or no."""
    match = _OWN_OR_JOINT.match(squeeze(as_text(cell)))
    if match is not None:
        joint_or_own = MassOrganizationForm.JOINT if match[1] else MassOrganizationForm.OWN
        return (MassOrganizationForm.GRID if match[2] else joint_or_own).value
    said: bool | None = yes_no_of_mass(cell)
    return said


_mass = Reader(
    _mass_read,
    {
        **yes_no_of_mass.meanings,
        "joint": ("联合建立", MassOrganizationForm.JOINT.value),
        "grid": ("网格覆盖", MassOrganizationForm.GRID.value),
    },
)


# What stands in a cell for each form; of any other a plain yes.
MASS_CELLS: dict[str, str] = {MassOrganizationForm.JOINT: "联合", MassOrganizationForm.GRID: "网格"}


def _mass_field(name: str, label: str, headings: tuple[str, ...], pattern: str) -> Field:
    return Field(
        name, label, headings, _mass,
        pattern=rf"(^是否|^有无|^)(建立|成立|组建|有|设立)?({pattern})(组织|委员会)?(情况|建立情况|组建情况|设置情况|是否建立|是否成立|是否组建)?$",
        options=YES_NO, meaning="已建填 是，未建填 否；联合建立填 联合，由网格覆盖填 网格", example="是",
    )  # fmt: skip


FIELDS: tuple[Field, ...] = (
    Field("serial", "序号", ("序号", "编号", "号", "顺序号", "No"), text(50, keep_words=True), meaning="不导入", kept=False),
    Field(
        "village", "所属村（社区）", ("所属村（社区）", "所属村社区", "村（社区）", "村", "社区", "所在社区", "所在村", "村居", "村社区"),
        text(100), pattern="^(所属|所在|属地|辖区)?(行政)?(村|社区|村社区|村居|街村)(名称)?$", meaning="企业所在的村或社区",
    ),
    Field(
        "name", "企业名称", ("企业名称", "企业全称", "公司名称", "市场主体名称", "经营主体名称", "企业字号名称", "社会组织名称"),
        enterprise_name(), pattern="^(非公有制|非公|民营|私营|两新|法人)?(经济)?(企业|公司|单位|组织|市场主体|经营主体|商户)?(的)?(名称|全称|单位名称)$|^(企业|公司|单位)名?$",
        avoid="党|支部|覆盖|工会|共青团|妇联", required=True, decisive=True, meaning="营业执照上的全称", example="示例区某某商贸有限公司",
    ),
    Field(
        "enterprise_count", "企业数", ("企业数", "企业个数", "企业总数", "企业数量", "企业家数", "非公企业数", "非公企业总数", "非公企业数量", "企业户数", "家数", "户数"),
        count, meaning="只用来认出汇总表", kept=False,
    ),
    Field("former_names", "曾用名", ("曾用名", "原名称", "原名", "曾用名称"), text(300)),
    Field(
        "credit_code", "统一社会信用代码",
        ("统一社会信用代码", "组织机构代码", "营业执照注册号", "信用代码", "社会信用代码", "统一代码", "统一信用社代码", "统一社会信用代码/注册号", "机构代码", "注册登记号", "注册号", "登记号"),
        credit_code, pattern="信用.*码|^统一.*代码|^(营业)?执照(编?号|号码)$", avoid="工会|上级|党|合作社|协会",
        decisive=True, meaning="18 位，文本格式；没有则按企业名称识别", example="91410199FCRHUT2DX1",
    ),
    Field(
        "ownership", "企业类型", ("企业类型", "企业性质", "控股情况", "控股类型", "经济类型", "经济成分", "企业类别", "投资类型", "所有制"),
        choice(OWNERSHIP, otherwise=CellRemark), pattern="^(企业|公司)?(的)?(所有制|经济|控股|投资|登记注册)?(类型|性质|类别|情况)$", avoid=_PARTY,
        options=OWNERSHIP, meaning="按控股方", example="私营企业",
    ),
    Field("industry", "所属行业", ("所属行业", "行业", "行业类别", "行业门类", "所在行业", "主营行业"), text(100), pattern="行业", avoid=_PARTY),
    Field("above_scale", "规模以上", ("是否规模以上企业", "规模以上", "是否规上", "规上企业"), yes_no_of_scale, pattern="规模以上|规上|限上"),
    Field(
        "registered_on", "成立日期",
        ("成立日期", "成立时间", "注册时间", "注册日期", "登记日期", "登记时间", "创办时间", "设立日期", "设立时间", "开业日期", "企业成立时间", "投产时间", "营业执照发证日期", "注册时期", "成立时期"),
        date, pattern="(企业|公司|单位|工商|登记|注册|设立|成立|创办|开业|创立|建厂).*(时间|日期|年月)$",
        avoid=f"{_PARTY}|{_MASS}|覆盖|注销|核准|计划|拟|变更|换届|协会|合作社", decisive=True, meaning="营业执照上的成立日期", example="2019-07-01",
    ),
    Field(
        "status", "经营状态", ("经营状态", "登记状态", "企业状态", "企业现状", "现状", "是否正常经营", "状态", "存续状态", "生产经营状况", "经营情况", "经营状况"),
        choice(STATUS, otherwise=CellQuestion), pattern="^(企业|公司)?(目前|当前)?(登记|经营|存续|生产经营|运营|营业)(状态|状况|情况)$", avoid=_PARTY, decisive=True,
        meaning="在业、注销等；停产、空壳由区委组织部核定后才不计入基数", example="在业",
    ),
    Field(
        "closed_on", "注销日期", ("注销日期", "注销时间", "注吊销日期", "吊销日期", "迁出日期", "注（吊）销时间", "关闭时间", "倒闭时间"),
        date, pattern="(注销|吊销|撤销|迁出|关闭|关停|歇业|退出|倒闭).*(时间|日期|年月)", avoid=f"{_PARTY}|拟|计划|预计", decisive=True, meaning="已注销的填写",
    ),
    Field(
        "legal_representative", "法定代表人（出资人）",
        ("法定代表人", "法人代表", "法人", "企业出资人姓名", "出资人姓名", "出资人（负责人）姓名", "企业负责人", "负责人", "出资人", "企业主", "出资人/姓名", "法定代表人/姓名"),
        text(100), pattern="^(企业|公司)?(的)?(法定代表人|法人代表|法人|出资人|企业主|业主|负责人|董事长|老板)(姓名|名字)?$", avoid=f"党|支部|{_MASS}|指导|覆盖",
    ),
    Field(
        "representative_is_member", "法定代表人是党员",
        ("法人是否党员", "出资人是否党员", "是否中共党员", "法人是否党员标志", "是否是党员", "是否党员", "是否为党员", "经营者党员标志"),
        yes_no_of_member, pattern="(法人|法定代表人|出资人|企业主|业主|负责人|经营者).*党员", avoid="书记|数|多少", options=YES_NO,
    ),
    Field(
        "representative_is_secretary", "法定代表人兼任党组织书记",
        ("是否兼任党组织书记", "是否兼任企业党组织书记", "法人是否党组织书记标志", "是否兼任书记", "法定代表人党组织书记标志", "法人党组织书记标志"),
        yes_no, pattern="(兼任|是否.*任|法人.*是否).*书记|(法人|法定代表人|出资人|经营者).*书记标志", options=YES_NO,
    ),
    Field("contact_name", "联系人", ("联系人", "企业联系人", "联系人姓名"), text(100), pattern="^(企业|公司)联系人(姓名|名字)?$"),
    Field(
        "contact_phone", "联系电话", ("联系电话", "企业联系电话", "联系方式", "电话", "企业电话", "固定电话", "联系人电话"),
        text(60), pattern="^(企业|公司|联系人|法人|法定代表人|出资人|负责人).*(电话|手机|联系方式)", avoid=_PARTY,
    ),
    Field(
        "site", "所在园区、楼宇", ("所在园区、商务楼宇名称", "所在园区、楼宇", "所在园区", "所在楼宇", "所在商务楼宇", "园区名称", "楼宇名称", "园区（楼宇）名称", "所在园区、楼宇名称"), text(100),
        meaning="企业所在的园区或商务楼宇的名称，没有的不填", example="某某科技园",
    ),
    Field(
        "address", "地址", ("地址", "企业地址", "经营地址", "企业经营地", "生产经营地址", "详细地址", "经营场所", "住地", "住所"),
        text(300), pattern="(注册地|住所|经营地|地址)", avoid=f"{_PARTY}|时间|日期",
    ),
    Field(
        "employees", "职工人数",
        ("职工人数", "从业人员数量", "从业人数", "从业人员数", "从业人员", "员工人数", "员工总数", "员工数", "职工总数", "职工数", "在岗职工", "在岗职工数", "组织人数", "用工人数", "职工", "员工", "人数", "在册职工", "企业人数", "总人数", "职工/总数", "员工/总数", "从业人员/总数", "职工/合计", "员工/合计", "从业人员/合计", "职工/小计", "员工/小计", "从业人员/小计", "职工/计", "员工/计", "从业人员/计", "组织总人数", "从业人数/合计", "职工人数/合计", "职工人数/小计"),
        count, pattern="(职工|员工|从业人员|用工|在岗|从业|在职).*(数|人)|^(现有|在职|在岗)(职工|员工)$", avoid=f"党|一线|35|中层|学历|团员|女|退休|大专|其中|{_MASS}|指导|书记", decisive=True,
        meaning="台账日期的实际在岗人数", example="126",
    ),
    Field("full_members", "正式党员", ("正式党员", "正式党员数", "正式党员人数", "党员/正式"), count, pattern="正式党员", avoid="女|35|上年|转出|不在|一线|发展|中层", example="3", decisive=True),
    Field("probationary_members", "预备党员", ("预备党员", "预备党员数", "党员/预备"), count, pattern="预备党员", avoid="转正|计划|发展|女|上年", example="0", decisive=True),
    Field(
        "members_total", "党员总数", ("党员总数", "党员数", "党员人数", "党员", "组织关系在非公企业的党员总数", "在职党员人数", "在册党员数", "现有党员", "党员/总数", "党员/合计", "党员数/关系在本企业", "党员/小计", "党员/计", "党员/总人数", "党员/关系在本企业人数", "关系在本企业人数", "从业中共党员数", "从业中共党员", "纳入社会组织党组织管理的党员总数"),
        count, pattern="^(现有|企业|全部)?(中共)?党员(总数|人数|数量|总人数|数)$|关系在.*(党员|人数)",
        avoid="不在|35|一线|中层|新发展|正式|预备|在外|负责人|法人|出资人|法定|上级|转出", decisive=True, meaning="分不清正式和预备时才用，按正式党员计",
    ),
    Field(
        "members_elsewhere", "组织关系不在本企业的党员", ("组织关系不在非公企业的党员总数",), count, pattern="关系不在|关系未转入",
    ),
    Field("activists", "入党积极分子", ("入党积极分子", "入党积极分子数", "积极分子"), count, pattern="积极分子", avoid="时间|日期"),
    Field(
        "established", "是否建立党组织",
        ("是否建立党组织", "是否成立党组织", "是否建立党组织标志", "是否组建党组织", "是否已建党组织", "有无党组织", "是否建党组织", "是否建党", "建党情况", "组织覆盖", "党的组织覆盖", "是否实现组织覆盖", "组织覆盖情况", "是否实现党的组织覆盖", "组织覆盖/是否覆盖", "党组织/是否建立", "支部/是否建立", "组织覆盖/是否建立", "党组织/是否成立", "是否建立党组织建制", "党组织建制/是否建立"),
        yes_no_of_party, pattern="(是否|有无).*(党组织|党的组织|党支部)$|党组织.*(是否|有无|建立情况|组建情况|覆盖情况)",
        avoid="指导|联络|换届|单独|书记|活动|标准|未建|撤销|拟|计划|应|需|曾|上年|上报|健全|规范|软弱|功能|临时|纳入|隶属|党员", options=YES_NO, decisive=True, meaning="填 否 会结束现有的覆盖", example="是",
    ),
    Field(
        "organization_name", "党组织名称", ("党组织名称", "党组织全称", "所属党组织", "关联党组织", "支部名称", "党支部名称", "所在党组织", "党组织", "已建党组织", "所属支部", "所在支部", "党组织/名称", "支部/名称", "组织覆盖/组织名称", "组织覆盖/名称"),
        organization_name(states=True), pattern="(党组织|党支部|支部)(的)?(名称|全称|名)$|^(覆盖|所属|隶属|所在)的?(党组织|党支部)$", avoid="上.{0,2}级|主管|村|社区|入党|申请|接收|接受|转入|转出|拟|^原|曾|计划|包联|联系", decisive=True,
        meaning="全称；同一联合党组织各行写法要一致", example="中共示例区某某商贸有限公司支部委员会",
    ),
    Field(
        "organization_kind", "党组织类别", ("党组织类别", "党组织类型", "党组织设置形式", "党组织种类", "党组织/类别", "党组织/类型", "支部类型", "党组织形式", "支部/类别", "党组织建制", "组织类型", "党组织/建制"),
        choice(ORGANIZATION_KIND), pattern="党组织.*(类别|类型|种类|设置形式|建制)", avoid="是否|有无", options=ORGANIZATION_KIND, example="党支部",
    ),
    Field(
        "organization_form", "组建方式", ("组建方式", "党组织组建形式", "组建形式", "建立方式", "设置方式", "组建方式(联合组建/单独组建)", "建立形式", "组织覆盖方式", "组织形式"),
        choice(ORGANIZATION_FORM, otherwise=CellRemark), pattern="(组建|建立|设立|成立)(方式|形式|类型)|党组织.*方式", avoid=_MASS, options=ORGANIZATION_FORM, example="单独组建",
    ),
    Field(
        "established_on", "党组织成立时间",
        ("党组织成立时间", "成立党组织时间", "党组织成立日期", "党组织组建时间", "党组织建立时间", "组建时间", "党组织/成立时间", "党组织/成立日期", "党组织/组建时间", "党组织/建立时间", "党组织/时间", "支部/成立时间", "支部/成立日期", "支部/建立时间", "组织覆盖/成立时间", "组织覆盖/建立时间", "组织覆盖/时间", "建党时间", "批准建立时间", "批复日期", "组建年月", "组建日期", "党组织/组建年月"),
        party_date, pattern="(党组织|支部|总支|党委).*(成立|组建|建立|设立|批准|建成|批复).*(时间|日期|年月)|(成立|组建|建立).*(党组织|支部).*(时间|日期|年月)",
        avoid=f"计划|拟|换届|书记|指导|{_MASS}", decisive=True, meaning="没有日期的，从台账日期起算", example="2021-03-11",
    ),
    Field(
        "secretary_name", "书记姓名", ("书记姓名", "党组织书记姓名", "书记", "党组织书记", "支部书记", "书记/姓名", "党支部书记", "党组织负责人", "党组织负责人姓名", "党组织书记名称", "书记名称", "书记/名称"),
        person_name(alone=True), pattern="书记(姓名|名字|名称)?$", avoid="是否|兼任|第一书记|党委书记|副书记|拟|^原|前任|上级|街道|社区|村|镇|乡|包联|联系",
    ),
    Field(
        "secretary_source", "书记来源", ("书记来源", "党组织书记来源", "书记/来源", "来源", "书记身份"),
        choice(SECRETARY_SOURCE, otherwise=CellRemark), pattern="书记.*(来源|产生方式|身份)", avoid="指导|联络", options=SECRETARY_SOURCE, example="企业内部选举",
    ),
    Field("elected_on", "换届时间", ("最近换届时间", "换届时间", "换届日期", "书记选举时间", "当选时间"), party_date, pattern="(换届|选举|当选).*(时间|日期|年月)", avoid="下次|下届|届满|到期|应"),
    Field(
        "instructor_name", "党建工作指导员",
        ("党建指导员姓名", "指导员姓名", "党建工作指导员", "党建工作指导员姓名", "党建指导员", "指导员", "指导员/姓名", "选派指导员姓名", "联络员/姓名", "党建助理员", "工作覆盖/姓名", "指导员姓名及职务"),
        person_name(states=True), pattern="(指导员|联络员|助理员)(姓名|名字)?$", avoid="是否|有无|人数|拟|^原|前任|安全|消防|科技|就业|技术|工会|统战", decisive=True,
    ),
    Field(
        "instructor_unit", "指导员单位", ("指导员单位", "指导员工作单位", "指导员工作单位及职务", "指导员/工作单位", "指导员/单位", "指导员/工作单位及职务", "指导员所在单位"),
        text(150), pattern="(指导员|联络员).*(单位|职务)",
    ),
    Field(
        "instructor_phone", "指导员电话", ("指导员电话", "指导员联系电话", "指导员/联系电话", "指导员/电话", "指导员手机", "指导员/手机号", "指导员联系方式"),
        text(60), pattern="(指导员|联络员).*(电话|手机|联系方式)",
    ),
    Field(
        "assigned_on", "派驻时间", ("派驻时间", "派驻日期", "选派时间", "选派日期", "指导员派驻时间", "指导员/派驻时间", "指导员/时间", "入驻时间", "聘任时间"),
        party_date, pattern="(派驻|选派|委派|下派|派出|入驻|进驻|选配).*(时间|日期|年月)|(指导员|联络员).*(时间|日期|年月)", avoid="结束|撤回|离任|届满|到期",
        decisive=True, meaning="没有日期的，从台账日期起算", example="2022-10-31",
    ),
    Field(
        "instructor_sent", "是否选派指导员", ("是否选派党建工作指导员", "是否派驻指导员", "未建党组织的是否选派党建工作指导员、联络员", "有无党建指导员", "选派指导员", "派驻党建指导员", "工作覆盖", "党的工作覆盖", "工作覆盖/是否覆盖"),
        person_name(states=True), pattern="(是否|有无).*(选派|派驻|派|配备|配|有|无).*(指导员|联络员)", options=YES_NO, meaning="有的以指导员姓名为准；没有党组织的企业填否：这天没有派驻",
    ),
    _mass_field("union", "工会", ("工会", "公会", "是否建立工会", "有无工会", "是否建立工会组织"), "工会|公会"),
    _mass_field("youth_league", "共青团", ("共青团", "是否建立共青团组织", "是否建立团组织", "团组织", "团支部"), "共青团|团组织|团支部|团委|共青团组织"),
    _mass_field("womens_federation", "妇联", ("妇联", "是否建立妇联组织", "是否建立妇联", "妇女组织", "妇委会"), "妇联|妇女|妇女联合会"),
    Field(
        "reason_not_established", "未建立党组织原因", ("未建立党组织原因", "未建立原因", "未建党组织原因", "未建原因", "未成立原因"),
        choice(REASON, otherwise=CellRemark), pattern="未(建|成立|组建|能).*原因", avoid="工会|团|妇", options=REASON, example="没有党员",
    ),
    Field("planned_on", "计划建立日期", ("计划建立时间", "拟建时间", "计划建立日期", "计划组建时间"), date, pattern="(计划|拟).*(时间|日期|年月)", avoid="注销|撤销|迁|换届|停|派|任"),
    Field("remark", "备注", ("备注", "说明", "备注说明"), text(500)),
)  # fmt: skip

BY_NAME = {field.name: field for field in FIELDS}
MASS_FIELDS = ("union", "youth_league", "womens_federation")
KEY = "name"
