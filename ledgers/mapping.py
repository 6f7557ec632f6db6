"""Column mapping by hand: what people have said of a heading is remembered for the committee."""

from django.db import transaction

from committees.models import Committee
from ledgers.catalogue import CATALOGUE
from ledgers.header import mapping_key
from ledgers.models import ColumnMapping
from ledgers.rows import IGNORED


def mapping_for(committee: Committee | None) -> dict[str, str | None]:
    """mapping_key(heading) → the field that is meant, or None for a column that is not to be imported."""
    if committee is None or committee.pk is None:
        return {}
    rows = ColumnMapping.objects.filter(committee=committee).values_list("heading", "field")
    return {heading: field or None for heading, field in rows}


@transaction.atomic
def remember(committee: Committee, user, answers: dict[str, str]) -> int:
    """Keep what was said of headings (as shown → a field's name, IGNORED, or "" to forget); how many changed."""
    changed = 0
    for heading, field in answers.items():
        key = mapping_key(heading)
        if not key:
            continue
        rows = ColumnMapping.objects.filter(committee=committee, heading=key)
        if field == "":
            changed += bool(rows.delete()[0])
            continue
        value = "" if field == IGNORED else field
        _, made = ColumnMapping.objects.update_or_create(
            committee=committee, heading=key, defaults={"field": value, "shown": heading[:200], "user": user}
        )
        changed += 1 if made else 0
    return changed


def choices(kind: str) -> list[tuple[str, str]]:
    """(name, label) of the fields that a column of this kind of file can be."""
    return [(field.name, field.label) for field in CATALOGUE[kind].fields if field.kept]
