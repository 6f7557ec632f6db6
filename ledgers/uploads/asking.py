"""Questions to the whole register: a number that another committee holds, with another name.

A slip of the pen now and then; many of them are somebody who tries numbers. Each is on record, so many a day are
answered, and then none, right or wrong.
"""

from typing import Any

from django.db import models, transaction

from committees.models import AccessKind, AccessLog, User
from ledgers.process import Refused

A_DAY = 20
ENOUGH = "今天报送的身份证号与全区登记不符的太多，没有导入。请联系区委组织部核对后，明天再报。"
_REFUSED = "超过每日次数"


class TooManyQuestions(Refused):
    """Nothing of it stands; that it was asked is to be noted when the transaction is over."""

    def __init__(self, user: Any, number: int):
        super().__init__(ENOUGH)
        self.user, self.number = user, number

    def note(self, of: models.Model | None = None) -> None:
        AccessLog.note(None, AccessKind.ID_QUESTION, user=self.user, of=of, count=self.number, result=_REFUSED)


def may_ask(user: Any, doubtful: int) -> None:
    """Put on record that the user gave `doubtful` numbers that do not fit. Raises TooManyQuestions beyond A_DAY, and
    from then on for every number of that day."""
    with transaction.atomic():
        # One at a time, so that none of those asked at once is overlooked.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _ask(user, doubtful)


def _ask(user: Any, doubtful: int) -> None:
    said = AccessLog.objects.of_today().filter(user=user, what=AccessKind.ID_QUESTION)
    before = said.aggregate(all=models.Sum("count"))["all"] or 0
    if before + doubtful > A_DAY:
        raise TooManyQuestions(user, doubtful)
    if doubtful:
        AccessLog.note(None, AccessKind.ID_QUESTION, user=user, count=doubtful, result="已列入冲突")
