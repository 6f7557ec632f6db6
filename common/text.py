"""Text as office staff type it, brought to one form for comparing."""

import re
import unicodedata
from functools import lru_cache

# Cells that say “nothing”. In a yes/no column 无 means no; the reader of that column decides.
BLANK_WORDS = frozenset(
    {"", "无", "暂无", "不详", "未知", "—", "——", "-", "--", "－", "/", "//", "\\", "、", "空", "N/A", "n/a"}
)

_SPACE = re.compile(r"\s+")


# A ledger asks about the same words again and again: each cell several times, and its neighbours below.
@lru_cache(maxsize=20_000)
def squeeze(text: str) -> str:
    """`text` with full-width forms made half-width and all white space removed."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def tidy(text: str) -> str:
    """`text` without surrounding white space and with inner runs of it made one blank.

    Characters are kept as typed: a name may hold rare or full-width ones on purpose.
    """
    return _SPACE.sub(" ", text).strip()


def is_blank(text: str) -> bool:
    """Whether a cell with this text states nothing."""
    return squeeze(text) in BLANK_WORDS or tidy(text) in BLANK_WORDS


def name_key(name: str) -> str:
    """What two spellings of one enterprise or organization name share: width, brackets and blanks ignored."""
    return squeeze(name).replace("〔", "(").replace("〕", ")").casefold()


def masked(phone: str) -> str:
    """A phone as lists and exports show it: 138****0846; the last four of shorter numbers are kept."""
    if len(phone) < 7:
        return phone
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else f"****{phone[-4:]}"
