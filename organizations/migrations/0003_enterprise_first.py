from django.db import migrations

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_no_overlap")]

    operations = [
        no_overlap(
            "organizations", "cover", ["enterprise_id", "organization_id"], was=["organization_id", "enterprise_id"]
        )
    ]
