"""Scans and templates in the file store: a row has its bytes, or neither is there."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.utils import timezone

from scoring.actions import assessments, files, ledger, reports
from scoring.labels import DocumentKind
from scoring.models import DocumentTemplate, LedgerLine, SignedScan
from scoring.refusals import NotAllowed, Refused, Unavailable
from tests.factories import World
from tests.papers import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    world = World()
    assessments.hand_over(world.file, by=world.officer())
    assessments.lock(world.file, by=world.leader())
    return world


def stored_files():
    return [
        path for path in Path(default_storage.location).rglob("*") if path.is_file()
    ]


def attach_scan(world, content="một", by=None):
    upload = pdf("bản ký.pdf", content)
    facts = {"size": upload.size, "sha256": sha256(upload.read()).hexdigest()}
    return reports.attach_scan(
        world.reload(),
        upload=upload,
        name=upload.name,
        by=by or world.officer(),
        **facts,
    )


def store_template(world, content="một", by=None):
    return reports.store_template(
        world.round,
        DocumentKind.SELF_REPORT,
        content=content.encode(),
        name="bản ký.docx",
        by=by or world.manager(),
    )


KINDS = pytest.mark.parametrize(
    ("keep", "model"),
    [(attach_scan, SignedScan), (store_template, DocumentTemplate)],
)


@KINDS
def test_each_version_has_its_bytes_in_store(world, keep, model):
    keep(world)
    keep(world, "hai")

    rows = list(model.objects.order_by("version"))
    assert [row.version for row in rows] == [1, 2]
    for row, words in zip(rows, ("một", "hai"), strict=True):
        with row.file.open("rb") as stored:
            content = stored.read()
        assert words.encode() in content
        assert row.sha256 == sha256(content).hexdigest()
        assert row.file_size == len(content)
        assert row.file_name not in row.file.name
    assert len(stored_files()) == 2


@KINDS
def test_a_store_that_fails_is_a_sentence_and_leaves_no_row(
    world, monkeypatch, keep, model
):
    def fail(*args, **kwargs):
        raise OSError("no room")

    before = LedgerLine.objects.count()
    monkeypatch.setattr(type(default_storage), "save", fail, raising=False)
    with pytest.raises(Unavailable, match=r"bản ký\."):
        keep(world)

    assert not model.objects.exists()
    assert LedgerLine.objects.count() == before
    assert not stored_files()


@KINDS
def test_a_row_that_cannot_be_written_leaves_no_bytes(world, monkeypatch, keep, model):
    def fail(*args, **kwargs):
        assert len(stored_files()) == 1
        raise IntegrityError("the row is refused")

    monkeypatch.setattr(model, "save", fail)
    with pytest.raises(IntegrityError):
        keep(world)

    assert not stored_files()


def test_a_ledger_that_cannot_be_written_leaves_neither_scan_nor_bytes(
    world, monkeypatch
):
    def fail(*args, **kwargs):
        assert len(stored_files()) == 1
        raise IntegrityError("the line is refused")

    monkeypatch.setattr(ledger, "append", fail)
    with pytest.raises(IntegrityError):
        attach_scan(world)

    assert not SignedScan.objects.exists()
    assert not stored_files()


@KINDS
def test_the_same_content_is_stored_once(world, monkeypatch, keep, model):
    first = keep(world)

    def fail(*args, **kwargs):
        raise OSError("nothing new is to be stored")

    monkeypatch.setattr(type(default_storage), "save", fail, raising=False)

    assert keep(world) == first
    assert model.objects.count() == 1


def test_what_somebody_else_brought_meanwhile_is_no_second_version(world, monkeypatch):
    """The same scan, sent twice at once: both are stored before the first has the lock."""
    lock = files.lock

    def lock_later(assessment):
        monkeypatch.setattr(files, "lock", lock)
        attach_scan(world)
        return lock(assessment)

    monkeypatch.setattr(files, "lock", lock_later)
    attach_scan(world)

    assert SignedScan.objects.get().version == 1
    assert len(stored_files()) == 1


def test_bytes_are_stored_before_the_file_is_locked(world, monkeypatch):
    lock, in_store = files.lock, []

    def look(assessment):
        in_store.append(len(stored_files()))
        return lock(assessment)

    monkeypatch.setattr(files, "lock", look)
    attach_scan(world)

    assert in_store == [1]


def test_who_may_not_bring_a_file_fills_no_store(world, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("nothing is to be stored")

    monkeypatch.setattr(type(default_storage), "save", fail, raising=False)
    with pytest.raises(NotAllowed):
        attach_scan(world, by=world.manager())
    with pytest.raises(NotAllowed):
        store_template(world, by=world.officer())
    assessments.reopen(
        world.reload(),
        reason="Bổ sung",
        document="12/CV",
        until=timezone.now() + timedelta(days=3),
        by=world.manager(),
    )
    with pytest.raises(Refused) as refusal:
        attach_scan(world)
    assert refusal.value.status == 422
