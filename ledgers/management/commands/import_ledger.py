"""manage.py import_ledger: the ledger pipeline for administrators and scripts (design, section 4)."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledgers.codes import KINDS
from ledgers.process import Outcome, Refused, Request, check_committable, commit, committee_named, examine
from ledgers.reading import ReaderUnavailable
from ledgers.recognising.problems import LEVELS, file_problem
from ledgers.reporting import BY_COMMAND
from ledgers.uploads.mapping import mapping_for, words_for


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:100]


class Command(BaseCommand):
    help = "Import a ledger: recognise, check, compare; with --commit, write. Exit 0 fine, 1 refused, 2 usage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--committee", required=True, help="name or short name")
        parser.add_argument("--create-committee", action="store_true")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="YYYY-MM-DD; wins over the date in the ledger")
        parser.add_argument("--kind", choices=["auto", *KINDS], default="auto")
        parser.add_argument("--commit", action="store_true")
        parser.add_argument("--skip-bad-rows", action="store_true")
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"No such file: {path}", returncode=2)
        committee = committee_named(options["committee"], options["create_committee"])
        if committee is None:
            outcome = Outcome(
                problems=[file_problem(f"没有名为“{_printable(options['committee'])}”的党（工）委，或名称不合规。")]
            )
            self._answer(outcome, options["format"], refused=True)
            return
        kind = None if options["kind"] == "auto" else options["kind"]
        request = Request(committee, options["as_of"], kind, mapping_for(committee), words_for(committee))
        try:
            outcome = examine(path, request)
        except ReaderUnavailable as error:
            raise CommandError("The reader does not work on this machine; the file is not to blame.") from error
        refused = False
        try:
            if outcome.findings is None or options["commit"]:
                check_committable(outcome, options["skip_bad_rows"])
            if options["commit"]:
                outcome = commit(
                    path,
                    request,
                    reason=f"{BY_COMMAND} {path.name}"[:100],
                    skip_bad_rows=options["skip_bad_rows"],
                )
        except Refused:
            refused = True
        self._answer(outcome, options["format"], refused)

    def _answer(self, outcome: Outcome, form: str, refused: bool) -> None:
        if form == "json":
            self.stdout.write(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=1))
        else:
            counts = outcome.counts
            self.stdout.write(
                f"读取 {counts['read']} 行：新增 {counts['new']}，变更 {counts['changed']}，相同 {counts['same']}，"
                f"不导入 {counts['rejected']}；登记在册而本表没有 {counts['not_in_file']}。"
            )
            for problem in outcome.problems:
                where = " ".join(str(part) for part in (problem.sheet, problem.row, problem.column) if part)
                self.stdout.write(f"{LEVELS[problem.level]} {where} {problem.message}")
            self.stdout.write("已导入。" if outcome.committed else "未导入。")
        if refused:
            sys.exit(1)
