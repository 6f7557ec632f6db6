"""The second factor: a code of an app (TOTP, RFC 6238), or one of ten codes on paper.

Open to all, required for whoever sees the whole district or administers it, unless the office keeps phones out of the
building (SECOND_FACTOR=0).
"""

import re
from base64 import b32encode
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString

from committees.accounts.devices import AppDevice, PaperCodes, spelled
from committees.scope import sees_all


def must_have(user: Any) -> bool:
    """Whether the user may not work without."""
    return bool(settings.SECOND_FACTOR) and (user.is_superuser or sees_all(user))


def has(user: Any) -> bool:
    """Whether the user has set one up: an app's device; codes on paper come with it."""
    return bool(AppDevice.objects.filter(user=user, confirmed=True).exists())


@transaction.atomic
def check(user: Any, code: str) -> Any:
    """The user's device that the code is of, or None. Each code counts once; wrong ones slow the device down. Codes on
    paper are longer than those of apps, so a wrong one of a kind does not slow the other down."""
    code = spelled(code)
    if not code:
        return None
    kind: Any = AppDevice if re.fullmatch(rf"\d{{{AppDevice.DIGITS}}}", code) else PaperCodes
    devices = kind.objects.select_for_update().filter(user=user, confirmed=True)
    return next((device for device in devices if device.verify_token(code)), None)


def being_enrolled(user: Any) -> AppDevice:
    """The app's device that waits for its first code; made when there is none."""
    device, _ = AppDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "动态口令", "sealed": AppDevice.fresh}
    )
    return device


def picture(device: AppDevice) -> SafeString:
    """The device's address as a picture to be scanned, as a data address."""
    return SafeString(segno.make(device.address, error="m").svg_data_uri(scale=4, border=2))


@transaction.atomic
def confirm(user: Any, code: str) -> list[str] | None:
    """Take the waiting device into use when the code is its own: the paper codes, to be shown once; None otherwise."""
    device = being_enrolled(user)
    if not device.verify_token(spelled(code)):
        return None
    AppDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    return paper_codes(user)


@transaction.atomic
def paper_codes(user: Any) -> list[str]:
    """Ten new codes on paper in the place of those before. They cannot be had again."""
    codes = PaperCodes.new()
    PaperCodes.objects.filter(user=user).delete()
    PaperCodes.objects.create(user=user, name="纸质备用码", hashes=[PaperCodes.hashed(code) for code in codes])
    return codes


def take_off(user: Any) -> None:
    """Without: for an administrator, when the phone is lost and the paper too."""
    for kind in (AppDevice, PaperCodes):
        kind.objects.filter(user=user).delete()


def device_of(user: Any) -> AppDevice:
    """The user's confirmed device."""
    return AppDevice.objects.get(user=user, confirmed=True)


def key_of(device: AppDevice) -> str:
    """The secret as it is typed where nothing can be scanned: base32 in groups of four."""
    text = b32encode(device.seed).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
