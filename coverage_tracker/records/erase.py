"""Erasing a person (个人信息保护法, article 47): the columns that say who he is go everywhere, what was counted stays.

Knows members, ledgers and the admin's log, so it lives under the roof. The access log names nobody and stays as it is.
"""

import gzip
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction

from committees.scope import may_settle, sees_persons
from common.desk.actions import Action, Effects, UndatedForm
from common.models import Extra
from ledgers.models import RUNNING, Conflict, ConflictKind, Upload
from ledgers.uploads.expiry import expire_one
from organizations.models import FACTS, Member, Nomination

# What says who somebody is. Sex, education and stages are what is counted.
_PERSONAL: dict[str, Any] = {"phone": "", "born_on": None, "id_fingerprint": "", "initials": ""}
_WORDS = ("note", "other", "document", "topic", "person")
_JSON = ("problems", "differences", "not_in_file", "findings", "questions", "skipped", "effects", "unmapped")


def called(member: Member) -> str:
    """How somebody is called who was erased."""
    return f"已删除 {member.pk}"


@transaction.atomic
def erase(member: Member, *, reason: str) -> Effects:
    """Erase the person. It cannot be taken back. Raises ValidationError while a ledger of his is being worked at."""
    name, mark, gone = member.name, member.id_fingerprint, called(member)
    if name == gone:
        raise ValidationError("这个人的个人信息已经删除过了。")
    uploads = Upload.objects.filter(committee=member.committee)
    if uploads.filter(state__in=RUNNING).exists():
        raise ValidationError("本单位有台账正在处理，请等它完成后再删除。")
    versions = Member.history.filter(id=member.pk)
    values = {**_PERSONAL, "name": gone, "name_key": gone}
    number = versions.update(**values)
    Member.objects.filter(pk=member.pk).update(**values)
    for model in FACTS.values():
        words = {field.name: "" for field in model._meta.concrete_fields if field.name in _WORDS}
        model._default_manager.filter(member=member).update(**words)
        model.history.filter(member_id=member.pk).update(**words)  # type: ignore[attr-defined]
    said = {"evidence": "", "said": ""}
    Nomination.objects.filter(member=member).update(**said)
    Nomination.history.filter(member_id=member.pk).update(**said)
    Extra.objects.filter(subject="member", key=member.pk).delete()
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Member), object_id=str(member.pk)).update(
        object_repr=gone, change_message=""
    )
    conflicts = Conflict.objects.filter(kind=ConflictKind.PERSON, subject=mark) if mark else Conflict.objects.none()
    conflicts.update(name=gone, claimed=gone, held=gone, subject=gone)
    kept = [upload for upload in uploads.iterator() if _strike(upload, name, gone)]
    member.refresh_from_db()
    return [
        f"姓名、出生日期、手机号码、身份证号指纹全部删除，此后显示为“{gone}”",
        f"{number} 条修改记录和 {len(kept)} 份台账的预览里一并删除，这些台账的原文件也删除",
        "阶段、工作单位和各项数字不变；这一步不能撤回",
    ]


def _strike(upload: Upload, name: str, gone: str) -> bool:
    """Strike the name out of what an upload keeps; its original goes. Whether it was in there."""
    found = False
    for column in _JSON:
        kept = getattr(upload, column)
        if (struck := _struck(kept, name, gone)) != kept:
            setattr(upload, column, struck)
            found = True
    details = _details(upload)
    found = found or name in details
    if not found:
        return False
    upload.note = upload.note.replace(name, gone)
    upload.save()
    # Only when it stands: an action is tried before it is done.
    transaction.on_commit(lambda: _renew(upload.pk, details.replace(name, gone)))
    return True


def _struck(kept: Any, name: str, gone: str) -> Any:
    if isinstance(kept, str):
        return kept.replace(name, gone)
    if isinstance(kept, list):
        return [_struck(each, name, gone) for each in kept]
    if isinstance(kept, dict):
        return {key: _struck(value, name, gone) for key, value in kept.items()}
    return kept


def _details(upload: Upload) -> str:
    if not upload.details or not upload.details.storage.exists(str(upload.details.name)):
        return ""
    with upload.details.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        return str(lines.read())


def _renew(pk: int, details: str) -> None:
    upload = Upload.objects.get(pk=pk)
    if upload.details:
        old, storage = str(upload.details.name), upload.details.storage
        upload.details.save(f"{upload.sha256[:16]}.json.gz", ContentFile(gzip.compress(details.encode())), save=False)
        storage.delete(old)
        Upload.objects.filter(pk=pk).update(details=upload.details.name)
    if upload.expired_at is None:
        expire_one(upload, keeps_findings=True)


class EraseForm(UndatedForm):
    reason = forms.CharField(label="理由", max_length=100, help_text="如：本人书面要求；会留在记录里，请不要写姓名")


class Erase(Action):
    slug, label, model, form, run = "erase", "删除个人信息", Member, EraseForm, staticmethod(erase)
    hint = (
        "按本人要求或者不再需要时办理，由区委组织部操作。姓名、出生日期、手机号码在登记、修改记录、冲突、"
        "台账预览里全部删除，统计数字不变，不能撤回。"
    )

    @staticmethod
    def allowed(user: Any) -> bool:
        return may_settle(user) and sees_persons(user)

    @staticmethod
    def applies(subject: models.Model) -> bool:
        return isinstance(subject, Member) and subject.name != called(subject)
