"""Whether the product is well: each question a small class, asked by the status page and by what watches over it."""

import datetime as dt
import shutil
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from committees.accounts.handing_out import FIRST_DAYS
from committees.append_only import is_protected
from committees.models import User
from committees.scope import require, sees_all
from common.full_disk import FULL, has_no_room
from coverage_tracker.backups.archive import kept
from coverage_tracker.env import is_here
from coverage_tracker.startup import key_is_right, schema_objections, where
from ledgers.reading import reads
from ledgers.uploads.workers import is_silent, seen_last

FINE, WARNED, BAD = "正常", "注意", "故障"


class Found(NamedTuple):
    """FINE, WARNED or BAD; what was found and what to do."""

    level: str
    words: str


class Question:
    """One thing that must be well. `code`: by which machines are told; `stops`: nobody can be answered without it."""

    code: ClassVar[str]
    label: ClassVar[str]
    stops: ClassVar[bool] = False
    # Too dear to be asked by anybody at any time.
    only_on_page: ClassVar[bool] = False

    def ask(self) -> Found:
        raise NotImplementedError

    def answer(self) -> Found:
        """What was found; that it cannot be found out is a fault too."""
        try:
            return self.ask()
        except (DatabaseError, OSError) as error:
            return Found(BAD, f"查不了（{type(error).__name__}）：请先看“数据库”和“磁盘”两行。")


class Database(Question):
    code, label, stops = "database", "数据库", True

    def ask(self) -> Found:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
        if not is_protected():
            return Found(BAD, f"{kind}：查看记录没有受到防改保护，请执行 manage.py migrate。")
        return Found(FINE, kind)

    def answer(self) -> Found:
        try:
            return self.ask()
        except DatabaseError:
            return Found(BAD, f"连不上（{where()}）：请检查数据库是否启动。")


class Schema(Question):
    code, label, stops = "schema", "数据库结构", True

    def ask(self) -> Found:
        against = schema_objections()
        return Found(BAD, against[0]) if against else Found(FINE, "与程序一致")


class Keys(Question):
    code, label, stops = "keys", "密钥", True

    def ask(self) -> Found:
        if not key_is_right():
            return Found(BAD, "FINGERPRINT_KEY 与数据库的不符：请放回原来的密钥文件。")
        if not settings.BACKUP_KEY:
            return Found(WARNED, "没有 BACKUP_KEY，不能备份：请用 manage.py make_keys 写密钥文件。")
        return Found(FINE, "与数据库相符；请确认保险柜里有一份抄件")


class Workers(Question):
    code, label = "worker", "后台程序"

    def ask(self) -> Found:
        last = seen_last()
        if is_silent(last):
            if has_no_room():
                return Found(BAD, f"{FULL}，动静写不下来，上传的台账处理不了：请先看“磁盘”一行。")
            since = "从没有见过" if last is None else f"{_ago(last)}起没有动静"
            return Found(BAD, f"{since}：上传的台账没有人处理。请启动 manage.py serve 或 manage.py worker。")
        return Found(FINE, "在运行" if last is None else f"在运行，{_ago(last)}有动静")


class Reader(Question):
    code, label, only_on_page = "reader", "读表程序", True

    def ask(self) -> Found:
        if reads():
            return Found(FINE, "能读 Excel 文件")
        return Found(
            BAD,
            "连一张最简单的表也读不了：请检查内存限制（要能给一个进程 1.5 GB 地址空间）和安装是否完整，"
            "再执行 deploy/install。",
        )


class Queue(Question):
    code, label = "queue", "排队的任务"
    LONG = dt.timedelta(minutes=10)

    def ask(self) -> Found:
        waiting = DBTaskResult.objects.ready()
        number, oldest = waiting.count(), waiting.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
        if oldest is None:
            return Found(FINE, "没有排队的")
        words = f"{number} 个在排队，最早的{_ago(oldest)}放进来"
        return Found(WARNED if timezone.now() - oldest > self.LONG else FINE, words)


