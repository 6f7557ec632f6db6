"""The background work: one task, whose arguments are keys only."""

from django_tasks import task

from ledgers import uploads


@task()
def run(upload: int, attempt: int, towards: str) -> None:
    """Take one upload towards a state (ledgers/uploads.py)."""
    uploads.work(upload, attempt, towards)
