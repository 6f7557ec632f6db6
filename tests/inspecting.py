"""Inspections for tests, and what the pages say of them."""

import datetime as dt

from django.test import Client

from common.today import today
from organizations.inspect import inspect

D = dt.date


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def inspected(subject, by, *, findings: str = "活动室没有制度上墙", due: D | None = None, on: D | None = None):
    """An inspection whose deadline is in five days, unless it is said otherwise."""
    due_on = (due or ago(-5)) if findings else None
    inspect(subject, form="on_site", findings=findings, due_on=due_on, on=on or ago(30), by=by)
    return subject.inspections.first()


def line(client, words: str) -> int:
    """The number of the line of the work list; 0 where it is done."""
    found = client.get("/todo/").context
    return next((each.number for each in [*found["lines"], *found["done"]] if each.words == words), 0)


def listed(client, **asked) -> int:
    return len(client.get("/inspections/", asked).context["rows"])


def signed(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
