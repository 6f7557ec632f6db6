"""Takes each scope filter out in turn: the walk through the linked district must then find a leak.

    python -m tests.filters_out            every filter, a line each; exit 1 if one can go unnoticed
    python -m tests.filters_out PART       those whose place holds PART

Every call of `visible_to` (and of `may_be_taken_back_by`) in the code is a filter. The district is built once into a
SQLite file; each filter is taken out in a process of its own, on a copy of it, and the addresses are asked again by which
it is met. What somebody of East does not notice, somebody without a role is asked, and an administrator. Filters that
keep back the same are taken out together.
"""

import gc
import os
import pickle
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ASKED = ("visible_to", "may_be_taken_back_by")
# Filters that keep nothing back from the walk, and why.
NOT_BY_THE_WALK = {
    "committees/models.py": "the filters themselves",
    "common/desk/admin.py": "the admin is for administrators: tests/test_admin_door.py",
}
# Files whose filters keep back the same: without one of them nothing is told, without all of them it is.
TOGETHER = {"organizations/views.py"}
# Filters beside which something else keeps back the same, by file and what the line holds.
BESIDE = {
    ("coverage_tracker/records/work.py", "Nomination."): "asked of those who settle, and they see every committee",
    ("ledgers/pages/views.py", "found.conflicts."): "the conflicts of an upload are its committee's",
    ("ledgers/pages/views_help.py", '"committees":'): "told of those only who may change what all committees have",
    ("organizations/merge.py", ""): "the choices are of the committee of an organization that the user sees",
    ("organizations/move.py", ""): "asked of those who settle, and they see every committee",
    ("organizations/transfer.py", ""): "asked of those who settle, and they see every committee",
    ("reports/plan_pages.py", "Responsible."): "told of the committees only that the user sees",
    ("reports/item_lists.py", "Committee."): "a committee is not asked, and without a role there is no list",
}


