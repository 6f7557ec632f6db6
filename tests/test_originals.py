"""Uploaded files are whole on the disk before they are acknowledged; what is not is told as what it is."""

import errno
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from common.durable import DurableStorage
from enterprises.models import Enterprise
from ledgers.models import Upload
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
LEDGER = [["企业名称", "统一社会信用代码", "职工人数"], ["甲公司", make.credit_code(5), 10]]


def test_a_file_is_synced_before_it_has_its_name(tmp_path, monkeypatch):
    seen = []
    sync, rename = os.fsync, Path.rename
    monkeypatch.setattr(
        os, "fsync", lambda handle: (seen.append(str(Path(f"/proc/self/fd/{handle}").readlink())), sync(handle))[1]
    )
    monkeypatch.setattr(
        Path, "rename", lambda part, whole: (seen.append(f"renamed {part.name}"), rename(part, whole))[1]
    )
    storage = DurableStorage(location=tmp_path)
    name = storage.save("a/b/x.bin", ContentFile(b"content"))
    assert name == "a/b/x.bin" and (tmp_path / name).read_bytes() == b"content"
    part = Path(seen[0]).name
    assert part.startswith("x.bin.") and part.endswith(".part")
    assert [Path(each).name for each in seen] == [part, f"renamed {part}", "b", "a", tmp_path.name]


def test_a_name_that_is_taken_is_not_written_over(tmp_path):
    storage = DurableStorage(location=tmp_path)
    first, second = (storage.save("x.bin", ContentFile(content)) for content in (b"one", b"two"))
    assert first != second and (tmp_path / first).read_bytes() == b"one" and (tmp_path / second).read_bytes() == b"two"


@pytest.mark.parametrize(
    ("harm", "words"), [("empty", "原文件损坏了"), ("gone", "不在服务器上了"), ("expired", "过了保存期")]
)
def test_what_became_of_an_original_is_told(post, harm, words):
    upload = post(xlsx(*LEDGER))
    path = Path(upload.file.path)
    if harm == "empty":
        path.write_bytes(b"")
    elif harm == "gone":
        path.unlink()
    else:
        Upload.objects.update(expired_at=upload.created_at)
    for page in ("original", "marked"):
        answer = post.client.get(f"/ledgers/{upload.pk}/{page}/")
        assert answer.status_code == 410 and words in answer.content.decode(), page
    assert post.commit(upload).state == "examined" and not Enterprise.objects.exists()
    if harm != "expired":
        assert words in upload.note
        post.client.post(f"/ledgers/{upload.pk}/again/")
        upload.refresh_from_db()
        assert upload.state == "refused" and words in upload.problems[0]["message"]


def test_a_full_disk_is_said_and_nothing_is_kept(post, monkeypatch, east):
    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(DurableStorage, "_save", full)
    file = SimpleUploadedFile("表.xlsx", xlsx(*LEDGER))
    answer = post.client.post("/ledgers/new/", {"file": file, "committee": east.pk, "as_of": "2023-12-20"})
    assert answer.status_code == 507 and "磁盘满了" in answer.content.decode() and not Upload.objects.exists()


def test_what_is_left_half_written_goes():
    storage = storages["default"]
    storage.save("x.bin", ContentFile(b"whole"))
    root = Path(storage.location)
    (root / "y.bin.part").write_bytes(b"half")
    assert storage.expire_parts() == 0
    old = (root / "y.bin.part").stat().st_mtime - 2 * 24 * 3600
    os.utime(root / "y.bin.part", (old, old))
    assert storage.expire_parts() == 1 and (root / "x.bin").exists()
