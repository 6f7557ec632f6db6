"""Seeds of apps and codes on paper that stood in plain text in django-otp's tables: sealed and hashed, gone there."""

from typing import Any

from django.db import migrations

from committees.accounts.devices import PaperCodes
from committees.accounts.sealing import seal


def take_over(apps: Any, schema_editor: Any) -> None:
    app, paper = apps.get_model("committees", "AppDevice"), apps.get_model("committees", "PaperCodes")
    old_app, old_paper = apps.get_model("otp_totp", "TOTPDevice"), apps.get_model("otp_static", "StaticDevice")
    tokens = apps.get_model("otp_static", "StaticToken")
    for device in old_app.objects.all():
        app.objects.create(
            user_id=device.user_id,
            name=device.name,
            confirmed=device.confirmed,
            sealed=seal(bytes.fromhex(device.key)),
            drift=device.drift,
            last_step=device.last_t,
        )
    for device in old_paper.objects.all():
        codes = tokens.objects.filter(device=device).values_list("token", flat=True)
        hashes = [PaperCodes.hashed(code) for code in codes]
        paper.objects.create(user_id=device.user_id, name=device.name, confirmed=device.confirmed, hashes=hashes)
    for model in (tokens, old_paper, old_app):
        model.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("committees", "0013_second_factors"),
        ("otp_static", "0003_add_timestamps"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    # Hashes cannot be had back: whoever goes back sets second factors up anew.
    operations = [migrations.RunPython(take_over)]
