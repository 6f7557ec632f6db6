"""Text as office staff type it, brought to one form for comparing."""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

# Cells that say “nothing”. In a yes/no column 无 means no; the reader of that column decides.
BLANK_WORDS = frozenset(
    {"", "无", "暂无", "不详", "未知", "—", "——", "-", "--", "－", "/", "//", "\\", "、", "空", "N/A", "n/a"}
)

# What nobody sees: soft hyphens, zero-width and direction marks, variation selectors, byte-order marks.
_UNSEEN_ONES = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef"
)
_UNSEEN = re.compile(f"[{_UNSEEN_ONES}]")
# Old systems know rare characters of GBK by private code points, U+E815 to U+E864. These are still private in
# Python's codec.
_STILL_PRIVATE = dict(
    zip(
        "\ue816\ue817\ue818\ue81e\ue826\ue82b\ue82c\ue831\ue832\ue83b\ue843\ue854\ue855\ue864\ue7c7",
        "\U00020087\U00020089\U000200cc\u9fb4\u9fb5\u9fb6\u9fb7\U000215d7\u9fb8\U0002298f\u9fb9\u9fba\U000241fe\u9fbb\u1e3f",
        strict=True,
    )
)
# The dots between the parts of one name: · • ・ . ‧ ･ ∙ ⋅
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅.", "·"))
# Of a Chinese name without a dot; 张三 李四 are two.
_LONGEST_NAME = 4
_BETWEEN_WIDE = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])")


def _of_private_use() -> dict[int, str]:
    """Private code point → the character that it stands for (GBK 1.0, rows FE50–FEA0)."""
    places = [low for low in range(0x50, 0xA1) if low != 0x7F]
    meant = {0xE815 + place: bytes([0xFE, low]).decode("gb18030") for place, low in enumerate(places)}
    known = {code: char for code, char in meant.items() if not "\ue000" <= char <= "\uf8ff"}
    return known | {ord(private): char for private, char in _STILL_PRIVATE.items()}


_PRIVATE = _of_private_use()
_ODD = re.compile(f"[\ue000-\uf8ff{_UNSEEN_ONES}]")


def seen(text: str) -> str:
    """`text` as it is meant to be seen: without what has no width, private code points of GBK as their characters."""
    if text.isascii() or _ODD.search(text) is None:
        return text
    return _UNSEEN.sub("", text.translate(_PRIVATE))


# A ledger asks about the same words again and again: each cell several times, and its neighbours below.
@lru_cache(maxsize=20_000)
def squeeze(text: str) -> str:
    """`text` with full-width forms made half-width, all white space and whatever cannot be seen removed."""
    return "".join(unicodedata.normalize("NFKC", seen(text)).split())


def tidy(text: str) -> str:
    """`text` without surrounding white space and whatever cannot be seen, and with inner runs of blanks made one.

    Characters are kept as typed: a name may hold rare or full-width ones on purpose.
    """
    return " ".join(seen(text).split())


def tidy_person(name: str) -> str:
    """A person's name as it is kept: the blank that spreads 李　明 over three characters is no part of it."""
    words = tidy(name)
    joined = _BETWEEN_WIDE.sub("", words)
    spread = len(joined) <= _LONGEST_NAME and any(len(part) == 1 for part in words.split(" "))
    return joined if spread else words


def is_blank(text: str) -> bool:
    """Whether a cell with this text states nothing."""
    return squeeze(text) in BLANK_WORDS or tidy(text) in BLANK_WORDS


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """What two spellings of one name share, of an enterprise, an organization or a person: width, kinds of brackets,
    blanks, and which of the six dots stands between the parts of a name are ignored."""
    return squeeze(name).replace("〔", "(").replace("〕", ")").translate(_DOTS).casefold()


def masked(phone: str) -> str:
    """A phone as lists and exports show it: 138****0846; the last four of shorter numbers are kept."""
    if len(phone) < 7:
        return phone
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else f"****{phone[-4:]}"


def birth_year(born_on: dt.date) -> str:
    """A birth date as pages show it."""
    return f"{born_on.year} 年"


_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


def without_phones(text: str) -> str:
    """`text` with every mobile number in it masked as lists show it."""
    return _MOBILE.sub(r"\1****\2", text)
