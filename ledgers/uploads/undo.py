"""Taking back what was written with one change reason, whole, from field history."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from common.batches import batches
from common.filings import attribute, denial_of
from common.history import bulk_create_with_history, bulk_delete_with_history, bulk_update_with_history
from common.lives import within
from common.models import Extra, Filing
from common.periods import Period, fact_models
from common.recording import BY_HAND, DECIDED
from common.today import today
from enterprises.models import Enterprise, Jurisdiction
from ledgers.comparing.records import RECORDS
from ledgers.comparing.writing import tracked
from ledgers.uploads.registrations import forget
from organizations.models import Member

Rows = dict[type[models.Model], list[Any]]


class _StandsOn(Exception):
    """Later changes stand on what was to be taken back."""

    def __init__(self, later: list[str]):
        super().__init__()
        self.later = later


def undo(
    written: str, *, committee: Any, user: Any, reason: str, progress: Callable[[str, int, int], None] = lambda *_: None
) -> list[str]:
    """Take back everything whose change reason is `written`. Must run inside a transaction.

    What was created is deleted, what was changed gets its earlier values, what was deleted comes back; each as a
    history row with `reason`. Where later changes stand on it, or another committee than `committee` answers for it
    by now, nothing is changed and what stands in the way is returned, in words.
    """
    try:
        with transaction.atomic():
            _undo(written, committee, user, reason, progress)
    except _StandsOn as stopped:
        return stopped.later
    return []


def _undo(written: str, committee: Any, user: Any, reason: str, progress: Callable[[str, int, int], None]) -> None:
    created: Rows = defaultdict(list)
    changed: Rows = defaultdict(list)
    deleted: Rows = defaultdict(list)
    touched: Rows = defaultdict(list)
    later: list[str] = []
    for model in tracked():
        for first, last in _spans(model, written).values():
            kind = first.history_type
            {"+": created, "~": changed, "-": deleted}[kind][model].append((first, last))
        touched[model] = [*created[model], *changed[model], *deleted[model]]
        later += _changed_since(model, touched[model])
    later += _of_others(committee, touched)
    later += _confirmed_since(written, touched, changed)
    later += _written_upon(written)
    if later:
        raise _StandsOn(later)
    total = sum(len(rows) for group in (created, changed, deleted) for rows in group.values())
    done = 0
    for model in tracked():
        _restore(model, changed[model], user, reason)
        _bring_back(model, deleted[model], user, reason)
        done += len(changed[model]) + len(deleted[model])
        progress("正在恢复原来的内容", done, total)
    gone = {model: {first.id for first, _ in rows} for model, rows in created.items()}
    forget(gone.get(Enterprise, ()))
    for model in tracked():
        later += _refers_to(model, gone)
    if later:
        raise _StandsOn(later)
    for model in tracked():
        back = [first.id for first, _ in (*changed[model], *deleted[model])]
        later += _overlapping(model, back, gone.get(model, set()))
    if later:
        raise _StandsOn(later)
    for model in reversed(tracked()):
        rows = [row for batch in batches(gone.get(model, ())) for row in model._default_manager.filter(pk__in=batch)]
        bulk_delete_with_history(rows, model, user=user, reason=reason)
        done += len(rows)
        progress("正在撤回新增的内容", done, total)
    for model in RECORDS:
        later += _outside_of_lives(model, [first.id for first, _ in changed[model]])
    if later:
        raise _StandsOn(later)
    Filing.objects.filter(source=written).update(withdrawn_at=timezone.now())
    Extra.objects.filter(source=written).delete()


def _spans(model: Any, written: str) -> dict[int, tuple[Any, Any]]:
    """Record → the first and the last version that were written with the reason."""
    spans: dict[int, tuple[Any, Any]] = {}
    for version in model.history.filter(history_change_reason=written).order_by("history_id"):
        first, _ = spans.get(version.id, (version, version))
        spans[version.id] = (first, version)
    return spans


def _changed_since(model: Any, spans: list[tuple[Any, Any]]) -> list[str]:
    """What was saved on these records after the last version written with the reason."""
    last = {version.id: version for _, version in spans}
    found = []
    for batch in batches(last):
        newer: dict[int, list[Any]] = defaultdict(list)
        for version in model.history.filter(id__in=batch).select_related("history_user").order_by("history_id"):
            if version.history_id > last[version.id].history_id:
                newer[version.id].append(version)
        for key, versions in newer.items():
            if not _same(model, versions[-1], last[key]):
                found += [_words(model, version) for version in versions]
    return found


def _confirmed_since(written: str, touched: Rows, changed: Rows) -> list[str]:
    """The records of which a later ledger has said the same things: it stands on what this one brought."""
    said = {(filing.subject, filing.key): filing for filing in Filing.objects.filter(source=written)}
    # What this file wrote, as what was said of whom.
    brought: dict[tuple[str, int], set[str]] = defaultdict(set)
    for facts in fact_models():
        for version, _ in touched[facts]:
            owner = next((name for name in facts.OF if getattr(version, f"{name}_id", None) is not None), None)
            key = (_subject(facts, owner), getattr(version, f"{owner}_id")) if owner else ("", 0)
            if key in said:
                brought[key] |= _otherwise(facts, version) if facts.OF_RECORD else _topics_of(facts, said[key])
    for record in RECORDS:
        earlier, columns = _before(record, changed[record]), _dated_columns(record)
        for _, last in changed[record]:
            moved = {attribute(name) for name in columns if _differs(record, name, earlier.get(last.id), last)}
            brought[str(record._meta.model_name), last.id] |= moved
    found: dict[str, None] = {}
    for keys in batches({key for _, key in said}):
        for later in Filing.objects.filter(key__in=keys).exclude(source__in=(written, DECIDED)).order_by("id"):
            key = (later.subject, later.key)
            if key in said and later.id > said[key].id and brought[key] & set(later.topics.split()):
                found[f"{_name_of(later)}在 {later.day} 的填报"] = None
    return [f"{each}里也有这些内容，是后来登记的" for each in found]


def _otherwise(model: type[Period], version: Any) -> set[str]:
    """Of a row of a former table, the columns that it is about."""
    return {attribute(name) for name in model.VALUE if getattr(version, _attname(model, name)) is not None}


def _dated_columns(record: type[models.Model]) -> list[str]:
    """The record's columns that have a former table."""
    formers = [model for model in fact_models() if model.OF_RECORD and _related(model, model.OF[0]) is record]
    return [name for model in formers for name in model.VALUE]


