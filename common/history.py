"""Deleting many tracked rows at once with their history, as simple-history's bulk helpers create and update them."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils import timezone


def bulk_delete_with_history(
    rows: Sequence[Any], model: type[models.Model], *, user, reason: str, batch_size: int = 500
) -> None:
    """Delete saved `rows` of `model`, each with a history row that says who and why. Must run inside a transaction.

    Nothing may refer to the rows any more: no cascade is followed.
    """
    history = model.history  # type: ignore[attr-defined]
    now = timezone.now()
    ended = [
        history.model(
            history_date=now,
            history_user=user,
            history_change_reason=reason,
            history_type="-",
            **{field.attname: getattr(row, field.attname) for field in history.model.tracked_fields},
        )
        for row in rows
    ]
    history.model.objects.bulk_create(ended, batch_size=batch_size)
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), batch_size):
        gone = model._default_manager.filter(pk__in=keys[start : start + batch_size])
        gone._raw_delete(gone.db)  # type: ignore[attr-defined]
