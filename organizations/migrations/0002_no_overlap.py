from django.db import migrations

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        no_overlap("organizations", "cover", ["organization_id", "enterprise_id"]),
        no_overlap("organizations", "secretaryterm", ["organization_id"]),
        no_overlap("organizations", "memberstage", ["member_id"]),
        no_overlap("organizations", "memberplacement", ["member_id"]),
    ]
