"""Writing what a file changes, with history: records first, then what hangs on them. Must run inside a transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import Count, Max

from committees.models import Committee
from common.batches import batches
from common.filings import joined, topics_of
from common.history import bulk_create_with_history, bulk_delete_with_history, bulk_insert, bulk_update_with_history
from common.models import Extra, Filing
from common.periods import Period, fact_models
from common.series import Fact
from common.text import without_phones
from enterprises.models import BaseExclusion, ExclusionRequest, RequestState
from ledgers.comparing.records import RECORDS, Line, Record, Series, shape_of
from ledgers.comparing.staging import Staging
from organizations.models import Nomination, NominationState
from organizations.models.nominations import PENDING

Progress = Callable[[str, int, int], None]


def tracked() -> list[type[models.Model]]:
    """Every model that a ledger may change, owners before what they own."""
    return [*RECORDS, ExclusionRequest, Nomination, *fact_models()]


def _requests(keys: Sequence[int]) -> Any:
    return ExclusionRequest.objects.filter(enterprise_id__in=keys)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, Record) else value


def _instance(series: Series, fact: Fact) -> models.Model:
    shape = shape_of(series.model)
    value = fact.value if series.model.VALUE else ()
    columns = dict(zip(shape.attnames, map(_key, (*series.owners, *value, *fact.of.kept.values())), strict=True))
    return series.model(
        pk=fact.of.pk, start=fact.start, start_precision=fact.how, end=fact.end, **columns
    )  # fmt: skip


class Writing:
    """What is to be written of a staging: created, changed and removed rows by model."""

    def __init__(self, staging: Staging):
        self.staging = staging
        self.created: dict[type[Period], list[tuple[Series, Fact]]] = defaultdict(list)
        self.changed: dict[type[Period], list[tuple[Series, Fact]]] = defaultdict(list)
        self.removed: dict[type[Period], list[Line]] = defaultdict(list)
        for series in staging.all_series():
            if series.is_touched:
                self._sort(series)
        self.records: dict[type[models.Model], list[Record]] = defaultdict(list)
        for record in staging.records.values():
            if record.changed:
                self.records[record.model].append(record)

    def _sort(self, series: Series) -> None:
        for fact in series.facts:
            if fact.of.pk is None:
                self.created[series.model].append((series, fact))
            elif series.stored[fact.of] != (fact, fact.of.kept):
                self.changed[series.model].append((series, fact))
        left = {fact.of for fact in series.facts}
        self.removed[series.model] += [line for line in series.stored if line not in left]

    def lock(self) -> None:
        """Lock the rows that will be changed or removed, where the database can, and the records they hang on."""
        held: dict[type[models.Model], set[int]] = defaultdict(set)
        for model, records in self.records.items():
            held[model].update(record.pk for record in records if record.pk is not None)
        for facts, pairs in self.changed.items():
            held[facts].update(fact.of.pk for _, fact in pairs)
        for facts, lines in self.removed.items():
            held[facts].update(line.pk for line in lines if line.pk is not None)
        for model in tracked():
            for keys in batches(sorted(held[model])):
                these = model._default_manager.select_for_update().filter(pk__in=keys)
                list(these.order_by("pk").values_list("pk", flat=True))

    def write(self, user: models.Model | None, reason: str, progress: Progress = lambda *_: None) -> None:
        """Save everything, each row with a history row that says who and why."""
        total = len(self.staging.new_records)
        total += sum(len(rows) for group in (self.records, self.created, self.changed) for rows in group.values())
        done = 0
        said: dict[str, Any] = {"user": user, "reason": reason}
        for facts in reversed(fact_models()):
            gone = [facts(pk=line.pk) for line in self.removed[facts]]
            bulk_delete_with_history(gone, facts, **said)
        for number in self._write_records(said):
            done += number
            progress("正在写入", done, total)
        for facts in fact_models():
            changed = [_instance(series, fact) for series, fact in self.changed[facts]]
            fields = [field.name for field in facts._meta.concrete_fields if not field.primary_key]
            bulk_update_with_history(changed, facts, fields, **said)
            created = [_instance(series, fact) for series, fact in self.created.pop(facts, [])]
            if created:
                bulk_create_with_history(created, facts, **said)
            done += len(changed) + len(created)
            progress("正在写入", done, total)
        self._write_filings(reason)
        self._write_extras(reason)
        self._ask_exclusions(said)
        self._close_nominations(said)

    def _close_nominations(self, said: dict[str, Any]) -> None:
        """What was recommended and is awarded by the file waits no longer."""
        told = {key: (since, document) for key, since, document in self.staging.awarded}
        rows = list(Nomination.objects.select_for_update().filter(pk__in=told, state__in=PENDING).order_by("pk"))
        for row in rows:
            row.state = NominationState.AWARDED
            row.awarded_on, row.document = told[row.pk]
        bulk_update_with_history(rows, Nomination, ["state", "awarded_on", "document"], **said)

    def _ask_exclusions(self, said: dict[str, Any]) -> None:
        """Requests for what the file's words say is no live enterprise, where none waits, these words were not refused
        before, and the enterprise is not out of the base already."""
        asked: dict[int, tuple[str, str]] = {}
        for record, reason, words in self.staging.exclusions_asked:
            if record.pk is not None:
                asked.setdefault(record.pk, (reason, without_phones(words)[:300]))
        day = self.staging.as_of
        for keys in batches(sorted(asked)):
            refused = _requests(keys).filter(state__in=[RequestState.REFUSED, RequestState.WITHDRAWN])
            known = set(refused.values_list("enterprise_id", "evidence"))
            waits = set(_requests(keys).pending().values_list("enterprise_id", flat=True))
            out = BaseExclusion.objects.live_on(day).filter(enterprise_id__in=keys)
            waits |= set(out.values_list("enterprise_id", flat=True))
            fresh = [
                ExclusionRequest(
                    enterprise_id=key,
                    reason=asked[key][0],
                    evidence=asked[key][1],
                    start=day,
                    from_ledger=True,
                    asked_by=said["user"],
                )
                for key in keys
                if key not in waits and (key, asked[key][1]) not in known
            ]
            bulk_create_with_history(fresh, ExclusionRequest, **said)

    def _write_extras(self, source: str) -> None:
        day = self.staging.as_of
        rows = [
            Extra(
                subject=str(record.model._meta.model_name),
                key=record.pk,
                kind=kind,
                heading=heading,
                value=value,
                day=day,
                source=source,
                committee=self.staging.committee.pk,
            )
            for record, kind, heading, value in self.staging.extras
        ]
        bulk_insert(rows, Extra)

    def _write_records(self, said: dict[str, Any]) -> Iterator[int]:
        new: dict[type[models.Model], list[Record]] = defaultdict(list)
        for record in self.staging.new_records:
            new[record.model].append(record)
        for model in RECORDS:
            if changed := self.records[model]:
                rows = [model(pk=record.pk, **record.values) for record in changed]
                fields = {name for record in changed for name in record.changed}
                names = sorted(field.name for field in model._meta.concrete_fields if field.attname in fields)
                bulk_update_with_history(rows, model, names, **said)
                yield len(rows)
            if created := new[model]:
                instances = [model(**record.values) for record in created]
                bulk_create_with_history(instances, model, **said)
                for record, instance in zip(created, instances, strict=True):
                    record.pk = instance.pk
                yield len(instances)

    def _write_filings(self, source: str) -> None:
        """That the ledger of this day said these things; also what another file of the day has said already, or nobody
        would know of this one when that is taken back."""
        staging = self.staging
        for series, columns in staging.told_series.items():
            topics = topics_of(series.model, map(_key, series.others))
            staging.told.setdefault(series.subject, set()).update(topics[column] for column in columns)
        rows = []
        for record, told in staging.told.items():
            if told and record.pk is not None:
                name = str(record.model._meta.model_name)
                said = joined(told)
                rows.append(Filing(subject=name, key=record.pk, day=staging.as_of, topics=said, source=source))
        bulk_insert(rows, Filing)


def register_stamp() -> tuple:
    """What changes whenever anything that a ledger can be compared with changes: the newest history row of each
    tracked model, how many there are (an earlier one may be committed later), how many committees, what was said."""
    seen = [
        model.history.aggregate(newest=Max("history_id"), number=Count("history_id"))  # type: ignore[attr-defined]
        for model in tracked()
    ]
    filed = Filing.every.aggregate(newest=Max("id"), number=Count("id"), withdrawn=Count("withdrawn_at"))
    return (
        *((each["newest"], each["number"]) for each in seen),
        (filed["newest"], filed["number"], filed["withdrawn"]),
        tuple(Extra.objects.aggregate(newest=Max("id"), number=Count("id")).values()),
        Committee.objects.count(),
    )