def _differs(model: Any, name: str, before: Any, now: Any) -> bool:
    column = _attname(model, name)
    return before is not None and getattr(before, column) != getattr(now, column)


def _attname(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).attname)


def _written_upon(written: str) -> list[str]:
    """Where a later statement of other days ends, because the file said so of its own: what was written since of the
    same facts. Without the file nobody could tell why they stand as they do."""
    mine: dict[tuple[str, int], Filing] = {
        (filing.subject, filing.key): filing for filing in Filing.objects.filter(source=written)
    }
    # Facts, and who was saying something of them → the records, when the file had said it.
    asked: dict[tuple[type[Period], str], dict[int, Filing]] = defaultdict(dict)
    for keys in batches({key for _, key in mine}):
        for later in Filing.objects.filter(key__in=keys).exclude(source__in=(written, DECIDED)).order_by("id"):
            first = mine.get((later.subject, later.key))
            if first is not None and later.id > first.id:
                for model in _same_facts(later, first):
                    asked[model, later.source].setdefault(later.key, first)
    found: dict[str, None] = {}
    for (model, source), records in asked.items():
        owner = next(name for name in model.OF if _subject(model, name) == next(iter(records.values())).subject)
        for keys in batches(records):
            rows = model.history.filter(**{f"{owner}_id__in": keys})  # type: ignore[attr-defined]
            rows = _by_hand(rows) if source == BY_HAND else rows.filter(history_change_reason=source)
            for version in rows.order_by("history_id"):
                first = records[getattr(version, f"{owner}_id")]
                # What was filed before that was kept is older than whatever is in question.
                if first.learned_at is None or version.history_date > first.learned_at:
                    found[f"{_words(model, version)}，以本次在 {first.day} 的填报为准"] = None
    return list(found)


def _by_hand(versions: models.QuerySet) -> models.QuerySet:
    """Those that no file and no undo has written."""
    for written in ("upload:", "undo:"):
        versions = versions.exclude(history_change_reason__startswith=written)
    return versions.exclude(history_user=None)


def _subject(model: type[Period], owner: str) -> str:
    related = _related(model, owner)
    return str(related._meta.model_name) if related else ""


def _related(model: type[Period], owner: str) -> Any:
    return model._meta.get_field(owner).related_model


def _same_facts(one: Filing, other: Filing) -> list[type[Period]]:
    """The kinds of facts of which both say something: the same, or one of them that there are none."""
    return [
        model
        for model in fact_models()
        if (a := _topics_of(model, one)) and (b := _topics_of(model, other)) and (a & b or denial_of(model) in a | b)
    ]


def _topics_of(model: type[Period], filing: Filing) -> set[str]:
    """What the filing says of facts of this kind."""
    said = set(filing.topics.split())
    if model.OF_RECORD:
        return (
            said & {attribute(name) for name in model.VALUE}
            if _subject(model, model.OF[0]) == filing.subject
            else set()
        )
    name = re.compile(rf"-?{model._meta.model_name}(?:[:.].*)?$")
    return {topic for topic in said if name.match(topic)}


def _name_of(filing: Filing) -> str:
    model = next(each for each in tracked() if each._meta.model_name == filing.subject)
    return f"“{model._default_manager.filter(pk=filing.key).first()}”"


def _same(model: Any, now: Any, then: Any) -> bool:
    """Whether the record stands as it stood: what was done to it since has been taken back."""
    if "-" in (now.history_type, then.history_type):
        return bool(now.history_type == then.history_type)
    return all(
        getattr(now, field.attname) == getattr(then, field.attname) for field in model.history.model.tracked_fields
    )


