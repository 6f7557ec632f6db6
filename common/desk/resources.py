"""Import and export of the admin, as its users know the tables: Chinese headings, names and codes for records, labels
for choices. Every row passes the model's own checks, and a dated fact takes its place by the one engine."""

import datetime as dt
from collections import defaultdict
from itertools import islice
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, IntegerWidget, Widget
from tablib import Dataset

from common.initials import OF_THE_NAME
from common.ledger_dates import DateError, read_date
from common.lives import cut
from common.periods import Period
from common.recording import revise, say_whole
from common.sheets import safe_text, unsafe_text
from common.text import masked, name_key, squeeze, tidy

REASON = "后台导入"
# Ways to know a row again, the surest first: the columns that must all be given.
Identities = tuple[tuple[str, ...], ...]


class MarkedCSV(CSV):
    """With the mark by which Excel knows UTF-8."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        return f"\ufeff{super().export_data(dataset, **kwargs)}"


FORMATS = [MarkedCSV, XLSX]


class DayWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date | None:
        if value is None or not squeeze(str(value)):
            return None
        try:
            return read_date(value).day
        except DateError as error:
            raise ValueError(str(error)) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value:%Y-%m-%d}"


class YesNoWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        word = squeeze(str(value if value is not None else "")).casefold()
        if word in {"是", "true", "1", "√"}:
            return True
        if word in {"否", "false", "0", "×"}:
            return False
        if word:
            raise ValueError("应为 是 或 否")
        return None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else "是" if value else "否"


class LabelWidget(Widget):
    """A choice by its label."""

    def __init__(self, field: models.Field):
        super().__init__()
        self.empty = None if field.null else ""
        self.labels = {value: str(label) for value, label in field.flatchoices}
        self.values = {squeeze(label): value for value, label in self.labels.items()}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        word = squeeze(str(value if value is not None else ""))
        if not word:
            return self.empty
        if word not in self.values:
            raise ValueError(f"没有“{word[:20]}”这一项，可填：{'、'.join(self.labels.values())}")
        return self.values[word]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value, "")


class PhoneField(Field):
    """Masked in what goes out; the mask that comes back means the number that is held."""

    def save(self, instance: Any, row: dict[str, Any], is_m2m: bool = False, **kwargs: Any) -> None:
        told = squeeze(str(row.get(self.column_name) or ""))
        if "*" not in told:
            super().save(instance, row, is_m2m, **kwargs)
        elif masked(self.get_value(instance) or "") != told:
            raise ValueError("遮去中间几位的号码与登记的对不上，要更改请填写全号")

    def export(self, instance: Any, **kwargs: Any) -> str:
        return masked(self.get_value(instance) or "")


def spelled(record: Any) -> str:
    """A record as it stands in a file: its name, and what tells namesakes apart."""
    beside = getattr(record, "credit_code", None) or getattr(record, "committee", None)
    return f"{record}（{beside}）" if beside else str(record)


class RecordWidget(Widget):
    """A record by its name, or by its name with its code or committee behind it. The names are read once a file."""

    def __init__(self, model: type[models.Model]):
        super().__init__()
        self.model = model
        self._known: dict[str, list[Any]] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = tidy(str(value if value is not None else ""))
        if not text:
            return None
        found = self.known.get(name_key(text), [])
        what = self.model._meta.verbose_name
        if not found:
            raise ValueError(f"没有名为“{text[:50]}”的{what}")
        if len(found) > 1:
            raise ValueError(f"有 {len(found)} 个叫“{text[:50]}”的{what}，请写成 {spelled(found[0])}")
        return found[0]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else spelled(value)

    @property
    def known(self) -> dict[str, list[Any]]:
        if self._known is None:
            self._known = defaultdict(list)
            rows = self.model._default_manager.all()
            if any(field.name == "committee" for field in self.model._meta.fields):
                rows = rows.select_related("committee")
            for record in rows:
                names = {str(record), spelled(record), getattr(record, "credit_code", None) or ""}
                for key in {name_key(name) for name in names if name}:
                    self._known[key].append(record)
        return self._known


class RegisterResource(ModelResource):
    """Of one model; `resource_of` makes it."""

    identities: ClassVar[Identities] = ()

    # -- reading ---------------------------------------------------------------

    def import_data(self, dataset: Dataset, dry_run: bool = False, raise_errors: bool = False, **kwargs: Any) -> Any:
        """A preview writes nothing, so it opens no transaction: it would keep others from writing meanwhile."""
        if not dry_run:
            return super().import_data(dataset, dry_run, raise_errors, **kwargs)
        for name in ("use_transactions", "rollback_on_validation_errors"):
            kwargs.pop(name, None)
        failed = kwargs.pop("collect_failed_rows", False)
        return self.import_data_inner(dataset, True, raise_errors, False, failed, **kwargs)

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Raises ValidationError for a file of which nothing is understood, or no row can be known again."""
        headings = {field.column_name for field in self.get_import_fields()}
        given = set(dataset.headers or [])
        if not headings & given:
            listed = "、".join(sorted(headings))
            raise ValidationError(f"没有一列看得懂，没有导入。表头应为：{listed}")
        wanted = [{self.fields[name].column_name for name in each if name in self.fields} for each in self.identities]
        if wanted and not any(each <= given for each in wanted):
            ways = "；或 ".join("、".join(sorted(each)) for each in wanted)
            raise ValidationError(f"缺少认出每一行的栏目，没有导入。请补上：{ways}")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Take off the apostrophe of what a spreadsheet would run, so that an export comes back unchanged."""
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = unsafe_text(value)

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Any:
        """The stored row that is meant; None for a new one. Raises ValidationError where several may be."""
        if not self.identities:
            return super().get_instance(instance_loader, row)
        for names in self.identities:
            asked: dict[str, Any] = {}
            masks: dict[str, str] = {}
            for name in names:
                field = self.fields[name]
                value = field.clean(row) if field.column_name in row else None
                if name == "name" and self._has("name_key"):
                    asked["name_key"] = name_key(str(value or ""))
                elif name.endswith("phone") and "*" in squeeze(str(value or "")):
                    masks[name] = squeeze(str(value))
                elif value in (None, ""):
                    asked[f"{name}__isnull" if self._field(name).null else name] = (
                        True if self._field(name).null else ""
                    )
                else:
                    asked[name] = value
            if not any(row.get(self.fields[name].column_name) for name in names):
                continue
            rows = self.get_queryset().filter(**asked)
            meant = (each for each in rows if all(masked(getattr(each, name)) == mask for name, mask in masks.items()))
            found = list(islice(meant, 2))
            if len(found) > 1:
                raise ValidationError("有几条同样的记录，分不清是哪一条，请在页面上改")
            if found:
                return found[0]
        return None

    def _has(self, name: str) -> bool:
        return any(field.name == name for field in self._meta.model._meta.concrete_fields)

    def _field(self, name: str) -> Any:
        return self._meta.model._meta.get_field(name)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """A fact's own check refuses what overlaps; the engine finds a place for it."""
        if not (isinstance(instance, Period) and instance.OF):
            super().validate_instance(instance, import_validation_errors, validate_unique)
            return
        errors = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude=set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    # -- writing ---------------------------------------------------------------

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save with a reason. A dated fact is stated, or its dates corrected, as somebody would by hand (law 6); what
        lies within a record's life is cut to it (law 3)."""
        self.before_save_instance(instance, row, **kwargs)
        if self._is_dry_run(kwargs):
            return
        instance._change_reason = REASON
        if isinstance(instance, Period) and instance.OF:
            self._state(instance, is_create)
        else:
            instance.save()
            if hasattr(instance, "LIFE"):
                cut(instance)
        self.after_save_instance(instance, row, **kwargs)

    def _state(self, fact: Any, is_create: bool) -> None:
        model = type(fact)
        owners = {name: getattr(fact, name) for name in model.OF}
        value = {name: getattr(fact, name) for name in model.VALUE}
        own = {"id", "start", "start_precision", "end", *model.OF, *model.VALUE}
        kept = {field.name: getattr(fact, field.name) for field in model._meta.concrete_fields if field.name not in own}
        stored = None if is_create else model._default_manager.get(pk=fact.pk)
        if stored is None or any(getattr(stored, name) != getattr(fact, name) for name in (*model.VALUE, *kept)):
            say_whole(model, owners, fact.start, value, **kept)
            stored = model._default_manager.filter(**{name: owners[name] for name in owners}, start=fact.start).first()
            if stored is None:
                raise ValidationError("没有采用：与这一天前后已经填报的内容矛盾")
        if (stored.start, stored.end) != (fact.start, fact.end):
            revise(stored, fact.start, fact.end)
        fact.pk = stored.pk

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        """Text that a spreadsheet would run gets an apostrophe; nothing else is touched."""
        value = super().export_field(field, instance, **kwargs)
        return safe_text(value) if isinstance(value, str) else value

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True


