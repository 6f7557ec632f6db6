"""A plan as one readable file (TOML): what stands in it, what is wrong with it, and how it becomes rows.

    code, title, basis, issuer, department, effective_from, effective_until
    [rules]      what the department decides about counting (reports/rules.py)
    [[clause]]   number, section, text, kind, answers
    [[target]]   indicator, by, percent or count, clause, text, kind, committee, reading
    [[item]]     code, label, clause (one or several), subject, shape, who, kind, part_of, lapse or months, lasting,
                 asks, channels, derived, headings
    [[duty]]     item (of another plan), clause, who, kind

Nothing is stored of a file with a fault. An item of another plan is named by a duty and cannot be declared anew.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from committees.models import Committee
from common.plan import Clause, Duty, Item, Lapse, Obligation, Plan, Shape, Subject, item_faults
from reports.indicators import INDICATORS
from reports.items import DERIVATIONS
from reports.models import CountingRules, Target, rule_faults, target_faults
from reports.populations import OF_ITEMS, POPULATIONS, unknown_population
from reports.rules import NAMES

SHIPPED = Path(__file__).parent / "plans"
FIRST = SHIPPED / "sida-gongcheng.toml"

_HEAD = {"code", "title", "basis", "issuer", "department", "effective_from", "effective_until"}
_TABLES = {"rules", "clause", "target", "item", "duty"}
_CLAUSE = {"number": int, "section": str, "text": str, "kind": str, "answers": list}
_TARGET = {
    "indicator": str, "by": dt.date, "percent": int, "count": int, "clause": int, "text": str, "kind": str,
    "committee": str, "reading": bool,
}  # fmt: skip
_ITEM = {
    "code": str, "label": str, "clause": (int, list), "subject": str, "shape": str, "who": str, "kind": str,
    "part_of": str, "lapse": str, "months": int, "lasting": bool, "awarded": bool, "asks": list,
    "channels": list, "derived": str,
    "headings": list,
}  # fmt: skip
_DUTY = {"item": str, "clause": (int, list), "who": str, "kind": str}
_NEEDED = {
    "clause": ("number", "section", "text"),
    "target": ("indicator", "by", "clause", "text"),
    "item": ("code", "label", "clause", "subject", "shape", "who"),
    "duty": ("item", "clause", "who"),
}
_KNOWN: dict[str, dict[str, Any]] = {"clause": _CLAUSE, "target": _TARGET, "item": _ITEM, "duty": _DUTY}
_CALLED = {"clause": "number", "target": "indicator", "item": "code", "duty": "item"}


class PlanFileError(Exception):
    """`problems`: what is wrong, each with its place, in Chinese."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Parsed:
    """A plan file without a fault: rows that are not saved yet."""

    plan: Plan
    rules: dict[str, Any]
    clauses: list[Clause]
    targets: list[Target]
    items: list[Item]
    # Whole of a part, by their codes.
    wholes: dict[str, str]
    # (clause number, code of the item, who, kind)
    duties: list[tuple[int, str, str, str]]
    committees: dict[int, str] = field(default_factory=dict)


