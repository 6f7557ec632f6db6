"""Numbers that identify: the unified social credit code and the citizen ID number."""

import hashlib
import hmac
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from stdnum.cn import uscc

from common.text import squeeze

CREDIT_CODE_LENGTH = 18
# GB 32100-2015: the first two characters; 92 and 93 are registered by the market
# regulator too but are no enterprises (glossary).
NOT_ENTERPRISE_CLASSES = {"92": "个体工商户", "93": "农民专业合作社"}
_LOOKALIKES = str.maketrans("OIZSV", "01250")


class IdentifierError(ValueError):
    """Not a valid number; the message is for the screen."""


def normalize_credit_code(text: str) -> str:
    """`text` half-width, upper-case, without blanks and hyphens. Nothing is checked."""
    return squeeze(text).replace("-", "").upper()


def check_credit_code(text: str) -> str:
    """The normalised 18-character credit code (GB 32100-2015).

    Raises IdentifierError with a Chinese message for a wrong length, character or check digit.
    """
    code = normalize_credit_code(text)
    if re.fullmatch(r"\d{15}", code):
        raise IdentifierError("这是 15 位旧注册号，请填 18 位统一社会信用代码")
    if len(code) != CREDIT_CODE_LENGTH:
        raise IdentifierError(f"应为 18 位，现为 {len(code)} 位，请对照营业执照改正")
    if re.search(r"[IOSVZ]", code):
        guess = code.translate(_LOOKALIKES)
        hint = f"，是否应为 {guess}" if uscc.is_valid(guess) else ""
        raise IdentifierError(f"统一社会信用代码不用字母 I、O、S、V、Z{hint}，请对照营业执照改正")
    if not uscc.is_valid(code):
        raise IdentifierError("校验位不对，可能录错了一位，请对照营业执照改正")
    return code


def validate_credit_code(value: str) -> None:
    """A model validator: the value must be a valid, normalised credit code."""
    try:
        if check_credit_code(value) != value:
            raise ValidationError("请用半角大写、不带空格的统一社会信用代码。")
    except IdentifierError as error:
        raise ValidationError(str(error)) from None


def credit_code_class(code: str) -> str | None:
    """个体工商户 or 农民专业合作社 when the code is of a class that is no enterprise, else None."""
    return NOT_ENTERPRISE_CLASSES.get(code[:2])


def fingerprint(id_number: str) -> str:
    """The keyed fingerprint (HMAC-SHA256, hex) by which two records of one person are recognised.

    The ID number itself is never stored (design, section 7).
    """
    text = squeeze(id_number).upper()
    return hmac.new(settings.FINGERPRINT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
