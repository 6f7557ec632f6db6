from django.db import migrations

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("organizations", "0009_from_milestones")]

    operations = [
        migrations.DeleteModel(name="HistoricalMilestone"),
        migrations.DeleteModel(name="Milestone"),
        no_overlap("organizations", "liaison", ["organization_id"]),
    ]
