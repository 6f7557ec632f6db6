import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0001_filings")]

    operations = [
        # Of what stands already nobody knows when it was learned.
        migrations.AddField(
            model_name="filing",
            name="learned_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="登记时间"),
        ),
        migrations.AlterField(
            model_name="filing",
            name="learned_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, null=True, verbose_name="登记时间"
            ),
        ),
        migrations.AddField(
            model_name="filing",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="撤回时间"),
        ),
    ]
