from django.db import migrations

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("instructors", "0002_no_overlap")]

    operations = [
        no_overlap(
            "instructors", "assignment", ["enterprise_id", "instructor_id"], was=["instructor_id", "enterprise_id"]
        )
    ]
