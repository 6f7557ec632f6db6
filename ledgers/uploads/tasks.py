"""The background work: one task, whose arguments are keys only."""

import datetime as dt

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from ledgers.uploads.work import work

# What became of a task stands in its upload; its own row serves nobody after so many days.
KEPT_DAYS = 14


@task()
def run(upload: int, attempt: int, towards: str) -> None:
    """Take one upload towards a state (ledgers/uploads/states.py)."""
    work(upload, attempt, towards)


def waiting() -> list[int]:
    """The uploads whose task no worker has taken yet, in the order in which they will be."""
    return [arguments["args"][0] for arguments in DBTaskResult.objects.ready().values_list("args_kwargs", flat=True)]


def prune() -> int:
    """Delete the rows of old tasks, those of workers that died included; how many."""
    before = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    return DBTaskResult.objects.filter(enqueued_at__lt=before).exclude(pk__in=DBTaskResult.objects.ready()).delete()[0]
