"""Committees and accounts from one sheet: who they are, what is wrong, and making them with one-time passwords."""

from pathlib import Path
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from openpyxl.utils import get_column_letter

from committees.accounts.handing_out import Slip, hand_out
from committees.models import Committee, CommitteeKind, User, kind_from_name
from committees.scope import Role
from common.sheets import SheetOf, workbook_of
from common.text import name_key, squeeze, tidy
from ledgers.reading import CellFault, Sheet, read_file

HEADINGS = {
    "committee": "党（工）委",
    "short_name": "简称",
    "kind": "类别",
    "username": "用户名",
    "name": "姓名",
    "role": "角色",
}
_KINDS = {label: value for value, label in CommitteeKind.choices}
_ROLES = {squeeze(label): value for value, label in Role.choices}
_OF_COMMITTEES = {Role.COMMITTEE, Role.COMMITTEE_VIEWER}
_HEAD_WITHIN = 10
# What is merged over several rows is said of each; a user is one row.
_GOES_DOWN = {"committee", "short_name", "kind", "role"}
# Each new password takes a good part of a second to be hashed.
AT_ONCE = 100


class Row(NamedTuple):
    """A row as it is read: where it stands, and its cells as text, by the names of HEADINGS."""

    row: int
    committee: str
    short_name: str
    kind: str
    username: str
    name: str
    role: str


class Fault(NamedTuple):
    """Where, what was found and what to do."""

    row: int
    column: str
    message: str


class Made(NamedTuple):
    """What a row comes to: the committee (None: of the district), the user (None: the row names none), and which of
    them are new."""

    row: int
    committee: Committee | None
    user: User | None
    new_committee: bool
    new_user: bool


class Read(NamedTuple):
    rows: list[Row]
    columns: dict[str, str]
    """The letter of each column, by the names of HEADINGS."""
    faults: list[Fault]


def template() -> bytes:
    """The sheet to be filled in, and beside it how."""
    roles = "、".join(label for _, label in Role.choices)
    explained = [
        ["党（工）委", "全称，和台账上的填报单位一致。区委组织部的用户填“区委组织部”。一个单位几个用户的，写几行。"],
        ["简称", "在列表里显示的短名，可以不填。"],
        ["类别", f"{'、'.join(_KINDS)}；不填的按名称判断。"],
        ["用户名", "登录用，字母、数字，不能重复。不填的只登记单位。"],
        ["姓名", "用这个账号的人。"],
        ["角色", f"{roles}；不填的按单位判断。"],
    ]
    return workbook_of(
        [
            SheetOf("党（工）委和用户", [], list(HEADINGS.values()), []),
            SheetOf("填写说明", [], ["栏目", "怎样填"], explained),
        ]
    )


def read(path: Path) -> Read:
    """The rows of the spreadsheet at `path`. Raises UnreadableFile or ReaderUnavailable (ledgers/reading)."""
    found = [(sheet, *head) for sheet in read_file(path) if (head := _head(sheet))]
    words = "、".join(HEADINGS.values())
    if not found:
        return Read(
            [], {}, [Fault(1, "", f"没有找到表头：前 {_HEAD_WITHIN} 行里要有一行写着 {words}。请下载样表填写。")]
        )
    if len(found) > 1:
        names = "”“".join(sheet.name for sheet, _, _ in found)
        return Read([], {}, [Fault(1, "", f"工作表“{names}”都是这样的表，请放在一张表里再上传。")])
    sheet, number, columns = found[0]
    letters = {name: get_column_letter(at + 1) for name, at in columns.items()}
    rows, faults = [], []
    for at in range(number + 1, len(sheet.rows)):
        cells = {name: _cell(sheet, at, column, name) for name, column in columns.items()}
        broken = [(name, cell) for name, cell in cells.items() if isinstance(cell, CellFault)]
        faults += [Fault(at + 1, letters[name], f"{HEADINGS[name]}：{cell.message}。") for name, cell in broken]
        if not broken and any(cells.values()):
            rows.append(Row(at + 1, **{name: str(cells.get(name, "")) for name in HEADINGS}))
    if not rows and not faults:
        faults.append(Fault(number + 1, "", "表头下面没有内容，请填写后再上传。"))
    return Read(rows, letters, faults)


_SPELT = {
    "党工委": "committee", "党委": "committee", "党组织": "committee", "单位": "committee", "单位名称": "committee",
    "党工委名称": "committee", "所属党工委": "committee", "简称": "short_name", "类别": "kind", "用户名": "username",
    "账号": "username", "登录名": "username", "姓名": "name", "使用人": "name", "角色": "role", "权限": "role",
}  # fmt: skip


