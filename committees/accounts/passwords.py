"""Passwords that are guessed first in an office like this one (NIST SP 800-63B, 5.1.1.2: a list of the context)."""

import re
import secrets
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

# Words of the field and of the place, as people spell them in Latin letters.
_LOCAL = (
    "dangjian", "dangzhibu", "zhibu", "zuzhibu", "zuzhi", "zuzhichu", "dangwei", "danggongwei", "dangyuan", "dangwu",
    "feigong", "lianggongxin", "liangxin", "qiye", "fugai", "sidagongcheng", "gongcheng", "jiedao", "banshichu",
    "xiangzhen", "xiang", "zhen", "juju", "jijuqu", "yuanqu", "shequ", "qinyang", "jiaozuo", "henan", "zhengzhou",
    "beijing", "shanghai", "zhongguo", "china", "admin", "administrator", "guanliyuan", "password", "passwd", "mima",
    "welcome", "woaini", "qwerty", "asdfgh", "zxcvbn", "qazwsx", "abcdef", "abc", "test", "user", "login", "coverage",
)  # fmt: skip
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
# So much that no list knows must be left: letters of any script count whole, digits and signs half, as there are fewer
# of them and people choose them worse.
_LEFT = 6
# No more of it is looked at: longer passwords have enough in front.
_LOOKED_AT = 128
# Rows of keys and what stands above them; three and more beside each other, in both directions.
_ROWS = ("01234567890", "!@#$%^&*()_+", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_RUNS = frozenset(
    row[at : at + size]
    for each in _ROWS
    for row in (each, each[::-1])
    for size in range(3, len(row) + 1)
    for at in range(len(row) - size + 1)
)
# An ID number, a mobile phone, a day, a year.
_NUMBERS = re.compile(
    r"(?<!\d)\d{6}(?:19|20)\d{9}[\dx]|(?<!\d)1[3-9]\d{9}"
    r"|(?:19|20)\d\d[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])|(?:19|20)\d\d"
)
# No letter that is taken for another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class LocalWordsValidator:
    """Refuses what is little more than words of the field or one of the common passwords, a date and a run of keys.

    No rule asks for kinds of characters: a long number that is none of somebody's is taken, and so are signs."""

    def validate(self, password: str, user: Any = None) -> None:
        text = password.casefold()[:_LOOKED_AT]
        own = [str(getattr(user, name, "") or "").casefold() for name in ("username", "name")]
        words = sorted({*_LOCAL, *(word for word in own if len(word) > 2)}, key=len, reverse=True)
        if min(_left(each) for base in (text, _without(text, words)) for each in _without_a_common(base)) < _LEFT:
            raise ValidationError(
                "这个密码太容易猜：不要只用党建、单位、地名的拼音，或常见的密码、日期、电话、连号。", code="local_words"
            )

    def get_help_text(self) -> str:
        return "不要只用党建、单位、地名的拼音，或常见的密码、日期、电话、连号。"


@cache
def _common() -> frozenset[str]:
    """The framework's list of 19,640 common passwords: of those of twelve characters and more there are few, but what
    people make longer for the sake of a rule begins with them. Of a number four digits are no password."""
    return frozenset(word for word in CommonPasswordValidator().passwords if len(word) > 5 or not word.isdecimal())


def _without(text: str, words: Iterable[str]) -> str:
    """`text` without the words, also where digits and signs stand for their letters."""
    for word in words:
        while (at := max(text.find(word), text.translate(_LOOKALIKES).find(word))) >= 0:
            text = text[:at] + text[at + len(word) :]
    return text


def _without_a_common(text: str) -> Iterator[str]:
    """`text`, and what is left of it without each common password that stands in it. Only one is taken out: several
    words that were chosen at random are a good password."""
    yield text
    for base in {text, _REPEATED.sub(_once, text)}:
        forms = (base, base.translate(_LOOKALIKES))
        parts = {form[at : at + size] for form in forms for size in range(4, 17) for at in range(len(form) - size + 1)}
        for word in parts & _common():
            yield _without(base, [word])


_REPEATED = re.compile(r"(.{2,}?)\1+|(.)\2{2,}")


def _once(found: re.Match[str]) -> str:
    return str(found[1] or found[2])


def _without_runs(text: str) -> str:
    left, at = "", 0
    while at < len(text):
        run = next((size for size in range(len(text) - at, 2, -1) if text[at : at + size] in _RUNS), 0)
        left += "" if run else text[at]
        at += run or 1
    return left


def _left(text: str) -> float:
    """What `text` is worth without dates, somebody's numbers, runs of keys and repetitions."""
    text = _REPEATED.sub(_once, _without_runs(_NUMBERS.sub("", text)))
    return sum(1 if letter.isalpha() else 0.5 for letter in text if not letter.isspace())


def one_time() -> str:
    """A first password, to be told once and changed at once: 16 characters in groups, some 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
