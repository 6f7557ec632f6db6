"""Whether what is kept gives an ID number back: not looked for as it stands, but put together from all that is there."""

import gzip
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from stdnum.cn import ric

from common.identifiers import fingerprint
from ledgers.models import Upload
from organizations.models import Member
from tests.uploading import settle_open, xlsx

pytestmark = pytest.mark.django_db
NUMBERS = ("410802197203142215", "41080219850907052X", "410811199001010033")
HEADS = ["姓名", "身份证号", "党员类别", "入党时间", "备注", "家庭住址"]


def everything_kept(folder: Path) -> str:
    """Every cell of every table, history and queues included, and every file but the originals themselves."""
    said = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            said += [str(row) for row in cursor.fetchall()]
    originals = {upload.file.name for upload in Upload.objects.all()}
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in originals:
            content = path.read_bytes()
            said.append(
                (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8", "replace")
            )
    return "\n".join(said)


def rebuilt(said: str, counties: set[str]) -> set[str]:
    """Every number that a county code of the district, a birth date that is kept and any end that is kept make."""
    dates = {"".join(parts) for parts in re.findall(r"(?<!\d)((?:19|20)\d\d)\D{1,3}(\d\d)\D{1,3}(\d\d)(?!\d)", said)}
    dates |= {
        "".join((y, m.zfill(2), d.zfill(2)))
        for y, m, d in re.findall(r"datetime\.date\((\d{4}), (\d{1,2}), (\d{1,2})\)", said)
    }
    ends = {word[-4:].upper() for word in re.findall(r"(?<![0-9a-f])\d{3}[\dXx](?![0-9a-f])", said)}
    found = set()
    for county in counties:
        for date in dates:
            found |= {f"{county}{date}{end}" for end in ends if ric.calc_check_digit(f"{county}{date}{end}") == end[-1]}
    return found


@pytest.fixture
def kept(post, caplog):
    good = [
        [who, number, "正式党员", "2010-07-01", None, None]
        for who, number in zip(("甲某", "乙某", "丙某"), NUMBERS, strict=True)
    ]
    astray = [["杂某", None, "正式党员", "2010-07-01", f"身份证{NUMBERS[0]}", f"证{NUMBERS[1]}后"]]
    wrong = [["错某", NUMBERS[2][:-1] + "6", "正式党员", "2010-07-01", None, None]]
    upload = settle_open(post.client, post(xlsx(HEADS, *good, *astray, *wrong)), 备注="+", 家庭住址="+")
    post.commit(upload, skip_bad_rows="1")
    assert upload.state == "committed", (upload.state, upload.note, upload.problems)
    form = {
        "name": "表某",
        "committee": upload.committee_id,
        "stage": "full",
        "stage_since": "2015-07-01",
        "id_number": NUMBERS[1],
    }
    post.client.post("/members/new/", form)
    assert Member.objects.filter(id_fingerprint__in=list(map(fingerprint, NUMBERS))).count() == 3
    return everything_kept(Path(settings.STORAGES["default"]["OPTIONS"]["location"])) + caplog.text


def test_the_search_would_find_what_used_to_be_kept(kept):
    counties = {number[:6] for number in NUMBERS}
    assert NUMBERS[0] in rebuilt(f"{kept} 后四位 2215", counties)


def test_no_number_comes_together_again(kept):
    found = rebuilt(kept, {number[:6] for number in NUMBERS})
    assert not found & set(NUMBERS), found & set(NUMBERS)
    for number in NUMBERS:
        assert number not in kept and number[6:] not in kept
        # Microseconds and digests hold any five digits now and then, but inside of longer words.
        assert not re.search(rf"(?<![0-9A-Za-z]){number[-5:]}(?![0-9A-Za-z])", kept)
