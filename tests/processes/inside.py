"""What runs inside a process of the trial district: each function is one command of `python -m tests.processes.inside`.

Not collected by pytest: its settings are those of the product, with the queue in the database.
"""

import datetime as dt
import json
import os
import signal
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.files import File  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from committees.models import AccessLog, Committee, User, kind_from_name  # noqa: E402
from committees.scope import Role  # noqa: E402
from enterprises.models import Enterprise  # noqa: E402
from ledgers.models import SILENCE, Upload  # noqa: E402
from ledgers.uploads.states import ask_commit, reap, receive, retry  # noqa: E402
from tests.processes.district import PASSWORD  # noqa: E402


def found(*committees: str) -> dict:
    """Make the database with these committees; a user of the first, with the session cookie, and one of the district."""
    call_command("migrate", verbosity=0)
    made = [Committee.objects.create(kind=kind_from_name(name), name=name) for name in committees]
    User.objects.create_user("wei", password=PASSWORD, role=Role.DISTRICT)
    user = User.objects.create_user("dong", password=PASSWORD, role=Role.COMMITTEE, committee=made[0])
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"committee": made[0].pk, settings.SESSION_COOKIE_NAME: session.session_key}


def upload(path: str) -> dict:
    user = User.objects.select_related("committee").get(username="dong")
    with Path(path).open("rb") as content:
        kept, _ = receive(user=user, committee=user.committee, file=File(content), as_of=dt.date(2023, 12, 20))
    return {"upload": kept.pk}


def commit(pk: str) -> dict:
    ask_commit(
        Upload.objects.get(pk=pk), user=User.objects.get(username="dong"), skip_bad_rows=False, acknowledged=True
    )
    return state(pk)


def state(pk: str) -> dict:
    found = Upload.objects.get(pk=pk)
    return {
        "state": found.state,
        "note": found.note,
        "counts": found.counts,
        "enterprises": Enterprise.objects.count(),
        "history": Enterprise.history.count(),
        "tasks": DBTaskResult.objects.count(),
    }


def work(killed_at: str = "0", pages: str = "") -> dict:
    """A worker that empties the queue; kills itself before its statement number `killed_at`. How many there were.
    With `pages`, a full disk: the database may not get larger."""
    number, at = 0, int(killed_at)
    if pages:
        connection_created.connect(
            lambda connection, **_: connection.cursor().execute(f"PRAGMA max_page_count={pages}"), weak=False
        )
        connection.close()

    def count(execute, sql, parameters, many, context):
        nonlocal number
        number += 1
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, parameters, many, context)

    # The heartbeat's connection is another thread's: only the worker's own statements count.
    connection.execute_wrappers.append(count)
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    return {"statements": number}


def phones(seen: str) -> dict:
    """A phone that the committee's user may see, who has seen so many today; how many there are on record then."""
    user = User.objects.select_related("committee").get(username="dong")
    record = Enterprise.objects.filter(name="有电话的公司").first()
    if record is None:
        record = Enterprise.objects.create(name="有电话的公司", contact_phone="13812340846")
        record.jurisdictions.create(committee=user.committee, start=dt.date(2020, 1, 1))
        for _ in range(int(seen)):
            AccessLog.note(None, "phone", user=user, of=record, reason="走访")
    return {"enterprise": record.pk, "shown": AccessLog.objects.filter(what="phone", result="").count()}


def addresses() -> dict:
    """From where people were active, as the log has it."""
    return {"of": sorted(set(AccessLog.objects.exclude(address="").values_list("address", flat=True)))}


def wait_and_reap(pk: str) -> dict:
    """As if the worker had been silent for long enough."""
    with transaction.atomic():
        Upload.objects.filter(pk=pk).update(heartbeat=timezone.now() - 2 * SILENCE)
    return {"broken": reap(), **state(pk)}


def again(pk: str) -> dict:
    """The retry button, the worker, the commit button, the worker."""
    retry(Upload.objects.get(pk=pk))
    work()
    commit(pk)
    work()
    return state(pk)


if __name__ == "__main__":
    command, answer, *arguments = sys.argv[1:]
    Path(answer).write_text(json.dumps(globals()[command](*arguments)), encoding="utf-8")
