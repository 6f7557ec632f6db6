"""What the words of a cell mean as a whole. A word inside decides nothing: what is not understood is asked."""

import re
from collections.abc import Iterable

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
_VERB = "(?:建立|成立|组建|设立|设置|建成|建|覆盖|选派|派驻|派|配备|配|实现|达标|达到|换届|兼任|担任|有|是)"
_BODY = (
    "(?:(?:独立|单独|联合|网格)?(?:的)?(?:党的?组织|(?:联合)?党支部|(?:联合)?支部|党总支|党委|工会|共青团|团支部|团|妇联|妇女"
    "|(?:党建)?(?:工作)?(?:指导员|联络员)|(?:活动)?场所|规模|标准|党员|组织)(?:组织|覆盖|委员会|阵地)?)"
)
_YES = re.compile(
    rf"^(?:(?:已经?|均已?|现已|有)(?:独立|单独|联合)?{_VERB}?{_BODY}?|(?:独立|单独|联合)?{_VERB}{_BODY}?)(?:了)?$"
)
_NO = re.compile(
    rf"^(?:尚|暂|还|目前|仍|均|暂时)*(?:未|没有?|无|不)(?:能|曾)?(?:独立|单独|联合)?{_VERB}?{_BODY}?(?:条件)?(?:的)?$"
)
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


def yes_or_no(text: str) -> bool | None:
    """Whether the cell plainly says yes or no; None when it does neither."""
    whole = squeeze(text).casefold()
    word, beside = plain(text)
    for each in dict.fromkeys((_END.sub("", whole), word)):
        if each in YES_WORDS or _YES.match(each):
            # 是（已撤销） says two things.
            return None if each == word and beside and DOUBT.search(beside) else True
        if each in NO_WORDS or _NO.match(each):
            return False
    return None


# -- names ----------------------------------------------------------------------------------------

_WIDE = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PERSON = re.compile(
    rf"^(?:[{_WIDE}]{{1,4}}|[{_WIDE}]{{1,12}}(?:[·•・‧･.．∙⋅][{_WIDE}]{{1,12}})+|[A-Za-z][A-Za-z .'·-]{{1,48}})$"
)
_NO_PERSON = re.compile(
    "缺|待定|待派|待选|拟|选派|调整|附表|附件|详见|备注|同上|兼任|不详|未定|未知|派驻|派出|配备|专职|兼职|指导员|联络员|书记|党员|干部"
    "|联合|企业|公司|社区|支部|组织|办事处|主任|人员|工作|计划|正在|准备|^[见由另暂]|^空|测试|办$|街道|中心$"
)
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
_BODY_WORD = re.compile("党|支部|总支|支委|委员会|工委")
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
        if DOUBT.search(match[2]):
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
        and not (beside is not None and DOUBT.search(beside[1]))
    )


def parts_of(text: str) -> list[str]:
    """The parts of a cell that may hold several names."""
    return [part for each in _BETWEEN.split(text) if (part := tidy(each))]


# A name of an enterprise holds one of these, as a rule at its end; what holds none may be a heading or a note.
_ENTERPRISE = re.compile(
    "公司|厂|店|社|中心|医院|学校|学院|幼儿园|酒店|宾馆|饭店|超市|商场|市场|商行|经营部|门市|事务所|工作室|研究院|研究所|集团|合作社|合伙|农场"
    "|加油站|银行|行$|部$|院$|馆$|站$|所$|园$|场$|矿$|队$|坊$|楼$|城$|吧$|堂$|房$|屋$|铺$|广场"
)
_NO_ENTERPRISE = re.compile(
    r"^(?:[\dA-Z]{15}|[\dA-Z]{18}|\+?\d[\d\-]*|[\d./年月日-]+|详?见.*|参见.*|附[表件].*|同上|同前|无|×+|x+|\*+)$",
    re.IGNORECASE,
)
_STATE_BESIDE = re.compile(
    r"[(（\[【]((?:已|拟|现|正在|20\d{2}年?)*(?:注销|吊销|停产|停业|歇业|半停产|关停|关闭|倒闭|搬迁|迁出|外迁|搬走|清算|破产|空壳|失联|转让|新增|筹建|在建)[^)）\]】]*)[)）\]】]$"
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
    bare = _SIGNS.sub("", words).strip()
    match = _STATE_BESIDE.search(bare)
    if match is not None and match.start() > 0:
        return tidy(_SIGNS.sub("", bare[: match.start()])), match[1]
    return bare or words, ""


def same_meaning(parts: Iterable[str], words: dict[str, object]) -> object | None:
    """What every part means when all of them mean the same; None otherwise."""
    meant = {words.get(part) for part in parts}
    return meant.pop() if len(meant) == 1 else None
