"""Milestones become states, events and liaison cadres; nothing is lost: rows, their history, and what was filed."""

import datetime as dt
import re

from django.db import connection, migrations

ONE_DAY = dt.timedelta(days=1)
# Of whose items the codes were, in what shape they are kept, and which last for good.
EVENTS = {"contacted", "service_item", "heart_talks", "joint_activities", "experience_summary"}
LASTING = {
    "gift_seal", "gift_materials", "gift_board", "gift_flag", "gift_instructor", "gift_constitution", "gift_lecture",
    "gift_training", "gift_study_visit", "innovative_setup", "secretary_assessed", "implementation_plan",
}  # fmt: skip
ENTERPRISE = {"host_organization", "contacted", "weak_basis"}
COMMITTEE = {"training_plan", "implementation_plan", "experience_summary"}
LIAISON, ASSESSED = "liaison_cadre", "secretary_assessed"
UNNAMED = "（未填姓名）"
HISTORY = ("history_id", "history_date", "history_change_reason", "history_type", "history_user_id")
SAME = ("id", "start", "start_precision", "end", "organization_id")


def kind_of(code: str) -> str:
    return "Liaison" if code == LIAISON else "Event" if code in EVENTS else "State"


def subject_of(code: str) -> str:
    if code in ENTERPRISE:
        return "enterprise"
    return "committee" if code in COMMITTEE else "secretary" if code == ASSESSED else "organization"


def values_of(row, people) -> dict:
    """What the row says, under the columns of its new table."""
    told = {name: getattr(row, name) for name in SAME}
    if row.code == LIAISON:
        return told | {"name": row.note[:50] or UNNAMED}
    told |= {name: getattr(row, name) for name in ("code", "note", "enterprise_id", "committee_id")}
    if row.code in EVENTS:
        return told | {"end": row.start + ONE_DAY}
    if row.code == ASSESSED:
        told["person"] = people(row)
    return told


def move(apps, schema_editor) -> None:
    def model(name: str):
        return apps.get_model("organizations", name)

    def people(row) -> str:
        terms = model("SecretaryTerm").objects.filter(organization_id=row.organization_id)
        live = terms.filter(start__lte=row.start).order_by("-start").first() or terms.order_by("start").first()
        return live.name if live is not None else UNNAMED

    for prefix, extra in (("", ()), ("Historical", HISTORY)):
        made: dict = {}
        for row in model(f"{prefix}Milestone").objects.order_by("pk"):
            told = values_of(row, people) | {name: getattr(row, name) for name in extra}
            made.setdefault(kind_of(row.code), []).append(told)
        for kind, rows in made.items():
            table = model(f"{prefix}{kind}")
            table.objects.bulk_create([table(**told) for told in rows], batch_size=500)
    tables = [model(f"{prefix}{kind}") for prefix in ("", "Historical") for kind in ("State", "Event", "Liaison")]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    _items(apps)
    _filings(apps)


def _items(apps) -> None:
    """The items of the codes in use; the plan's file says how they are called."""
    item = apps.get_model("common", "Item")
    used = set()
    for name in ("State", "Event"):
        used |= set(apps.get_model("organizations", name).objects.values_list("code", flat=True))
    for code in sorted(used):
        shape = "event" if code in EVENTS else "state"
        told = {"label": code, "subject": subject_of(code), "shape": shape, "lasting": code in LASTING}
        item.objects.get_or_create(code=code, defaults=told)


def _filings(apps) -> None:
    filing = apps.get_model("common", "Filing")
    word = re.compile(r"(?<= )milestone:(\S+)")

    def now(match: re.Match) -> str:
        kind = kind_of(match[1])
        return "liaison" if kind == "Liaison" else f"{kind.lower()}:{match[1]}"

    for row in filing._base_manager.filter(topics__contains=" milestone:").iterator():
        filing._base_manager.filter(pk=row.pk).update(topics=word.sub(now, row.topics))


def no_style():
    from django.core.management.color import no_style as plain

    return plain()


class Migration(migrations.Migration):
    dependencies = [("organizations", "0008_items"), ("common", "0004_plans")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
