"""The two second factors as they are kept: the seed of an app's codes sealed, codes on paper as hashes only. Throttling
and the tie to a session are django-otp's, whose own two tables keep both in plain text and are not used."""

import hashlib
import hmac
import secrets
import time
from base64 import b32encode
from typing import ClassVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from committees.accounts.sealing import derived, seal, unseal

PAPER_CODES, PAPER_LENGTH = 10, 10
# No letter that is taken for another: 31 of them, so that a code has 49 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
# Fewer than of a password: a code is chosen by chance and hashed under a key besides, and all ten are tried each time.
_ITERATIONS = 100_000


class AppDevice(ThrottlingMixin, Device):
    """An app that shows a code every 30 seconds (TOTP, RFC 6238). Each counts once."""

    STEP, DIGITS = 30, 6
    # One step to either side, as RFC 6238 (5.2) allows: people type, and clocks of phones and of a server without the
    # internet differ. How far this phone's is off is learned.
    TOLERANCE = 1

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField("封存的密钥")
    drift = models.SmallIntegerField("钟差", default=0)
    # The step of the last code that was taken.
    last_step = models.BigIntegerField("上次用的口令", default=-1)

    objects: ClassVar[models.Manager["AppDevice"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "动态口令"

    @classmethod
    def fresh(cls) -> str:
        """A new seed (160 bits, RFC 4226), sealed."""
        return seal(secrets.token_bytes(20))

    @property
    def seed(self) -> bytes:
        return unseal(self.sealed)

    @property
    def address(self) -> str:
        """What an app scans."""
        said = {"secret": b32encode(self.seed), "algorithm": "SHA1", "digits": self.DIGITS, "period": self.STEP}
        issuer = settings.OTP_TOTP_ISSUER
        name = quote(f"{issuer}:{self.user.get_username()}")
        return f"otpauth://totp/{name}?{urlencode(said)}&issuer={quote(issuer)}"

    def verify_token(self, token: str) -> bool:
        """Whether it is the code of now; it is used up then. Wrong ones slow the device down."""
        if not self.verify_is_allowed()[0]:
            return False
        codes = TOTP(self.seed, self.STEP, 0, self.DIGITS, self.drift)
        codes.time = time.time()
        if not (token.isdecimal() and codes.verify(int(token), self.TOLERANCE, self.last_step + 1)):
            self.throttle_increment()
            return False
        self.last_step, self.drift = codes.t(), codes.drift
        self.throttle_reset(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        return 1


class PaperCodes(ThrottlingMixin, Device):
    """Codes on paper, each good once; what is kept of them is hashes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="+")
    hashes = models.JSONField("备用码的散列", default=list)

    objects: ClassVar[models.Manager["PaperCodes"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "纸质备用码"

    @staticmethod
    def new() -> list[str]:
        """So many codes by chance, in two groups as people read them."""
        made = ["".join(secrets.choice(ALPHABET) for _ in range(PAPER_LENGTH)) for _ in range(PAPER_CODES)]
        return [f"{code[:5]}-{code[5:]}" for code in made]

    @staticmethod
    def hashed(code: str) -> str:
        hasher = PBKDF2PasswordHasher()
        return str(hasher.encode(_keyed(code), hasher.salt(), _ITERATIONS))

    def verify_token(self, token: str) -> bool:
        """Whether it is one of those that are left; it is none then. Wrong ones slow the device down."""
        if not self.verify_is_allowed()[0]:
            return False
        hasher, keyed = PBKDF2PasswordHasher(), _keyed(token)
        used = next((each for each in self.hashes if hasher.verify(keyed, each)), None)
        if used is None:
            self.throttle_increment()
            return False
        self.hashes = [each for each in self.hashes if each != used]
        self.throttle_reset(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        return 1


def spelled(code: str) -> str:
    """A code as it is meant, however it was typed."""
    return "".join(letter for letter in code.casefold() if letter.isalnum())


def _keyed(code: str) -> str:
    # Whoever has the database and not the key cannot try codes at all.
    return hmac.new(derived(b"codes on paper"), spelled(code).encode(), hashlib.sha256).hexdigest()
