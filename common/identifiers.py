"""Numbers that identify: the unified social credit code and the citizen ID number."""

import datetime as dt
import hashlib
import hmac
import re
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from stdnum.cn import ric, uscc

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


class IdNumber(NamedTuple):
    """What is kept of an ID number, never the number itself nor its end: with birth date and county that would give it
    back. `sex` is male or female."""

    fingerprint: str
    born_on: dt.date
    sex: str


def check_id_number(text: str) -> IdNumber:
    """What a citizen ID number tells (GB 11643: 17 digits and a check digit; 15 digits are the old form).

    The county code is not checked: real numbers carry codes that no list holds. Raises IdentifierError
    with a Chinese message that does not repeat the number.
    """
    number = squeeze(text).replace("-", "").upper()
    if re.fullmatch(r"\d{15}", number):
        number = f"{number[:6]}19{number[6:]}"
        number += ric.calc_check_digit(f"{number}0")
    if len(number) != 18:
        raise IdentifierError(f"身份证号应为 18 位，现为 {len(number)} 位，请核对")
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise IdentifierError("身份证号只能是数字，最后一位可以是 X，请核对")
    if ric.calc_check_digit(number) != number[-1]:
        raise IdentifierError("身份证号的校验位不对，可能录错了一位，请核对")
    try:
        born = ric.get_birth_date(number)
    except ric.InvalidComponent:
        raise IdentifierError("身份证号里的出生日期不存在，请核对") from None
    if not 1900 <= born.year <= 2100:
        raise IdentifierError("身份证号里的出生年份不对，请核对")
    return IdNumber(fingerprint(number), born, "male" if int(number[16]) % 2 else "female")