def places() -> list[str]:
    """file:line of every call."""
    found = []
    for path in sorted(ROOT.glob("*/**/*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.split("/")[0] in {"tests", "benchmarks", ".venv", "node_modules"} or "/migrations/" in name:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if any(f".{asked}(" in line for asked in ASKED):
                found.append(f"{name}:{number}")
    return found


def caller() -> str:
    """file:line of the innermost frame of the product that asks."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts and "tests" not in path.parts:
            return f"{path.relative_to(ROOT).as_posix()}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def kept_back_beside(place: str) -> str:
    """What else keeps back the same, in words; "" where nothing is known to."""
    name, _, number = place.rpartition(":")
    line = (ROOT / name).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    return next((why for (file, part), why in BESIDE.items() if file == name and part in line), "")


def take_out(out: list[str], met: Callable[[str], None]) -> None:
    """From now on the calls at the places `out` keep nothing back; `met` is told the places that are asked."""
    from django.db.models import QuerySet

    def without(asked: Callable[..., Any]) -> Callable[..., Any]:
        def ask(self: Any, user: Any, *args: Any, **kwargs: Any) -> Any:
            at = caller()
            met(at)
            return self.all() if at in out else asked(self, user, *args, **kwargs)

        return ask

    def below(kind: type) -> list[type]:
        return [kind, *(each for sub in kind.__subclasses__() for each in below(sub))]

    for kind in dict.fromkeys(below(QuerySet)):
        for name in ASKED:
            if name in vars(kind):
                setattr(kind, name, without(vars(kind)[name]))


def build(folder: Path) -> dict[str, Any]:
    """A database with the linked district; what the walk needs of it."""
    os.environ.update(DEBUG="1", VAR_DIR=str(folder), DATABASE_URL=f"sqlite:///{folder / 'district.sqlite3'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "coverage_tracker.settings"
    sys.modules.setdefault("pytest", SimpleNamespace())  # type: ignore[arg-type] # the settings of tests
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    # So that answers carry the forms of their pages.
    setup_test_environment()
    from django.core.management import call_command
    from django.urls import get_resolver

    from committees.models import Committee, User
    from tests import linked_district

    call_command("migrate", verbosity=0)
    get_resolver().url_patterns  # noqa: B018 - loaded once, for all processes
    east = Committee.objects.create(kind="subdistrict", name="东关办事处", order=1)
    west = Committee.objects.create(kind="subdistrict", name="西苑办事处", order=2)
    people = {
        "wei": ("district", None), "dong": ("committee", east), "dong_kan": ("committee_viewer", east), "xi": ("committee", west),
        "nobody": ("", None),
    }  # fmt: skip
    cast = SimpleNamespace(
        **{name: User.objects.create_user(name, role=role, committee=of) for name, (role, of) in people.items()}
    )
    keys = linked_district.build(cast, east, west)
    admin = User.objects.create_superuser("admin")
    asked = linked_district.questions(**keys)
    # Who asks, what, and what he must not be told.
    return {
        "dong": (cast.dong.pk, asked, linked_district.business_of_west()),
        "nobody": (cast.nobody.pk, asked, linked_district.anything()),
        "admin": (admin.pk, linked_district.doors_of(**keys), linked_district.persons()),
    }


def found_without(out: list[str], folder: Path, known: dict[str, Any]) -> tuple[int, int, str]:
    """Without the filters: how many addresses leak, how many say something else than with them, and who notices; "?"
    where nobody meets them."""
    import logging

    from django.db import connections
    from django.test import Client

    from committees.models import User
    from tests import linked_district

    logging.disable(logging.CRITICAL)
    connections.close_all()
    own = Path(tempfile.mkdtemp(dir=folder))
    shutil.copy(folder / "district.sqlite3", own / "district.sqlite3")
    connections["default"].settings_dict["NAME"] = str(own / "district.sqlite3")
    at, met = [""], defaultdict(set)
    take_out(out, lambda place: met[at[0]].add(place))
    told_who = "?"
    leaks, other = 0, 0
    for who, (key, asked, marks) in known.items():
        kept = folder / f"{who}.pickle"
        if out:
            before, met_before = pickle.loads(kept.read_bytes())
            # Where none of them is met, all is said as before.
            asked = [address for address in asked if met_before.get(address, set()).intersection(out)]
            if not asked and not met_before.get("", set()).intersection(out):
                continue
            told_who = ""
        met.clear()
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(pk=key), backend="django.contrib.auth.backends.ModelBackend")
        told = linked_district.walk(client, asked, lambda address: at.__setitem__(0, address))
        if not out:
            before = told
            kept.write_bytes(pickle.dumps((told, dict(met))))
        # What is on record of one's own looking grows by itself, and another walk opens other records lately; the key
        # of a second factor is made by chance.
        same = [address for address in told if not re.search("access-log|/seen/|/second/|^/search/$", address)]
        leaks += len(linked_district.leaks(told, marks))
        other += sum(told[address] != before.get(address) for address in same)
        if out and (leaks or other):
            told_who = who
            break
    shutil.rmtree(own)
    return leaks, other, told_who


def aside(out: list[str], folder: Path, known: dict[str, Any]) -> tuple[int, int, str]:
    """`found_without` in a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, " ".join(str(each) for each in found_without(out, folder, known)).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    leaks, other, who = (os.read(read, 100).decode() or "-1 -1 ?").split(" ")
    os.close(read)
    return int(leaks), int(other), who


def main(part: str = "") -> int:
    folder = Path(tempfile.mkdtemp())
    known = build(folder)
    from django.db import connections

    connections["default"].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    # What is loaded now stays, in every process.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    unnoticed = []
    if leaks := aside([], folder, known)[0]:
        shutil.rmtree(folder)
        print(f"{leaks} leaks with every filter in: see tests/test_linked_district.py first")
        return 1
    print("leaks, answers that change, filter, who notices")
    for place in places():
        name = re.sub(r":\d+$", "", place)
        if part not in place:
            continue
        if name in NOT_BY_THE_WALK:
            print(f"  -  {place}  {NOT_BY_THE_WALK[name]}")
            continue
        out = [each for each in places() if each.startswith(f"{name}:")] if name in TOGETHER else [place]
        if place != out[0]:
            continue
        number, other, who = aside(out, folder, known)
        noticed = number > 0 or other > 0
        beside = "" if noticed else kept_back_beside(place)
        words = [" and ".join(out), "(not asked)" if who == "?" else f"by {who}" if who else "", beside]
        print(f"{number:3} {other:3}  {'  '.join(filter(None, words))}", flush=True)
        if not (noticed or beside):
            unnoticed.append(place)
    shutil.rmtree(folder)
    print(f"{len(unnoticed)} can go unnoticed" if unnoticed else "each is noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