class Disk(Question):
    code, label = "disk", "磁盘"
    LITTLE, LOW = 1 << 30, 5 << 30

    def ask(self) -> Found:
        disk = shutil.disk_usage(settings.VAR_DIR)
        words = f"{settings.VAR_DIR} 还有 {disk.free / (1 << 30):.1f} GB"
        if has_no_room():
            return Found(BAD, f"{settings.VAR_DIR} 满了：登录、上传、导入、导出、备份都办不了。请马上腾出空间。")
        if disk.free < self.LITTLE:
            return Found(BAD, f"{words}：快满了，上传和备份会失败。请马上腾出空间。")
        return Found(WARNED, f"{words}，请安排扩容。") if disk.free < self.LOW else Found(FINE, words)


class LastBackup(Question):
    code, label = "backup", "最近的备份"
    OLD = dt.timedelta(days=2)

    def ask(self) -> Found:
        found = kept(settings.BACKUP_DIR)
        if not found:
            return Found(BAD, f"{settings.BACKUP_DIR} 里没有备份：请定时执行 manage.py backup，并抄到另一台机器。")
        at = dt.datetime.fromtimestamp(found[0].stat().st_mtime, tz=dt.UTC)
        words = f"{_ago(at)}，{found[0].stat().st_size / (1 << 20):.1f} MB，共留着 {len(found)} 份"
        if timezone.now() - at > self.OLD:
            return Found(BAD, f"{words}：定时备份停了，请检查。")
        return Found(FINE, words)


class Https(Question):
    code, label = "https", "加密传输"

    def ask(self) -> Found:
        if settings.HTTPS:
            return Found(FINE, "只用 https")
        if is_here(settings.HOST) and not settings.TRUSTED_PROXY:
            return Found(FINE, "没有加密（HTTPS=0），只供本机打开")
        return Found(WARNED, "没有加密（HTTPS=0）：密码和登记内容在网上谁都能看。请配好证书，去掉 HTTPS=0。")


class Accounts(Question):
    code, label = "accounts", "账号"
    IDLE, NEW = dt.timedelta(days=90), dt.timedelta(days=FIRST_DAYS)

    def ask(self) -> Found:
        now, active = timezone.now(), User.objects.filter(is_active=True)
        over = Q(password_until__lt=now) | Q(password_until=None, date_joined__lt=now - self.NEW)
        never = active.filter(over, password_is_first=True).count()
        idle = active.filter(
            Q(last_login__lt=now - self.IDLE) | Q(last_login=None, date_joined__lt=now - self.IDLE)
        ).count()
        words = [f"{never} 个发出首次密码 {self.NEW.days} 天没有用"] if never else []
        words += [f"{idle} 个 {self.IDLE.days} 天没有登录"] if idle else []
        if words:
            return Found(WARNED, f"{'，'.join(words)}：不用的请停用。")
        return Found(FINE, f"{active.count()} 个在用")


QUESTIONS: list[type[Question]] = [Database, Schema, Keys, Workers, Reader, Queue, Disk, LastBackup, Https, Accounts]


def _ago(then: dt.datetime) -> str:
    seconds = max(0, int((timezone.now() - then).total_seconds()))
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {unit}前"
    return f"{seconds} 秒前"


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """A line a question, without particulars: anybody may ask. 503 when people cannot be answered."""
    lines, status = [], 200
    for question in QUESTIONS:
        if question.only_on_page:
            continue
        level = question().answer().level
        lines.append(f"{question.code} {'bad' if level == BAD else 'ok'}")
        if level == BAD and question.stops:
            status = 503
            break
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", status=status)


def status(request: HttpRequest) -> HttpResponse:
    """The status page, for the district and administrators."""
    require(sees_all(request.user))
    rows = [(question.label, question().answer()) for question in QUESTIONS]
    return render(request, "status.html", {"rows": rows, "well": all(found.level == FINE for _, found in rows)})
