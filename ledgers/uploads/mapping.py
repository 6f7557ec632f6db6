"""What people have said of a file's headings and words: remembered for the committee, or by the district for all."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from committees.models import Committee
from ledgers.kinds.catalogue import catalogue
from ledgers.models import ColumnMapping, WordMeaning
from ledgers.recognising.finding import Words
from ledgers.recognising.header import EXTRA, mapping_key
from ledgers.recognising.table import IGNORED, Mapping


def _for(committee: Committee) -> Q:
    return Q(committee=committee) | Q(committee__isnull=True)


# The committee's own word comes last, and wins over the district's.
_OWN_LAST = F("committee_id").asc(nulls_first=True)


def mapping_for(committee: Committee | None) -> Mapping:
    """(code of a kind, mapping_key(heading)) → the field that is meant, EXTRA for a column that is kept as it stands,
    or None for one that is not to be imported."""
    if committee is None or committee.pk is None:
        return {}
    rows = ColumnMapping.objects.filter(_for(committee)).order_by(_OWN_LAST)
    return {(kind, heading): field or None for kind, heading, field in rows.values_list("kind", "heading", "field")}


def words_for(committee: Committee | None) -> Words:
    """(code of a kind, field, word) → the code of the meaning that was chosen."""
    if committee is None or committee.pk is None:
        return {}
    rows = WordMeaning.objects.filter(_for(committee)).order_by(_OWN_LAST)
    return {
        (kind, field, word): meaning
        for kind, field, word, meaning in rows.values_list("kind", "field", "word", "meaning")
    }


@transaction.atomic
def remember(committee: Committee | None, user: Any, answers: Iterable[tuple[str, str, str]]) -> None:
    """Keep what was said of headings: (code of a kind, heading as shown, a field's name, EXTRA or IGNORED); with no
    committee, for all."""
    for kind, heading, field in answers:
        if key := mapping_key(heading):
            ColumnMapping.objects.update_or_create(
                committee=committee,
                kind=kind,
                heading=key,
                defaults={"field": "" if field == IGNORED else field, "shown": heading[:200], "user": user},
            )


@transaction.atomic
def remember_words(committee: Committee | None, user: Any, answers: Iterable[tuple[dict, str]]) -> None:
    """Keep what was said of words: (question, code of a meaning); with no committee, for all."""
    for question, meaning in answers:
        WordMeaning.objects.update_or_create(
            committee=committee,
            kind=question["kind"],
            field=question["field"],
            word=question["word"],
            defaults={"meaning": meaning, "shown": question["shown"][:200], "user": user},
        )


def choices(kind: str) -> list[tuple[str, str]]:
    """(name, label) of the fields that a column of this kind of file can be."""
    return [(field.name, field.label) for field in catalogue()[kind].fields if field.kept]


def said_of(field: str, kind: str) -> str:
    """What a heading was said to be, in words."""
    if field in {"", IGNORED}:
        return "不导入"
    if field == EXTRA:
        return "保存为附加栏"
    kinds = [catalogue()[kind]] if kind in catalogue() else list(catalogue().values())
    return next((each.by_name[field].label for each in kinds if field in each.by_name), field)
