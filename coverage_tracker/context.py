"""The menu: what the signed-in user can open."""

from django.http import HttpRequest
from django.urls import reverse

from committees.accounts.gate import IDLE
from committees.scope import may_change_persons, own_committee_id, sees_all, sees_persons

# (url name, label, url names of the pages under it)
_ALL = [
    (
        "enterprises",
        "企业",
        {
            "enterprises",
            "enterprise",
            "enterprise-new",
            "enterprise-edit",
            "exclusions",
            "exclusion-requests",
            "mass",
            "mass-grid",
            "registration-findings",
        },
    ),
    (
        "organizations",
        "党组织",
        {
            "organizations",
            "organization",
            "liaisons",
            "organization-new",
            "organization-edit",
            "nominations",
            "effective",
            "line",
            "secretaries",
        },
    ),
    ("instructors", "党建工作指导员", {"instructors", "instructor", "instructor-new", "instructor-edit", "dispatch"}),
    ("members", "党员及发展对象", {"members", "member", "member-new", "member-edit", "funnel"}),
    ("inspections", "督促检查", {"inspections", "inspection"}),
    ("uploads", "台账上传", {"uploads", "upload", "upload-new", "upload-undo", "ledger-help", "mappings"}),
    ("conflicts", "冲突", {"conflicts", "conflict-settle"}),
]


def menu(request: HttpRequest) -> dict:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    match = request.resolver_match
    current = match.url_name if match else ""
    entries = []
    beside = {"idle_seconds": IDLE}
    if sees_all(user):
        entries.append((reverse("work"), "待办", current == "work"))
        entries.append((reverse("dashboard"), "覆盖看板", current in {"dashboard", "figure", "figure-groups"}))
        entries.append((reverse("committees"), "党（工）委", current in {"committees", "committee"}))
    elif own_committee_id(user) is not None:
        entries.append((reverse("work"), "待办", current == "work"))
        entries.append(
            (reverse("committee", args=[own_committee_id(user)]), "本单位看板", current in {"committee", "figure"})
        )
    else:
        return {"menu": [], **beside}
    hidden = set() if sees_persons(user) else {"members", "uploads"}
    entries += [(reverse(name), label, current in pages) for name, label, pages in _ALL if name not in hidden]
    entries.append((reverse("items", args=["organization"]), "事项清单", current in {"items", "items-groups"}))
    own = {"plan-edit", "plan-rules", "plan-target-new", "plan-item-new"}
    pages = {
        "plan",
        *own,
        "target-edit",
        "duty-edit",
        "item-edit",
        "clause-edit",
        "committee-plan",
        "joint-branches",
        "funds",
        "preferences",
        "grid",
    }
    entries.append((reverse("plan"), "方案条款", current in pages))
    entries.append((reverse("users"), "用户", current in {"users", "accounts-sheet"}))
    entries.append((reverse("access-log"), "查看和导出记录", current == "access-log"))
    if sees_all(user):
        entries.append((reverse("status"), "运行状态", current == "status"))
    return {**beside, "menu": entries, "user_may_upload": may_change_persons(user)}