def _head(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of headings, and where each of HEADINGS stands."""
    for row in range(min(_HEAD_WITHIN, len(sheet.rows))):
        columns: dict[str, int] = {}
        for column in range(sheet.width):
            heading = squeeze(str(sheet.spread(row, column) or "")).replace("(", "").replace(")", "")
            if heading in _SPELT:
                columns.setdefault(_SPELT[heading], column)
        if "committee" in columns and len(columns) > 1:
            return row, columns
    return None


def _cell(sheet: Sheet, row: int, column: int, name: str) -> str | CellFault:
    cell = sheet.filled_down(row, column) if name in _GOES_DOWN else sheet.at(row, column)
    if isinstance(cell, CellFault):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)
    return squeeze(text) if name == "username" else tidy(text)


def plan(rows: list[Row], columns: dict[str, str]) -> tuple[list[Made], list[Fault]]:
    """What the rows come to, and what is wrong with them. Nothing is saved."""
    committees: dict[str, Committee] = {}
    for committee in Committee.objects.all():
        _know(committee, committees)
    users = {user.username.casefold(): user for user in User.objects.select_related("committee")}
    made: list[Made] = []
    faults: list[Fault] = []
    written: dict[str, int] = {}
    for row in rows:
        try:
            each = _made(row, committees, users, order=len(committees))
            if each.user is not None:
                _once(row, written)
            made.append(each)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                faults += [Fault(row.row, columns.get(name, ""), f"{HEADINGS[name]}：{each}") for each in messages]
    if sum(each.new_user for each in made) > AT_ONCE:
        faults.append(Fault(rows[0].row, "", f"一次最多建立 {AT_ONCE} 个用户，请分几张表上传。"))
    return made, faults


def _know(committee: Committee, committees: dict[str, Committee]) -> None:
    for name in (committee.name, committee.short_name):
        if name:
            committees[name_key(name)] = committee


def _once(row: Row, written: dict[str, int]) -> None:
    first = written.setdefault(row.username.casefold(), row.row)
    if first != row.row:
        raise ValidationError({"username": f"“{row.username}”在第 {first} 行已经有了，每个用户只写一行。"})


def _made(row: Row, committees: dict[str, Committee], users: dict[str, User], order: int) -> Made:
    of_district = row.committee.endswith("组织部")
    role = _role(row, of_district)
    committee, new = None, False
    if role in _OF_COMMITTEES:
        if not row.committee:
            raise ValidationError({"committee": "是空的，请填写单位的全称。"})
        if row.kind and row.kind not in _KINDS:
            raise ValidationError({"kind": f"没有“{row.kind}”这个类别，只有{'、'.join(_KINDS)}。"})
        committee = committees.get(name_key(row.committee))
        if committee is None:
            committee, new = _new_committee(row, order), True
            _know(committee, committees)
        elif row.kind and row.kind != committee.get_kind_display():
            said = f"“{committee}”已经是{committee.get_kind_display()}，这里写的是“{row.kind}”，请改成一样的。"
            raise ValidationError({"kind": said})
    if not row.username:
        if of_district or row.name:
            raise ValidationError({"username": "是空的，请填写，或把姓名也空着（只登记单位）。"})
        return Made(row.row, committee, None, new, False)
    known = users.get(row.username.casefold())
    if known is not None:
        if (known.role, known.committee) != (role, committee):
            whose = known.committee or known.get_role_display() or "系统管理员"
            raise ValidationError({"username": f"“{row.username}”已经有了，是{whose}的，请换一个。"})
        return Made(row.row, committee, known, new, False)
    user = User(username=row.username, name=row.name, role=role, committee=committee)
    _check(user, {"username", "name"})
    return Made(row.row, committee, user, new, True)


def _role(row: Row, of_district: bool) -> str:
    role = _ROLES.get(squeeze(row.role), "") if row.role else Role.DISTRICT if of_district else Role.COMMITTEE
    if not role:
        raise ValidationError({"role": f"没有“{row.role}”这个角色，只有{'、'.join(dict(Role.choices).values())}。"})
    if of_district and role in _OF_COMMITTEES:
        raise ValidationError({"role": f"“{row.committee}”的用户不能是“{row.role}”。"})
    if row.committee and not of_district and role not in _OF_COMMITTEES:
        raise ValidationError({"role": f"“{row.role}”的用户看得到全区，单位要填“区委组织部”或空着。"})
    return role


def _new_committee(row: Row, order: int) -> Committee:
    kind = _KINDS[row.kind] if row.kind else kind_from_name(row.committee)
    committee = Committee(name=row.committee, short_name=row.short_name, kind=kind, order=order)
    _check(committee, {"name", "short_name"})
    return committee


def _check(record: Any, fields: set[str]) -> None:
    """As the forms check it; the name of a committee stands in the column of committees."""
    try:
        record.clean_fields(exclude={field.name for field in record._meta.fields} - fields)
    except ValidationError as error:
        names = {"name": "committee"} if isinstance(record, Committee) else {}
        raise ValidationError({names.get(name, name): each for name, each in error.message_dict.items()}) from error


@transaction.atomic
def make(made: list[Made]) -> list[Slip]:
    """Save what is new; the new users' one-time passwords, in the order of the rows."""
    slips = []
    for each in made:
        if each.new_committee and each.committee is not None:
            each.committee.save()
        if each.new_user and each.user is not None:
            each.user.committee = each.committee
            slips.append(hand_out(each.user))
    return slips


def packed(rows: list[Row], columns: dict[str, str]) -> str:
    """What was shown, as it waits on the page until it is confirmed; nobody can change it there."""
    return signing.dumps([rows, columns], salt=_SALT, compress=True)


def unpacked(text: str) -> tuple[list[Row], dict[str, str]]:
    """Raises signing.BadSignature."""
    rows, columns = signing.loads(text, salt=_SALT, max_age=3600)
    return [Row(*row) for row in rows], columns


_SALT = "accounts-sheet"