def load(path: Path) -> Plan:
    """Store the plan of a file; one of the same code is brought up to it, and what the file does not name stays. Raises
    PlanFileError with all that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PlanFileError([f"读不了这个文件：{error.strerror}。"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanFileError([f"不是可读的方案文件（TOML，UTF-8）：{error}"]) from None
    with transaction.atomic():
        return _store(parse(data))


def parse(data: Mapping[str, Any]) -> Parsed:
    """The rows of a plan file. Raises PlanFileError with all that is wrong."""
    problems: list[str] = []
    problems += [f"开头：不认识“{name}”。" for name in data if name not in _HEAD | _TABLES]
    problems += [f"开头：缺少 {name}。" for name in ("code", "title") if not data.get(name)]
    for name in ("effective_from", "effective_until"):
        if name in data and type(data[name]) is not dt.date:
            problems.append(f"开头：{name} 应为日期，如 2019-03-01，写的是 {data[name]!r}。")
    for table in _KNOWN:
        problems += _shape_of(table, data.get(table, []))
    if problems:
        raise PlanFileError(problems)
    made = Parsed(
        Plan(**{name: data[name] for name in _HEAD if name in data}),
        _rules(data.get("rules", {}), problems),
        [_clause(each) for each in data.get("clause", [])],
        [_target(each) for each in data.get("target", [])],
        [_item(each, order) for order, each in enumerate(data.get("item", []), 1)],
        {each["code"]: each["part_of"] for each in data.get("item", []) if "part_of" in each},
        [*_duties(data.get("item", []), "code"), *_duties(data.get("duty", []), "item")],
        {place: each["committee"] for place, each in enumerate(data.get("target", [])) if "committee" in each},
    )
    problems += _faults(made)
    if problems:
        raise PlanFileError(problems)
    return made


# -- reading --------------------------------------------------------------------------------------


def _place(table: str, number: int, entry: Any) -> str:
    called = entry.get(_CALLED[table]) if isinstance(entry, dict) else None
    return f"第 {number} 个 [[{table}]]{f'（{called}）' if called is not None else ''}"


def _shape_of(table: str, entries: Any) -> list[str]:
    """What is missing, not known or of the wrong type."""
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        return [f"{table}：应写成 [[{table}]]。"]
    problems = []
    for number, entry in enumerate(entries, 1):
        place = _place(table, number, entry)
        problems += [f"{place}：缺少 {name}。" for name in _NEEDED[table] if entry.get(name) in (None, "", [])]
        for name, value in entry.items():
            wanted = _KNOWN[table].get(name)
            if wanted is None:
                problems.append(f"{place}：不认识“{name}”。")
            elif not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
                problems.append(f"{place}：{name} 写的是 {value!r}，类型不对。")
            elif wanted is dt.date and isinstance(value, dt.datetime):
                problems.append(f"{place}：{name} 应只写日期。")
    return problems


def _rules(told: Any, problems: list[str]) -> dict[str, Any]:
    if not isinstance(told, dict):
        problems.append("rules：应写成 [rules]。")
        return {}
    problems += [f"[rules]：不认识“{name}”。" for name in told if name not in NAMES]
    rules = {name: value for name, value in told.items() if name in NAMES}
    if isinstance(rules.get("work_routes"), list):
        rules["work_routes"] = " ".join(map(str, rules["work_routes"]))
    for name, value in rules.items():
        wanted = {"count_probationary": bool, "work_routes": str, "full_reading": str}.get(name, int)
        negative = isinstance(value, int) and value < 0
        if not isinstance(value, wanted) or negative or (wanted is int and isinstance(value, bool)):
            problems.append(f"[rules]：{name} 写的是 {value!r}，类型不对。")
            return {}
    problems += [f"[rules]：{name}：{words}" for name, words in rule_faults(rules).items()]
    return rules


def _clause(entry: dict[str, Any]) -> Clause:
    return Clause(
        number=entry["number"], section=entry["section"], text=entry["text"],
        kind=entry.get("kind", Obligation.MUST), answers=entry.get("answers", []),
    )  # fmt: skip


def _target(entry: dict[str, Any]) -> Target:
    return Target(
        indicator=entry["indicator"], due_on=entry["by"], percent=entry.get("percent"), count=entry.get("count"),
        clause=entry["clause"], wording=entry["text"], obligation=entry.get("kind", Obligation.MUST),
        is_reading=entry.get("reading", False),
    )  # fmt: skip


def _item(entry: dict[str, Any], order: int) -> Item:
    lapse = Lapse.MONTHS if "months" in entry else entry.get("lapse", Lapse.NEVER)
    return Item(
        code=entry["code"], label=entry["label"], subject=entry["subject"], shape=entry["shape"],
        lasting=entry.get("lasting", False),
        awarded=entry.get("awarded", False), lapse=lapse, months=entry.get("months"), asks=entry.get("asks", []),
        channels=entry.get("channels", []), derived=entry.get("derived", ""), headings=entry.get("headings", []),
        order=order,
    )  # fmt: skip


def _duties(entries: Iterable[dict[str, Any]], name: str) -> list[tuple[int, str, str, str]]:
    found = []
    for entry in entries:
        numbers = entry["clause"] if isinstance(entry["clause"], list) else [entry["clause"]]
        found += [(number, entry[name], entry["who"], entry.get("kind", Obligation.MUST)) for number in numbers]
    return found


# -- checking -------------------------------------------------------------------------------------


def _faults(made: Parsed) -> list[str]:
    """What contradicts itself, the lists of names that there are, or what other plans have declared."""
    problems = []
    numbers = [clause.number for clause in made.clauses]
    problems += [f"条款 {number} 写了两次。" for number in sorted({n for n in numbers if numbers.count(n) > 1})]
    problems += [f"条款 {clause.number}：{_columns(clause)}" for clause in made.clauses if _columns(clause)]
    codes = [item.code for item in made.items]
    problems += [f"事项 {code} 写了两次。" for code in sorted({c for c in codes if codes.count(c) > 1})]
    mine = {item.code: item for item in made.items}
    held = {item.code: item for item in Item.objects.exclude(code__in=mine)}
    problems += _faults_of_items(made, mine, held)
    everything = {**held, **mine}
    known = set(INDICATORS) | set(everything)
    seen: set[tuple] = set()
    for place, target in enumerate(made.targets):
        where = _place("target", place + 1, {"indicator": target.indicator})
        found = target_faults(target, set(numbers), everything.get(target.indicator))
        problems += [f"{where}：{words}" for words in found.values()]
        if target.percent is not None and target.count is not None:
            problems.append(f"{where}：比例和数量只写一个。")
        if target.obligation not in Obligation.values:
            problems.append(f"{where}：kind 应为 {'、'.join(Obligation.values)}。")
        key = (made.committees.get(place), target.indicator, target.due_on)
        if key in seen and target.indicator in known:
            problems.append(f"{where}：{target.due_on} 的这个指标写了两次。")
        seen.add(key)
        name = made.committees.get(place)
        if name is not None and not Committee.objects.named(name).exists():
            problems.append(f"{where}：没有“{name}”这个党（工）委。")
    for number, code, who, kind in made.duties:
        where = f"事项 {code}"
        item = everything.get(code)
        if number not in numbers:
            problems.append(f"{where}：方案没有第 {number} 条。")
        if kind not in Obligation.values:
            problems.append(f"{where}：kind 应为 {'、'.join(Obligation.values)}。")
        if item is None:
            problems.append(f"{where}：没有这个事项。")
        elif item.subject in POPULATIONS and unknown_population(item.subject, who, everything):
            words = "、".join([*POPULATIONS[item.subject], *(f"{name}:事项代号" for name in OF_ITEMS)])
            problems.append(f"{where}：没有“{who}”这个范围，{item.get_subject_display()}可以写：{words}。")
    return problems


def _columns(row: models.Model) -> str:
    """What the columns themselves refuse."""
    try:
        row.clean_fields(exclude=["plan", "clause", "item", "whole", "answers", "asks", "channels", "headings"])
    except ValidationError as error:
        names = error.message_dict
        return "；".join(f"{row._meta.get_field(name).verbose_name}：{words[0]}" for name, words in names.items())  # type: ignore[union-attr]
    return ""


def _faults_of_items(made: Parsed, mine: dict[str, Item], held: dict[str, Item]) -> list[str]:
    problems = []
    stored = {item.code: item for item in Item.objects.filter(code__in=mine)}
    asked_by = Duty.objects.filter(item__code__in=mine)
    others = set(asked_by.exclude(clause__plan__code=made.plan.code).values_list("item__code", flat=True))
    own = set(Duty.objects.filter(clause__plan__code=made.plan.code).values_list("item__code", flat=True))
    for item in made.items:
        where = f"事项 {item.code}"
        whole = made.wholes.get(item.code)
        if whole is not None:
            item.whole = mine.get(whole) or held.get(whole)
            if item.whole is None:
                problems.append(f"{where}：没有“{whole}”这个合计事项。")
        problems += [f"{where}：{words}" for words in item_faults(item).values()]
        if words := _columns(item):
            problems.append(f"{where}：{words}")
        name, _, code = item.derived.partition(":")
        if item.derived and (name not in DERIVATIONS or DERIVATIONS[name][0] != item.subject):
            problems.append(f"{where}：没有“{item.derived}”这种得出办法，可以写：{'、'.join(DERIVATIONS)}。")
        elif code and code not in mine and code not in held:
            problems.append(f"{where}：得出办法“{item.derived}”里没有事项“{code}”。")
        before = stored.get(item.code)
        if before is not None and (before.subject, before.shape) != (item.subject, item.shape):
            problems.append(f"{where}：已按{before.get_subject_display()}的{before.get_shape_display()}登记，不能改。")
        elif item.code in others and item.code not in own:
            problems.append(f"{where}：已由另一个方案定义；要用它请写 [[duty]]。")
    problems += [f"对象或形态不认识：{each.code}" for each in made.items if each.subject not in Subject.values]
    problems += [f"对象或形态不认识：{each.code}" for each in made.items if each.shape not in Shape.values]
    return problems


# -- storing --------------------------------------------------------------------------------------


def _store(made: Parsed) -> Plan:
    plan: Plan = _put(Plan, {"code": made.plan.code}, made.plan, [*_HEAD - {"code"}])
    clauses = {}
    for clause in made.clauses:
        names = ["section", "text", "kind", "answers"]
        clauses[clause.number] = _put(Clause, {"plan": plan, "number": clause.number}, clause, names)
    items = {item.code: item for item in Item.objects.all()}
    columns = [each.name for each in Item._meta.concrete_fields if each.name not in ("id", "code", "whole")]
    for item in made.items:
        items[item.code] = _put(Item, {"code": item.code}, item, columns)
    for code, whole in made.wholes.items():
        if items[code].whole_id != items[whole].pk:
            items[code].whole = items[whole]
            items[code].save()
    for number, code, who, kind in made.duties:
        told = Duty(who=who, kind=kind)
        _put(Duty, {"clause": clauses[number], "item": items[code]}, told, ["who", "kind"])
    for place, target in enumerate(made.targets):
        name = made.committees.get(place)
        target.committee = Committee.objects.named(name).first() if name else None
        target.order = place + 1
        key = {"plan": plan, "committee": target.committee, "indicator": target.indicator, "due_on": target.due_on}
        names = ["percent", "count", "clause", "wording", "obligation", "is_reading", "order"]
        _put(Target, key, target, names)
    if made.rules and not CountingRules.objects.filter(plan=plan).exists():
        # Rules are dated facts that the district changes: a file gives the first only.
        CountingRules.objects.create(plan=plan, start=plan.effective_from or dt.date(1921, 7, 23), **made.rules)
    return plan


def _put(model: type[models.Model], key: dict[str, Any], told: Any, names: list[str]) -> Any:
    """The stored row of this key, brought up to what is told; untouched where it says so already."""
    found: Any = model._default_manager.filter(**key).first()
    if found is None:
        found = model(**key, **{name: getattr(told, name) for name in names})
    elif all(getattr(found, name) == getattr(told, name) for name in names):
        return found
    else:
        for name in names:
            setattr(found, name, getattr(told, name))
    found.save()
    return found
