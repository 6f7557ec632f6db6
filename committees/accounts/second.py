"""The second factor: a code of an app (TOTP, RFC 6238), or one of ten codes on paper, by django-otp.

Open to all, required for whoever sees the whole district or administers it, unless the office keeps phones out of the
building (SECOND_FACTOR=0).
"""

import secrets
from base64 import b32encode
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from committees.scope import sees_all

PAPER_CODES = 10


def must_have(user: Any) -> bool:
    """Whether the user may not work without."""
    return bool(settings.SECOND_FACTOR) and (user.is_superuser or sees_all(user))


def has(user: Any) -> bool:
    """Whether the user has set one up: an app's device; codes on paper come with it."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def check(user: Any, code: str) -> Any:
    """The user's device that the code is of, or None. Each code counts once; wrong ones slow the device down."""
    return match_token(user, code.replace(" ", "").strip())


def being_enrolled(user: Any) -> TOTPDevice:
    """The app's device that waits for its first code; made when there is none."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "动态口令"})
    return device


def picture(device: TOTPDevice) -> SafeString:
    """The device's address as a picture to be scanned, as a data address."""
    return SafeString(segno.make(device.config_url, error="m").svg_data_uri(scale=4, border=2))


@transaction.atomic
def confirm(user: Any, code: str) -> list[str] | None:
    """Take the waiting device into use when the code is its own: the paper codes, to be shown once; None otherwise."""
    device = being_enrolled(user)
    if not device.verify_token(code.replace(" ", "").strip()):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    return paper_codes(user)


@transaction.atomic
def paper_codes(user: Any) -> list[str]:
    """Ten new codes on paper in the place of those before."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="纸质备用码")
    codes = [f"{secrets.randbelow(10**8):08}" for _ in range(PAPER_CODES)]
    device.token_set.bulk_create(device.token_set.model(device=device, token=code) for code in codes)
    return codes


def take_off(user: Any) -> None:
    """Without: for an administrator, when the phone is lost and the paper too."""
    for device in [*devices_for_user(user), *TOTPDevice.objects.filter(user=user)]:
        device.delete()


def device_of(user: Any) -> Any:
    """The user's confirmed device."""
    return next(iter(devices_for_user(user)))


def key_of(device: TOTPDevice) -> str:
    """The secret as it is typed where nothing can be scanned: base32 in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
