"""What the words of a cell mean as a whole. A word inside decides nothing: what is not understood is asked."""

import re
from collections.abc import Callable, Iterable

from common.text import squeeze, tidy, tidy_person

YES_WORDS = frozenset(
    ["是", "√", "✓", "✔", "☑", "☒", "有", "已", "y", "yes", "1", "true", "t", "对", "v", "正式成立", "●", "■", "✅"]
)
NO_WORDS = frozenset(
    [
        "否",
        "×",
        "✗",
        "✘",
        "x",
        "无",
        "未",
        "没有",
        "没",
        "n",
        "no",
        "0",
        "false",
        "f",
        "不是",
        "○",
        "□",
        "☐",
        "◯",
        "╳",
        "错",
        "❌",
    ]
)
# What turns a word into a plan, a past or its contrary.
DOUBT = re.compile(
    "未|没|不|无|非|拟|计划|待|申报|上报|筹|在建|正在|准备|撤销|注销|吊销|转出|取消|曾|原|恢复|停|意向|整改|空缺|暂缺|中$"
)
# What beside a word, in brackets, leaves it in doubt: that it is past, moved, only planned, or another's.
BESIDE = re.compile(
    f"{DOUBT.pattern}|已|撤|散|并|转|迁|搬|走|亡|去世|开除|出党|失联|预计|即将|报批|预备|入党|申请|离任|是|否|有|覆盖|社区|联合"
)
_PLAIN_BESIDE = re.compile(r"^[\d年月日.\-/:、,家个名人起至共于成立建立组建单独联合网格独立]*$")
_VERB = "(?:建立|成立|组建|设立|设置|建成|建|覆盖|实现覆盖|实现)"
_ANY_VERB = (
    "(?:建立|成立|组建|设立|设置|建成|建|覆盖|选派|派驻|派|配备|配|实现|达标|达到|换届|兼任|担任|有|是|转入|签订|落实)"
)
# The body that a column asks about; a word of another column is no answer.
PARTY = "(?:的)?(?:党的?组织|(?:联合)?党支部|(?:联合)?支部|党总支|党委|组织)(?:组织|覆盖|委员会)?"
MASS = "(?:工会|共青团|团|妇联|妇女|妇委会)(?:组织|支部|委员会)*"


