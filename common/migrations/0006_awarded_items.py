"""Items that are awarded after a recommendation; those of the plan that was there before are named here, since a plan
is loaded once."""

from django.db import migrations, models

_AWARDED = [
    "double_strong_district",
    "double_strong_municipal",
    "exemplar_district",
    "exemplar_municipal",
    "exemplar_provincial",
    "enterprise_exemplar_district",
    "enterprise_exemplar_municipal",
    "enterprise_exemplar_provincial",
]


def mark(apps, schema_editor):
    items = apps.get_model("common", "Item").objects.filter(shape="state", subject__in=["organization", "enterprise"])
    items.filter(code__in=_AWARDED).update(awarded=True)


class Migration(migrations.Migration):
    dependencies = [("common", "0005_whose_extra")]

    operations = [
        migrations.AddField(
            model_name="historicalitem",
            name="awarded",
            field=models.BooleanField(default=False, verbose_name="推荐、审核后命名"),
        ),
        migrations.AddField(
            model_name="item",
            name="awarded",
            field=models.BooleanField(default=False, verbose_name="推荐、审核后命名"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
