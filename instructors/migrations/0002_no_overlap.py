from django.db import migrations

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("instructors", "0001_initial")]

    operations = [
        no_overlap("instructors", "assignment", ["instructor_id", "enterprise_id"]),
    ]
