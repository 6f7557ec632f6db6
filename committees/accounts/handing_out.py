"""One-time passwords, and sessions that somebody else ends."""

import datetime as dt
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from committees.accounts.passwords import one_time

# A one-time password that nobody has used is worth nothing after so many days.
FIRST_DAYS = 14


class Slip(NamedTuple):
    """What is told to its owner, once: it is kept nowhere."""

    user: Any
    password: str


@transaction.atomic
def hand_out(user: Any) -> Slip:
    """A new one-time password in the place of the user's password, to be changed at the first sign-in and good for
    FIRST_DAYS; whoever is signed in with the old one is no longer. Saves the user, who may be new."""
    password = one_time()
    user.set_password(password)
    user.password_is_first = True
    user.password_until = timezone.now() + dt.timedelta(days=FIRST_DAYS)
    user.save()
    return Slip(user, password)


def is_over(user: Any) -> bool:
    """Whether the user's password is a one-time one whose days are over."""
    return bool(user.password_is_first and user.password_until and user.password_until < timezone.now())


def end_sessions(user: Any) -> None:
    """Whoever is signed in as the user is no longer, wherever that is."""
    user.sessions_from = timezone.now()
    user.save(update_fields=["sessions_from"])
