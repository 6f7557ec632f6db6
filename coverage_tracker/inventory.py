"""What is kept of whom, why, for how long, how it is shown and who sees it: `docs/data-inventory.md` is made from this.

Every column that can hold words, and every table, stands here; a test fails on one that does not. Keys, dates, numbers,
codes and choices are of the same purpose as their table.
"""

from typing import NamedTuple

from django.apps import apps
from django.db import models

from committees.append_only import KEPT_DAYS
from ledgers.uploads.tasks import KEPT_DAYS as TASKS_DAYS


class Table(NamedTuple):
    """Why the table is there, how long its rows stay, who sees them."""

    purpose: str
    retention: str
    who: str


class Column(NamedTuple):
    """What kind of data a column of words holds (see CLASSES), how it is shown, and with what else it identifies."""

    kind: str
    shown: str = "全文"
    beside: str = ""


PERSONAL, SENSITIVE, OFFICE, SECRET, TEXT = "个人", "敏感个人", "职务", "密钥", "业务"
CLASSES = {
    SENSITIVE: "党员身份等敏感个人信息（个人信息保护法第二十八条）",
    PERSONAL: "联系方式等个人信息",
    OFFICE: "以职务出现的姓名",
    SECRET: "口令、密钥、指纹，只作比对",
    TEXT: "业务内容，不以识别个人为目的",
}
_REGISTER = Table("台账登记，计算覆盖", "长期；企业注销、组织撤销后留作历史", "区委；所属党（工）委")
_PLAN = Table("方案、条款、目标和规则", "长期", "有角色的用户")
_PERSONS = Table(
    "党员和发展对象（方案第 11、12、14、37 条）", "在册期间；按要求或不再需要时“删除个人信息”", "区委；所属党（工）委"
)
_FACTS = Table("带日期的事实，计算覆盖和事项", "长期", "docs/access.md")
_SYSTEM = Table("系统运行", "随所属记录", "没有页面")
_LEDGERS = Table(
    "上传的台账和比对结果", "原文件和明细 UPLOADS_KEPT_DAYS 天（默认 30），其余长期", "区委；所属党（工）委"
)
_SAID = Table("对表头和写法的说明", "长期，可撤销", "区委；所属党（工）委")

TABLES: dict[str, Table] = {
    "admin.LogEntry": Table("系统管理里的操作记录", "长期；删除个人信息时去掉姓名", "系统管理员"),
    "auth.Permission": _SYSTEM,
    "auth.Group": _SYSTEM,
    "contenttypes.ContentType": _SYSTEM,
    "sessions.Session": Table("登录状态，含来源地址和浏览器名称", "30 分钟没有操作、最长 12 小时", "本人看自己的"),
    "django_tasks_database.DBTaskResult": Table("后台任务，只有编号", f"{TASKS_DAYS} 天", "没有页面"),
    "axes.AccessFailureLog": _SYSTEM,
    "axes.AccessAttempt": Table("登录失败次数", "15 分钟后失效，登录成功即清除", "没有页面"),
    "axes.AccessAttemptExpiration": _SYSTEM,
    "axes.AccessLog": Table("不使用", "不写入", "没有页面"),
    "otp_totp.TOTPDevice": Table("不使用", "升级时已清空", "没有页面"),
    "otp_static.StaticDevice": Table("不使用", "升级时已清空", "没有页面"),
    "otp_static.StaticToken": Table("不使用", "升级时已清空", "没有页面"),
    **dict.fromkeys(("common.Plan", "common.Clause", "common.Item", "common.Duty"), _PLAN),
    "common.Filing": Table("哪天填报过什么，决定事实的先后", "长期", "没有页面"),
    "common.Extra": Table("台账里本表没有的栏目，原样保存", "长期；删除个人信息时删去", "区委；填报的党（工）委"),
    "committees.Committee": _REGISTER,
    "committees.Responsible": _REGISTER,
    "committees.User": Table("登录和权限", "停用后保留，用来说明是谁做的", "系统管理员；区委；所属党（工）委"),
    "committees.KeyCheck": _SYSTEM,
    "committees.AppDevice": Table("动态口令", "重新设置或取消时删除", "本人，设置时一次"),
    "committees.PaperCodes": Table("纸质备用码", "重新打印或取消时删除；用一个少一个", "本人，打印时一次"),
    "committees.AccessLog": Table("谁看过、导出过、被拒绝过", f"{KEPT_DAYS} 天", "区委；本单位的"),
    **dict.fromkeys(
        (
            "enterprises.Enterprise", "enterprises.FormerEnterprise", "enterprises.Jurisdiction", "enterprises.BaseExclusion",
            "enterprises.ExclusionRequest", "organizations.Nomination", "enterprises.Headcount", "enterprises.MassOrganization", "organizations.PartyOrganization",
            "organizations.FormerOrganization",
        ),
        _REGISTER,
    ),
    "organizations.Inspection": Table("督促检查和整改（方案第 34 条）", "长期；登记错的作废，修改记录留着", "区委；所属党（工）委"),
    "instructors.Instructor": Table("党建工作指导员（方案第 13、18、19 条）", "长期；离任后留作历史", "区委；派出的党（工）委"),
    **dict.fromkeys(
        (
            "instructors.Assignment", "organizations.Cover", "organizations.SecretaryTerm", "organizations.State",
            "organizations.Event", "organizations.Amount", "organizations.Liaison",
        ),
        _FACTS,
    ),
    **dict.fromkeys(("organizations.Member", "organizations.MemberStage", "organizations.MemberPlacement"), _PERSONS),
    "ledgers.Upload": _LEDGERS,
    "ledgers.Conflict": Table("两个单位报的不一样，由区委核定", "长期；删除个人信息时去掉姓名", "区委；双方各看自己报的"),
    "ledgers.RegistrationFinding": Table("登记名单与登记不一致的，及其处理（方案第 29 条）", "长期", "区委；名单的党（工）委"),
    "ledgers.ColumnMapping": _SAID,
    "ledgers.WordMeaning": _SAID,
    "ledgers.WorkerSeen": _SYSTEM,
    "reports.Target": _PLAN,
    "reports.CountingRules": _PLAN,
}  # fmt: skip

