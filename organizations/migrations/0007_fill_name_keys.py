from django.db import migrations

from common.text import name_key

MODELS = ["PartyOrganization", "Member"]
LONGEST = 400


def fill(apps, schema_editor):
    """The key of every name that is held already."""
    for name in MODELS:
        model = apps.get_model("organizations", name)
        for row in model.objects.only("pk", "name").iterator(chunk_size=2_000):
            model.objects.filter(pk=row.pk).update(name_key=name_key(row.name)[:LONGEST])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_name_keys")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
