import gzip
import json
import re
from typing import Any

from django.core.files.base import ContentFile
from django.db import migrations

# The end of an ID number, as conflicts and previews used to say it.
_ENDS = re.compile(r"[，（]?后四位 ?[0-9Xx]{4}）?")
_KEPT = ("problems", "differences", "findings", "effects", "questions", "skipped")


def say_who(apps: Any, schema_editor: Any) -> None:
    """Who committed and who took back were kept over the one who uploaded: of older rows that one is known only."""
    for upload in apps.get_model("ledgers", "Upload").objects.select_related("user").only("user").iterator():
        if upload.user is None:
            continue
        upload.user_name = f"{upload.user.name or upload.user.username}（{upload.user.username}）"[:200]
        upload.save(update_fields=["user_name"])


def forget_ends(apps: Any, schema_editor: Any) -> None:
    """Strike the last four digits of ID numbers out of everything that uploads and conflicts keep."""
    for conflict in apps.get_model("ledgers", "Conflict").objects.filter(kind="person").iterator():
        conflict.claimed, conflict.held = _ENDS.sub("", conflict.claimed), _ENDS.sub("", conflict.held)
        conflict.save(update_fields=["claimed", "held"])
    for upload in apps.get_model("ledgers", "Upload").objects.iterator():
        changed = []
        for name in _KEPT:
            said = json.dumps(getattr(upload, name), ensure_ascii=False)
            if _ENDS.search(said):
                setattr(upload, name, json.loads(_ENDS.sub("", said)))
                changed.append(name)
        if changed:
            upload.save(update_fields=changed)
        if upload.details and upload.details.storage.exists(upload.details.name):
            _rewrite(upload)


def _rewrite(upload: Any) -> None:
    with upload.details.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        said = lines.read()
    if not _ENDS.search(said):
        return
    old, storage = upload.details.name, upload.details.storage
    packed = gzip.compress(_ENDS.sub("", said).encode())
    upload.details.save(old.rpartition("/")[2], ContentFile(packed), save=False)
    upload.save(update_fields=["details"])
    storage.delete(old)


def say_whose(apps: Any, schema_editor: Any) -> None:
    """Whose ledger a column of its own was in: its upload tells."""
    whose = {
        f"upload:{pk}": committee
        for pk, committee in apps.get_model("ledgers", "Upload").objects.values_list("pk", "committee_id")
    }
    extras = apps.get_model("common", "Extra").objects
    for source in extras.order_by().values_list("source", flat=True).distinct():
        extras.filter(source=source).update(committee=whose.get(source))


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0009_who_did_it"), ("common", "0005_whose_extra")]

    operations = [
        migrations.RunPython(say_who, migrations.RunPython.noop),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
        migrations.RunPython(forget_ends, migrations.RunPython.noop),
    ]
