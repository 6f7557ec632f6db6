"""The plan's targets of 2020–2023, with their clauses (design, rule 10)."""

import datetime as dt

from django.db import migrations

YEAR_END = {year: dt.date(year, 12, 31) for year in (2020, 2021, 2022, 2023)}

# indicator, due, percent, count, clause, obligation, is_target, wording
TARGETS = [
    ("organization_coverage", 2020, 90, None, 1, "must", True, "到2020年年底前，党组织覆盖率达90%以上"),
    ("organization_coverage", 2021, 100, None, 2, "must", True, "2021年年底前实现全覆盖"),
    ("settled_coverage", 2021, 100, None, 2, "must", False, "2021年年底前实现全覆盖（应建已建、未建已派的读法）"),
    ("work_coverage", 2021, 100, None, 3, "must", True, "尚未建立党组织的，选派党建工作指导员，实现党的工作全覆盖"),
    ("mass_organizations", 2020, 100, None, 14, "must", True, "群团组织建设，2020年年底以前要全面完成"),
    (
        "employees_50_plus_with_members",
        2022,
        100,
        None,
        4,
        "strive",
        True,
        "2022年年底前，努力实现职工50人以上的企业有党员",
    ),
    ("double_strong_district", 2023, None, 10, 6, "must", True, "2023年年底前，培养区级“双强六好”党组织10个以上"),
    ("double_strong_municipal", 2023, None, 3, 6, "must", True, "2023年年底前，培养市级“双强六好”党组织3个以上"),
    ("exemplar_district", 2023, None, None, 7, "must", True, "2023年年底前，选树一批区级党建典型"),
    ("exemplar_municipal", 2023, None, None, 7, "must", True, "2023年年底前，选树一批市级党建典型"),
    ("exemplar_provincial", 2023, None, None, 7, "must", True, "2023年年底前，选树一批省级党建典型"),
]


def seed(apps, schema_editor) -> None:
    Target = apps.get_model("reports", "Target")
    for order, (indicator, year, percent, count, clause, obligation, is_target, wording) in enumerate(TARGETS, 1):
        Target.objects.create(
            indicator=indicator,
            due_on=YEAR_END[year],
            percent=percent,
            count=count,
            clause=clause,
            obligation=obligation,
            is_target=is_target,
            wording=wording,
            order=order,
        )


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
