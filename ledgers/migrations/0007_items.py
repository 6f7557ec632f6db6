"""What people have said of the columns of milestones, they have said of items."""

from django.db import migrations

LIAISON = "milestone:liaison_cadre"


def rename(apps, schema_editor) -> None:
    for name in ("ColumnMapping", "WordMeaning"):
        model = apps.get_model("ledgers", name)
        model.objects.filter(field=LIAISON).update(field="liaison")
        for row in model.objects.filter(field__startswith="milestone:"):
            model.objects.filter(pk=row.pk).update(field=row.field.replace("milestone:", "item:", 1))


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0006_read_or_ask")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