_NAME = Column(SENSITIVE, "全文", "工作单位、出生年份")
_OFFICE = Column(OFFICE, "全文", "所在组织和职务")
_OF_ITEM = Column(TEXT, "全文", "可能写有姓名")
COLUMNS: dict[str, Column] = {
    "organizations.Member.name": _NAME,
    "organizations.Member.name_key": _NAME,
    "organizations.Member.initials": Column(SENSITIVE, "不显示", "姓名"),
    "organizations.Member.born_on": Column(SENSITIVE, "只显示年份", "姓名；完整日期只在本单位的花名册里"),
    "organizations.Member.education": Column(PERSONAL),
    "organizations.Member.phone": Column(PERSONAL, "138****0846；说明理由后显示全号，有记录和次数", "姓名"),
    "organizations.Member.id_fingerprint": Column(SECRET, "不显示；没有密钥不能还原", "FINGERPRINT_KEY"),
    "instructors.Instructor.name": _OFFICE,
    "instructors.Instructor.name_key": _OFFICE,
    "instructors.Instructor.initials": Column(OFFICE, "不显示"),
    "instructors.Instructor.unit": Column(OFFICE),
    "instructors.Instructor.phone": Column(PERSONAL, "138****0846；说明理由后显示全号，有记录和次数", "姓名"),
    "enterprises.Enterprise.legal_representative": _OFFICE,
    "enterprises.Enterprise.contact_name": _OFFICE,
    "enterprises.Enterprise.contact_phone": Column(PERSONAL, "138****0846；说明理由后显示全号，有记录和次数", "联系人"),
    "organizations.SecretaryTerm.name": _OFFICE,
    "organizations.Liaison.name": _OFFICE,
    "organizations.Liaison.post": _OFFICE,
    "committees.Responsible.name": _OFFICE,
    "committees.Responsible.post": _OFFICE,
    "organizations.State.person": _OFFICE,
    "organizations.Event.person": _OFFICE,
    "organizations.Amount.person": _OFFICE,
    **{
        f"organizations.{model}.{name}": _OF_ITEM
        for model, names in {
            "State": ("note", "document", "other"), "Event": ("note", "topic", "other", "document"), "Amount": ("note",),
        }.items()
        for name in names
    },
    **{f"organizations.Inspection.{name}": _OF_ITEM for name in ("findings", "outcome", "returned")},
    "enterprises.Enterprise.remark": Column(TEXT, "全文；身份证号不收", "可能写有姓名"),
    "enterprises.Enterprise.address": Column(TEXT),
    "common.Extra.value": Column(SENSITIVE, "全文；手机号打码，身份证号不收", "栏目是填报单位自定的"),
    "common.Extra.heading": Column(TEXT),
    "ledgers.Conflict.subject": Column(SECRET, "不显示", "人员的是身份证号指纹"),
    "ledgers.Conflict.name": _NAME,
    "ledgers.Conflict.claimed": Column(SENSITIVE, "申报单位和区委"),
    "ledgers.Conflict.held": Column(SENSITIVE, "登记单位和区委"),
    "ledgers.Conflict.reason": Column(TEXT, "全文", "可能写有姓名"),
    **{
        f"ledgers.Upload.{name}": Column(SENSITIVE, "手机号打码，身份证号不显示", "姓名和单位")
        for name in ("problems", "differences", "not_in_file", "findings", "questions", "unmapped", "skipped", "effects", "details")
    },
    "ledgers.Upload.file": Column(SENSITIVE, "只供本单位下载，有记录", "原样：可能有身份证号和电话"),
    "ledgers.Upload.file_name": Column(TEXT, "全文", "可能写有姓名"),
    **{f"ledgers.Upload.{name}": _OFFICE for name in ("user_name", "committed_name", "undone_name")},
    "committees.User.password": Column(SECRET, "不显示（PBKDF2）"),
    "committees.User.username": _OFFICE,
    "committees.User.name": _OFFICE,
    "committees.User.first_name": Column(OFFICE, "不使用"),
    "committees.User.last_name": Column(OFFICE, "不使用"),
    "committees.User.email": Column(PERSONAL, "不使用"),
    "committees.KeyCheck.value": Column(SECRET, "不显示；不能还原密钥"),
    "committees.AccessLog.who": _OFFICE,
    "committees.AccessLog.address": Column(PERSONAL, "全文", "用户"),
    "committees.AccessLog.reason": Column(TEXT),
    "admin.LogEntry.object_repr": Column(SENSITIVE, "系统管理员", "姓名"),
    "axes.AccessAttempt.ip_address": Column(PERSONAL, "不显示", "用户名"),
    "axes.AccessAttempt.username": _OFFICE,
    "axes.AccessAttempt.post_data": Column(SECRET, "密码和口令不写入"),
    "committees.AppDevice.sealed": Column(SECRET, "只在设置时显示；封存（age），没有密钥打不开", "FINGERPRINT_KEY"),
    "committees.PaperCodes.hashes": Column(SECRET, "不显示；不能还原（HMAC、PBKDF2）", "FINGERPRINT_KEY"),
    "sessions.Session.session_data": Column(SECRET, "不显示", "用户"),
}  # fmt: skip
# Columns of words that tell of nobody, by their table.
OTHERS: dict[str, set[str]] = {
    "admin.LogEntry": {"object_id", "change_message"},
    "auth.Permission": {"name", "codename"},
    "auth.Group": {"name"},
    "contenttypes.ContentType": {"app_label", "model"},
    "sessions.Session": {"session_key"},
    "django_tasks_database.DBTaskResult": {
        "args_kwargs", "task_path", "worker_ids", "queue_name", "backend_name", "return_value", "exception_class_path",
        "traceback",
    },
    "axes.AccessFailureLog": {"user_agent", "ip_address", "username", "http_accept", "path_info"},
    "axes.AccessAttempt": {"user_agent", "http_accept", "path_info", "get_data"},
    "axes.AccessLog": {"user_agent", "ip_address", "username", "http_accept", "path_info", "session_hash"},
    "otp_totp.TOTPDevice": {"name", "key"},
    "otp_static.StaticDevice": {"name"},
    "otp_static.StaticToken": {"token"},
    "committees.AppDevice": {"name"},
    "committees.PaperCodes": {"name"},
    "common.Plan": {"code", "title", "basis", "issuer", "department", "dashboard"},
    "common.Clause": {"section", "text", "answers"},
    "common.Item": {"code", "label", "asks", "channels", "derived", "headings"},
    "common.Duty": {"who"},
    "common.Filing": {"subject", "topics", "source"},
    "common.Extra": {"subject", "kind", "source"},
    "committees.Committee": {"name", "short_name"},
    "committees.User": {"list_preferences"},
    "committees.KeyCheck": {"name"},
    "committees.AccessLog": {"role", "object_type", "object_key", "subject", "asked", "sha256", "result"},
    "enterprises.Enterprise": {"credit_code", "name", "former_names", "industry", "village", "site", "initials", "name_key"},
    "enterprises.FormerEnterprise": {"name", "industry", "village"},
    "enterprises.BaseExclusion": {"evidence"},
    "enterprises.ExclusionRequest": {"evidence", "said"},
    "enterprises.MassOrganization": {"reason"},
    "organizations.PartyOrganization": {"name", "initials", "name_key"},
    "organizations.FormerOrganization": {"name"},
    "organizations.SecretaryTerm": {"document"},
    "organizations.State": {"code"},
    "organizations.Nomination": {"code", "evidence", "said", "document"},
    "organizations.Event": {"code"},
    "organizations.Amount": {"code", "channel"},
    "ledgers.Upload": {
        "sha256", "note", "step", "counts", "columns", "problem_counts", "difference_counts", "digest", "unit_written",
    },
    "ledgers.RegistrationFinding": {"subject", "name", "name_key", "code", "detail", "said"},
    "ledgers.ColumnMapping": {"heading", "shown", "field"},
    "ledgers.WordMeaning": {"field", "word", "shown", "meaning"},
    "ledgers.WorkerSeen": {"name"},
    "ledgers.Conflict": {"decision"},
    "reports.Target": {"indicator", "wording"},
    "reports.CountingRules": {"work_routes"},
}  # fmt: skip
_WORDS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GenericIPAddressField)


