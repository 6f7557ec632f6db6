from typing import Any

from django.db import migrations

# How rows of before said whose phone it was: a person's name goes, the others' stay.
_OF_PERSONS = ("党员及发展对象：", "编辑党员及发展对象：")


def say_who(apps: Any, schema_editor: Any) -> None:
    """Who it was, as text beside the key; and no person's name any more."""
    log = apps.get_model("committees", "AccessLog")
    roles = {"district": "区委组织部", "district_viewer": "区委组织部（只读）"}
    roles |= {"committee": "党（工）委", "committee_viewer": "党（工）委（只读）"}
    for row in log.objects.select_related("user").iterator():
        if row.user is not None:
            words = ["系统管理员"] if row.user.is_superuser else []
            row.who = f"{row.user.name or row.user.username}（{row.user.username}）"[:200]
            row.role = "，".join([*words, *([roles[row.user.role]] if row.user.role in roles else [])])
        for words in _OF_PERSONS:
            if row.subject.startswith(words):
                row.subject = words.rstrip("：")
        row.save()


class Migration(migrations.Migration):
    dependencies = [("committees", "0007_who_saw_what")]

    operations = [
        migrations.RunPython(say_who, migrations.RunPython.noop),
    ]
