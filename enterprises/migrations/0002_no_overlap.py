from django.db import migrations

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]

    operations = [
        no_overlap("enterprises", "jurisdiction", ["enterprise_id"]),
        no_overlap("enterprises", "baseexclusion", ["enterprise_id"]),
        no_overlap("enterprises", "headcount", ["enterprise_id"]),
        no_overlap("enterprises", "massorganization", ["enterprise_id", "kind"]),
    ]