def kept() -> list[type[models.Model]]:
    """Every table but those of history, which have the columns of theirs."""
    return [model for model in apps.get_models() if not model.__name__.startswith("Historical")]


def missing() -> list[str]:
    """The tables and columns of words that nobody has said anything of."""
    found = [model._meta.label for model in kept() if model._meta.label not in TABLES]
    for model in kept():
        label = model._meta.label
        for field in model._meta.concrete_fields:
            in_words = isinstance(field, _WORDS) and not field.choices
            if in_words and f"{label}.{field.name}" not in COLUMNS and field.name not in OTHERS.get(label, ()):
                found.append(f"{label}.{field.name}")
    return found


def outdated() -> list[str]:
    """What is said of tables and columns that are no more."""
    there = {f"{model._meta.label}.{field.name}" for model in kept() for field in model._meta.concrete_fields}
    said = {*COLUMNS, *(f"{label}.{name}" for label, names in OTHERS.items() for name in names)}
    return sorted({*(said - there), *(set(TABLES) - {model._meta.label for model in kept()})})


def document() -> str:
    """The inventory as Markdown."""
    lines = [
        "# 数据清单",
        "",
        "由 `manage.py data_inventory` 从模型生成，不要手工改。历史表（修改记录）的栏目与原表相同，一并保存。",
        "",
        "| 类别 | 说明 |",
        "| --- | --- |",
        *(f"| {kind} | {words} |" for kind, words in CLASSES.items()),
    ]
    for model in kept():
        label, table = model._meta.label, TABLES[model._meta.label]
        lines += [
            "",
            f"## {model._meta.verbose_name}（{label}）",
            "",
            f"用途：{table.purpose}。保存：{table.retention}。谁能看：{table.who}。",
        ]
        told = {
            field.name: COLUMNS[f"{label}.{field.name}"]
            for field in model._meta.concrete_fields
            if f"{label}.{field.name}" in COLUMNS
        }
        if told:
            lines += ["", "| 栏目 | 类别 | 怎样显示 | 与什么合在一起能认出人 |", "| --- | --- | --- | --- |"]
            lines += [
                f"| {model._meta.get_field(name).verbose_name}（{name}） | {column.kind} | {column.shown} | {column.beside or '—'} |"  # type: ignore[union-attr]
                for name, column in told.items()
            ]
    return "\n".join(lines) + "\n"
