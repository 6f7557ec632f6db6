"""A record with a page of its own; facts stand on the pages of those that they are of."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse


class Record(models.Model):
    """An enterprise, an organization, a person …: `PAGE` is the url name of its page, `LIST` that of the list of such
    records, under which the pages stand too."""

    PAGE: ClassVar[str]
    LIST: ClassVar[str]
    # The word by which such records are counted.
    MEASURE: ClassVar[str] = "个"
    # How its life begins and ends, in words.
    BEGAN: ClassVar[str] = "成立于"
    GONE: ClassVar[str] = "注销"
    # What people have of it.
    PEOPLE: ClassVar[str] = "工作单位"

    # Whether a row may be voided, or taken back with its ledger: then its last version is looked for.
    VANISHES: ClassVar[bool] = True

    class Meta:
        abstract = True

    def people_leave(self, go_to: Any) -> str:
        """What becomes of its people when its life ends, in words; they belong to `go_to` from then on, or to none."""
        return f"{self.PEOPLE}到这天为止"

    def get_absolute_url(self) -> str:
        return reverse(self.PAGE, args=[self.pk])