def _widget(field: models.Field) -> Widget:
    if field.related_model is not None:
        return RecordWidget(field.related_model)
    if field.choices:
        return LabelWidget(field)
    if isinstance(field, models.BooleanField):
        return YesNoWidget()
    if isinstance(field, models.DateField):
        return DayWidget()
    if isinstance(field, models.IntegerField | models.AutoField):
        return IntegerWidget()
    return CharWidget(coerce_to_string=True, allow_blank=not field.null)


def identities_of(model: type[models.Model]) -> Identities:
    """By what rows of a model are known again where its admin does not say: a fact by its owners and its first day."""
    if issubclass(model, Period) and model.OF:
        return ((*model.OF, "end"),) if model.OF_RECORD else ((*model.OF, "start"),)
    return ()


def resource_of(
    model: type[models.Model], identities: Identities = (), without: tuple[str, ...] = ()
) -> type[RegisterResource]:
    """The resource of a model; `without`: columns that no file may carry. Where nothing else tells rows apart, the
    number does."""
    identities = identities or identities_of(model)
    left_out = {*without, *OF_THE_NAME}
    fields: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in left_out or (field.primary_key and identities) or not (field.editable or field.primary_key):
            continue
        label = "编号" if field.primary_key else str(field.verbose_name)
        kind = PhoneField if field.name.endswith("phone") else Field
        fields[field.name] = kind(attribute=field.name, column_name=label, widget=_widget(field))
    known = {"model": model, "fields": tuple(fields)}
    if not identities:
        known["import_id_fields"] = ("id",)
    meta = type("Meta", (RegisterResource.Meta,), known)
    name = f"{model.__name__}Resource"
    return type(name, (RegisterResource,), {**fields, "identities": identities, "Meta": meta})
