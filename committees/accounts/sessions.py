"""Sessions in the database, which a full disk does not end."""

import logging

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from common.full_disk import is_full

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    def save(self, must_create: bool = False) -> None:
        """Write it, if it can be written. That somebody was seen once more may get lost: pages can still be read. One
        that begins cannot: then nobody is signed in."""
        try:
            super().save(must_create)
        except UpdateError as error:
            # Django says of every fault of the database that the session is gone.
            if not is_full(error):
                raise
            logger.warning("the disk is full: a session was not written")
