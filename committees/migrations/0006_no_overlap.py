from django.db import migrations

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("committees", "0005_plans")]

    operations = [no_overlap("committees", "responsible", ["committee_id", "duty"])]
