"""What must be read again and is not to be read from a copy of the database: sealed in the age format (pyrage), for a
key that is derived from FINGERPRINT_KEY, which the database knows again and which is in no backup."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Any

import pyrage
from django.conf import settings

_CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def derived(purpose: bytes) -> bytes:
    """32 bytes of FINGERPRINT_KEY for one purpose, which tell nothing of those for another."""
    return hmac.new(settings.FINGERPRINT_KEY.encode(), purpose, hashlib.sha256).digest()


def seal(content: bytes) -> str:
    return b64encode(pyrage.encrypt(content, [_identity(derived(b"seeds of one-time codes")).to_public()])).decode()


def unseal(sealed: str) -> bytes:
    """Raises pyrage.DecryptError under another key, or when it was changed."""
    return bytes(pyrage.decrypt(b64decode(sealed), [_identity(derived(b"seeds of one-time codes"))]))


@lru_cache(maxsize=4)
def _identity(key: bytes) -> Any:
    return pyrage.x25519.Identity.from_str(_bech32("age-secret-key-", key).upper())


def _bech32(kind: str, content: bytes) -> str:
    """How age writes a key down (BIP 173)."""
    bits = "".join(f"{byte:08b}" for byte in content)
    values = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    known = [*(ord(letter) >> 5 for letter in kind), 0, *(ord(letter) & 31 for letter in kind), *values]
    check = _polymod([*known, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{kind}1{''.join(_CHARACTERS[value] for value in values)}"


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> place & 1 else 0
    return check
