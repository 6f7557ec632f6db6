"""Targets that were seeded when the plan was code belong to the first plan; which of the readings of 全覆盖 judges
is a counting rule. The plan itself is loaded from its file afterwards (reports/apps.py)."""

import datetime as dt

from django.db import migrations

CODE = "sida-gongcheng"
READINGS = ("organization_coverage", "settled_coverage")


def belong(apps, schema_editor) -> None:
    Target, Plan = apps.get_model("reports", "Target"), apps.get_model("common", "Plan")
    history = apps.get_model("reports", "HistoricalTarget")
    if not Target.objects.exists() and not history.objects.exists():
        return
    plan, _ = Plan.objects.get_or_create(code=CODE, defaults={"title": CODE})
    Target.objects.update(plan=plan)
    history.objects.update(plan=plan)
    full = Target.objects.filter(indicator__in=READINGS, percent=100)
    judging = list(full.filter(is_target=True).values_list("indicator", flat=True))
    full.update(is_reading=True)
    if judging == ["settled_coverage"]:
        rules = {"plan": plan, "start": dt.date(1921, 7, 23), "full_reading": "settled_coverage"}
        apps.get_model("reports", "CountingRules").objects.create(**rules)


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_plans")]

    operations = [migrations.RunPython(belong, migrations.RunPython.noop)]
