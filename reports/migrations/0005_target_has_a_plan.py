import django.db.models.deletion
from django.db import migrations, models

from common.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_targets_of_the_first_plan")]

    operations = [
        migrations.RemoveField(model_name="historicaltarget", name="is_target"),
        migrations.RemoveField(model_name="target", name="is_target"),
        migrations.AlterField(
            model_name="target",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="common.plan",
                verbose_name="方案",
            ),
        ),
        no_overlap("reports", "countingrules", ["plan_id"]),
    ]