def _words(model: Any, version: Any) -> str:
    what = {"+": "新增", "~": "修改", "-": "删除"}[version.history_type]
    who = version.history_user or "系统"
    return f"{model._meta.verbose_name}“{version.history_object}”由{who}于 {version.history_date:%Y-%m-%d} {what}"


def _before(model: Any, spans: list[tuple[Any, Any]]) -> dict[int, Any]:
    """Record → its version before the first one written with the reason."""
    first = {version.id: version.history_id for version, _ in spans}
    found: dict[int, Any] = {}
    for batch in batches(first):
        for version in model.history.filter(id__in=batch).order_by("history_id"):
            if version.history_id < first[version.id]:
                found[version.id] = version
    return found


def _restore(model: Any, spans: list[tuple[Any, Any]], user: Any, reason: str) -> None:
    earlier = _before(model, spans)
    if len(earlier) < len(spans):
        raise RuntimeError(f"{model.__name__}: a changed record has no earlier version")
    rows = [row for batch in batches(earlier) for row in model._default_manager.filter(pk__in=batch)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    for row in rows:
        for field in fields:
            setattr(row, field.attname, getattr(earlier[row.pk], field.attname))
    if rows:
        bulk_update_with_history(rows, model, [field.name for field in fields], user=user, reason=reason)


def _bring_back(model: Any, spans: list[tuple[Any, Any]], user: Any, reason: str) -> None:
    rows = [version.instance for version in _before(model, spans).values()]
    if rows:
        bulk_create_with_history(rows, model, user=user, reason=reason)


def _of_any(model: type[Period], rows: list[Any]) -> models.Q:
    """The condition that a fact has an owner in common with one of these."""
    shared = models.Q(pk__in=[])
    for name in model.OF:
        if _related(model, name) is not None:
            keys = {key for row in rows if (key := row.serializable_value(name)) is not None}
            shared |= models.Q(**{f"{name}__in": keys})
    return shared


def _overlapping(model: Any, back: list[int], gone: set[int]) -> list[str]:
    """What was recorded since and would overlap with the rows that come back."""
    within = getattr(model, "OF", ())

    def owner(row: Any) -> tuple:
        return tuple(row.serializable_value(name) for name in within)

    found = []
    for batch in batches(back if within else ()):
        rows = list(model._default_manager.filter(pk__in=batch))
        beside: dict[tuple, list[Any]] = defaultdict(list)
        for other in model._default_manager.filter(_of_any(model, rows)):
            if other.pk not in gone:
                beside[owner(other)].append(other)
        found += [
            f"{model._meta.verbose_name}“{other}”是后来登记的"
            for row in rows
            for other in beside[owner(row)]
            if other.pk != row.pk
            and (other.end is None or other.end > row.start)
            and (row.end is None or other.start < row.end)
        ]
    return found


def _outside_of_lives(model: Any, back: list[int]) -> list[str]:
    """What was recorded since and lies outside of the life that a record has again."""
    if not hasattr(model, "LIFE"):
        return []
    begins, ends = model.LIFE
    found = []
    for facts, name in within(model):
        later = Q(end__isnull=True, **{f"{name}__{ends}__isnull": False}) | Q(end__gt=F(f"{name}__{ends}"))
        for batch in batches(back):
            rows = facts._default_manager.filter(**{f"{name}__in": batch})
            rows = rows.filter(Q(start__lt=F(f"{name}__{begins}")) | later)
            found += [f"{facts._meta.verbose_name}“{row}”是后来登记的" for row in rows]
    return found


def _of_others(committee: Any, touched: Rows) -> list[str]:
    """The enterprises and people of these rows that another committee answers for by now."""
    keys = {first.id for first, _ in touched[Enterprise]}
    for model in touched:
        if any(field.name == "enterprise" for field in model._meta.concrete_fields):
            keys |= {first.enterprise_id for first, _ in touched[model]}
    found = []
    for batch in batches(keys):
        held = Jurisdiction.objects.live_on(today()).filter(enterprise_id__in=batch).exclude(committee=committee)
        found += [f"企业“{each.enterprise}”已由其他党（工）委管理" for each in held.select_related("enterprise")]
    for batch in batches({first.id for first, _ in touched[Member]}):
        moved = Member.objects.filter(pk__in=batch).exclude(committee=committee)
        found += [f"“{each}”已转到其他党（工）委" for each in moved]
    return found


def _refers_to(model: Any, gone: dict[type[models.Model], set[int]]) -> list[str]:
    """What refers to records of `model` that are to be deleted and is not to be deleted itself."""
    keys = gone.get(model, set())
    found = []
    for relation in model._meta.related_objects:
        other = relation.related_model
        if not hasattr(other, "history"):
            continue
        name = relation.field.name
        for batch in batches(keys):
            rows = other._default_manager.filter(**{f"{name}__in": batch})
            for row in rows:
                if row.pk not in gone.get(other, set()):
                    owner = getattr(row, name)
                    found.append(f"{owner}的{other._meta.verbose_name}“{row}”")
    return found
