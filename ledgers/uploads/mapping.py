"""Column mapping by hand: what people have said of a heading is remembered for the committee."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from committees.models import Committee
from ledgers.kinds.catalogue import CATALOGUE
from ledgers.models import ColumnMapping
from ledgers.recognising.header import mapping_key
from ledgers.recognising.table import IGNORED, Mapping


def mapping_for(committee: Committee | None) -> Mapping:
    """(code of a kind, mapping_key(heading)) → the field that is meant, or None for a column that is not to be
    imported."""
    if committee is None or committee.pk is None:
        return {}
    rows = ColumnMapping.objects.filter(committee=committee).values_list("kind", "heading", "field")
    return {(kind, heading): field or None for kind, heading, field in rows}


@transaction.atomic
def remember(committee: Committee, user: Any, answers: Iterable[tuple[str, str, str]]) -> None:
    """Keep what was said of headings: (code of a kind, heading as shown, a field's name or IGNORED)."""
    for kind, heading, field in answers:
        if key := mapping_key(heading):
            ColumnMapping.objects.update_or_create(
                committee=committee,
                kind=kind,
                heading=key,
                defaults={"field": "" if field == IGNORED else field, "shown": heading[:200], "user": user},
            )


def choices(kind: str) -> list[tuple[str, str]]:
    """(name, label) of the fields that a column of this kind of file can be."""
    return [(field.name, field.label) for field in CATALOGUE[kind].fields if field.kept]
