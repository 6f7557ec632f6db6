"""What an empty product needs before its figures say anything, in the order in which it is done."""

from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

from committees.models import Committee, User
from committees.scope import may_change_persons
from coverage_tracker.backups.archive import kept
from enterprises.models import Enterprise


class Step(NamedTuple):
    """What to do, where (no address: not in the pages, or not by this user), and whether it is done."""

    label: str
    words: str
    address: str
    done: bool


def is_empty() -> bool:
    """Whether nothing has been put in yet."""
    return not Enterprise.objects.exists()


def steps(user: Any) -> list[Step]:
    """For somebody of the district or an administrator."""
    committees, users = Committee.objects.count(), User.objects.exclude(role="").count()
    by_administrator = "" if user.is_superuser else "由系统管理员做。"
    from_sheet = reverse("accounts-sheet") if user.is_superuser else ""
    handed_in = "" if may_change_persons(user) else "由区委组织部或党（工）委的用户做。"
    return [
        Step(
            "登记党（工）委",
            f"乡党委、办事处党工委、集聚区党工委，名称和台账上的填报单位一致。现有 {committees} 个。{by_administrator}",
            from_sheet,
            committees > 0,
        ),
        Step(
            "建立用户",
            "区委组织部至少一个，每个党（工）委一个，和单位写在同一张表里一次建好；一次性密码打印出来交给本人。"
            f"现有 {users} 个。{by_administrator}",
            from_sheet,
            users > 0,
        ),
        Step(
            "抄存密钥，做第一次备份",
            "把密钥文件抄一份放进保险柜，执行一次 manage.py backup（docs/operations.md）。",
            "",
            bool(kept(settings.BACKUP_DIR)),
        ),
        Step(
            "上传台账，从最早的一份开始",
            f"各党（工）委手头的 Excel 台账，不用改格式；先旧后新，历史才完整。{handed_in}",
            "" if handed_in else reverse("upload-new"),
            False,
        ),
    ]
