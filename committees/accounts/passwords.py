"""Passwords that are guessed first in an office like this one (NIST SP 800-63B, 5.1.1.2: a list of the context)."""

import re
import secrets
from typing import Any

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
# So many letters or digits that no list knows must be left.
_LEFT = 6
# No letter that is taken for another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class LocalWordsValidator:
    """Refuses what is little more than words of the field, a year and a run of keys."""

    def validate(self, password: str, user: Any = None) -> None:
        text = password.casefold()
        own = [str(getattr(user, name, "") or "").casefold() for name in ("username", "name")]
        words = sorted({*_LOCAL, *(word for word in own if len(word) > 2)}, key=len, reverse=True)
        # Digits may stand for letters, or just behind the words.
        left = min((_without(form, words) for form in (text, text.translate(_LOOKALIKES))), key=len)
        if len(left) < _LEFT:
            raise ValidationError("这个密码太容易猜：不要只用党建、单位、地名的拼音加年份或连号。", code="local_words")

    def get_help_text(self) -> str:
        return "不要用党建、单位、地名的拼音加年份或连号。"


def _without(text: str, words: list[str]) -> str:
    """`text` without the words, years, runs and repetitions."""
    for word in words:
        text = text.replace(word, "")
    text = re.sub(r"(?:19|20)\d\d", "", text)
    text = re.sub(r"0123456789|123456789|12345678|1234567|123456|12345|1234|123|987654321|654321|321", "", text)
    text = re.sub(r"(.)\1+", r"\1", text)
    return re.sub(r"[^0-9a-z\u3400-\u9fff]", "", text)


def one_time() -> str:
    """A first password, to be told once and changed at once: 16 characters in groups, some 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