def _answers(verb: str, body: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    some = f"(?:{body})?" if body else ""
    form = "(?:独立|单独|联合|网格)?"
    yes = rf"^(?:(?:已经?|均已?|现已|有){form}{verb}?{form}{some}|{form}{verb}{form}{some})(?:了|的)?$"
    no = rf"^(?:尚|暂|还|目前|仍|均|暂时)*(?:未|没有?|无|不)(?:能|曾)?{verb}?{some}(?:条件)?(?:的)?$"
    return re.compile(yes), re.compile(no)


# By the body that is asked about ("" for none): what says yes, what says no.
_SAID = {PARTY: _answers(_VERB, PARTY), MASS: _answers(_VERB, MASS), "": _answers(_ANY_VERB, "")}
_END = re.compile(r"[。.；;，,]+$")
_BRACKET = re.compile(r"^(.+?)\(([^()]*)\)$")
_CHOICE_NUMBER = re.compile(r"^\(?[A-Ha-h1-9一二三四五六七八九][).、:]\)?(?=\D)")

# -- boxes ----------------------------------------------------------------------------------------

ON, OFF = "☑☒√✓✔■●◉✅▣", "□☐○◯◻▢"
_MARKS = f"{ON}{OFF}"
_TICK_IN_BRACKETS = re.compile(rf"[(（\[【]\s*([{_MARKS}])\s*[)）\]】]")
_EMPTY_BRACKETS = re.compile(r"[(（\[【]\s*[)）\]】]")
_BEFORE = re.compile(rf"([{_MARKS}])\s*([^{_MARKS}\s]+)")
_AFTER = re.compile(rf"([^{_MARKS}\s]+)\s*([{_MARKS}])")


def boxes(text: str) -> list[str] | None:
    """The words whose box is ticked, of several boxes or of words with a tick among them; None where there is none.

    ☑在业 □停业, 有□ 无☑, √在业 注销, 有（√）无（ ）. The mark stands before its word where the text begins with one.
    """
    marked = _EMPTY_BRACKETS.sub("☐", _TICK_IN_BRACKETS.sub(r"\1", tidy(text)))
    if not any(mark in marked for mark in _MARKS) or not marked.strip(f"{_MARKS} "):
        return None
    if marked[0] in _MARKS:
        found = [(mark, word) for mark, word in _BEFORE.findall(marked)]
    else:
        found = [(mark, word) for word, mark in _AFTER.findall(marked)]
    return [squeeze(word).strip("、,;；，。/") for mark, word in found if mark in ON]


# -- yes and no -----------------------------------------------------------------------------------


def plain(text: str) -> tuple[str, str]:
    """A cell's word without decoration, and what stands in brackets behind it."""
    word = _CHOICE_NUMBER.sub("", _END.sub("", squeeze(text).casefold()))
    match = _BRACKET.match(word)
    return (_END.sub("", match[1]), match[2]) if match is not None else (word, "")


def yes_or_no(text: str, body: str = "") -> bool | None:
    """Whether the cell plainly says yes or no; None when it does neither. `body`: what the column asks about."""
    yes, no = _SAID[body]
    whole = squeeze(text).casefold()
    word, beside = plain(text)
    for each in dict.fromkeys((_END.sub("", whole), word)):
        if each in YES_WORDS or yes.match(each):
            # 是（已撤销） says two things, 是（2020年成立） one.
            return None if each == word and beside and not _PLAIN_BESIDE.match(beside) else True
        if each in NO_WORDS or no.match(each):
            return None if each == word and beside and _DENIES.search(beside) else False
    return None


# In brackets behind a no: that there is something after all.
_DENIES = re.compile("是|已|有|联合|覆盖|支部|社区|√")


# -- names ----------------------------------------------------------------------------------------

_WIDE = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PERSON = re.compile(
    rf"^(?:[{_WIDE}]{{1,4}}|[{_WIDE}]{{1,12}}(?:[·•・‧･.．∙⋅][{_WIDE}]{{1,12}})+|[A-Za-z][A-Za-z .'·-]{{1,48}})$"
)
_NO_PERSON = re.compile(
    "缺|落实|待补|已撤|调走|停派|免派|撤回|改派|到期|退休|离职|[一两二三四五]名|同左|如上|同一人|支书|网格员|镇长|乡长|所长|法人|重复|请填|本人|出资人|老板"
    "|总经理|董事长|厂长|换届|未选|届满|调离|支委|已派|^有|^姓名$|.总$|.兼$|局$|^null$|^none$|^nan$|待定|待派|待选|拟|选派|调整|附表|附件|详见|备注|同上|兼任|不详|未定|未知|派驻|派出|配备|专职|兼职|指导员|联络员|书记|党员|干部"
    "|联合|企业|公司|社区|支部|组织|办事处|主任|人员|工作|计划|正在|准备|^[见由另暂]|^空|测试|办$|街道|中心$"
)
_BESIDE_PERSON = re.compile(f"{DOUBT.pattern}|已|撤|转|调|走|去世|退|离")
# 王书记: a surname and an office, as one speaks of a person. 副书记 and 村书记 are nobody's name.
_BY_OFFICE = re.compile(
    rf"^(?![副老村原新前总乡镇区第支党各该两无本])[{_WIDE}](?:书记|主任|干部)[甲乙丙丁\d]?$"
    rf"|^(?:书记|主任|指导员|联络员|党员)[甲乙丙丁\dA-Z]{{1,4}}$"
)
_POST = re.compile(
    "(?:主任|书记|干部|科长|局长|股长|站长|所长|委员|经理|科员|乡长|镇长|部长|组长|主席|队长|会计|文书|专干)$"
)
_PHONE = re.compile(
    r"[(\[]?(?:电话|手机|tel)?[::]?(?:\+?86)?-?(1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8})[)\]]?$", re.IGNORECASE
)
# As such a name ends.
_BODY_WORD = re.compile(
    r"(支部|委员会|总支|党委|党组|支委会?|工委|党组织|联盟|党校)[\dA-Z甲乙丙丁一二三四五六七八九十]{0,3}(\([^()]*\))?$"
)
_PLAN_INSIDE = re.compile(
    r"今年|明年|计划|拟建|筹建|待批|待建|未建|应建|申请成立|正在|预计|不足|不够|没有|无党|企业无|\d名|[一两二三四五]名|人数|支部(委员会)?[和与及]|并入|组织关系"
    "|^归|^参加|^原"
)
_BESIDE_BODY = re.compile(f"{DOUBT.pattern}|已|撤|散|预计|即将|报批")
# A plan, a past, a reference where the name of an organization should stand; 未来公司党支部 is a name.
_NO_BODY = re.compile(
    r"^(拟(建|成立|组建|设)|待(建|成|组|设|批|定|复)|筹(建|备)|计划|正在|准备|预计|将(建|成立|组建|设)|已|撤销|注销|原(党|支部)|曾(建|有|设)"
    r"|挂靠|依托|纳入|详见|见(附|备|说明|上|下)|参见|参照|同(上|前)|空缺|暂|无(党|支部|组织|$)|未(建|成立|组|设|覆|批)|没|不(建|需|具|符|涉|适)"
    r"|由|[×xX*?？.…]+)"
)
_BETWEEN = re.compile(r"[、，,;；\n\r/]+")


def is_person(text: str) -> bool:
    """Whether the text can be one person's name."""
    words = tidy_person(text)
    return _BY_OFFICE.match(words) is not None or (
        _PERSON.match(words) is not None and _NO_PERSON.search(words) is None
    )


def person_in(text: str) -> tuple[str, str] | None:
    """A name with a phone or a post behind it or in brackets, and what stands there; None when it is no name."""
    words = tidy_person(text)
    rest = []
    match = re.match(r"^(.+?)\s*[(（\[【]([^)）\]】]*)[)）\]】]$", words)
    if match is not None:
        if _BESIDE_PERSON.search(match[2]) or squeeze(match[1]).casefold() in YES_WORDS | NO_WORDS:
            return None
        words, rest = match[1], [match[2]]
    if (phone := _PHONE.search(words)) is not None and phone.start() > 0:
        words, rest = words[: phone.start()].rstrip(" :：-"), [phone[0], *rest]
    first, _, behind = words.partition(" ")
    if behind and _POST.search(behind) and is_person(first):
        words, rest = first, [behind, *rest]
    return (words, " ".join(rest)) if is_person(words) else None


def is_organization(text: str) -> bool:
    """Whether the text can be one party organization's name."""
    words = squeeze(text)
    beside = re.search(r"\(([^()]*)\)$", words)
    return (
        _BODY_WORD.search(words) is not None
        and _NO_BODY.match(words) is None
        and _PLAN_INSIDE.search(words) is None
        and not (beside is not None and _BESIDE_BODY.search(beside[1]))
    )


def names_in(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The parts of a cell of names; where only blanks part them, each must be a name."""
    parts = parts_of(text)
    found = parts[0].split(" ") if len(parts) == 1 else []
    if len(found) > 1 and all(len(each) > 1 and fits(each) for each in found):
        return found
    return parts


def parts_of(text: str) -> list[str]:
    """The parts of a cell that may hold several names."""
    return [part for each in _BETWEEN.split(text) if (part := tidy(each))]


# How places are called.
PLACE = re.compile(r"(村|社区|街道|街|园区|片区|网格|楼宇|办事处|乡|镇|集聚区|开发区|商圈)(\(.*\))?$")
# A name of an enterprise holds one of these, as a rule at its end; what holds none may be a heading or a note.
_ENTERPRISE = re.compile(
    "公司|厂|店|度假村|社(?!区)|中心|医院|学校|学院|幼儿园|酒店|宾馆|饭店|超市|商场|市场|商行|经营部|门市|事务所|工作室|研究院|研究所|集团|合作社|合伙|农场"
    "|加油站|银行|行$|部$|院$|馆$|站$|所$|园$|场$|矿$|队$|坊$|楼$|城$|吧$|堂$|房$|屋$|铺$|广场"
)
_NO_ENTERPRISE = re.compile(
    r"^(?:[\dA-Z]{15}|[\dA-Z]{18}|\+?\d[\d\-]*|[\d./年月日-]+|详?见.*|参见.*|附[表件].*|同上|同前|如上|无|待定|[×xX*]{2,}.*|共?\d+[家户].*"
    r"|计|总|总数|汇总|平均|合计|小计|total|示例|例|样例|上年数|.*合计数?|非公企业|.*等\d+[家户].*)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:\d{1,3}[、.．)]|[①-⑳])\s*(?=\D)")
_STATE_BEHIND = re.compile(r"(?<=[司厂店部社中])[\s\-—，,]*((?:已|拟)?(?:注销|吊销|停业|停产|歇业|搬迁|倒闭))$")
_STATE_BESIDE = re.compile(
    r"[(（\[【]((?:已|拟|现|正在|20\d{2}年?)*(?:注销|吊销|停产|停业|歇业|半停产|关停|关闭|倒闭|搬迁|迁出|外迁|搬走|清算|破产|空壳|失联|转让|新增|筹建|在建|搬离|迁|吊|查无|重复|未开业)[^)）\]】]*)[)）\]】]$"
)
_SIGNS = re.compile(r"^[★☆*※△▲◆◇●○■□#]+|[★☆*※△▲◆◇●○■□#]+$")


def looks_like_enterprise(text: str) -> bool:
    """Whether a text alone on its line is an enterprise's name rather than the heading of a group."""
    return _ENTERPRISE.search(squeeze(text)) is not None


def is_no_enterprise(text: str) -> bool:
    """Whether the text is a code, a number, a date or a reference: whatever an enterprise cannot be called."""
    return _NO_ENTERPRISE.match(squeeze(text)) is not None


def name_and_remark(text: str) -> tuple[str, str]:
    """An enterprise's name, and what is remarked of it by signs or in brackets behind it: （已注销）, ★."""
    words = tidy(text)
    bare = _NUMBERED.sub("", _SIGNS.sub("", words).strip())
    match = _STATE_BESIDE.search(bare) or _STATE_BEHIND.search(bare)
    if match is not None and match.start() > 0:
        return tidy(_SIGNS.sub("", bare[: match.start()])), match[1]
    return bare or words, ""


def same_meaning(parts: Iterable[str], words: dict[str, object]) -> object | None:
    """What every part means when all of them mean the same; None otherwise."""
    meant = {words.get(part) for part in parts}
    return meant.pop() if len(meant) == 1 else None
