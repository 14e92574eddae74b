"""Evidence: what is accepted, what is refused, and that nothing is stored twice."""

import hashlib
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.utils import timezone

from scoring.actions import assessments, cells, evidence
from scoring.actions.cells import CellChange
from scoring.labels import PhaseName, RoleName
from scoring.models import (
    Assessment,
    EvidenceDocument,
    EvidenceLink,
    EvidenceVersion,
    Exemption,
    LedgerLine,
    Role,
    RoundGroup,
)
from scoring.queries.criteria import tree_of
from scoring.queries.evidence import documents_of, same_content
from scoring.refusals import Late, NotAllowed, Refused, Unavailable
from scoring.states import GroupState
from tests.factories import AgencyFactory, UserFactory, World
from tests.papers import PDF, pdf_bytes

pytestmark = pytest.mark.django_db

DOCUMENT = {"title": "Kế hoạch CCHC", "number": "12/KH", "page": "3"}


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return World()


def stored_files():
    return [
        path for path in Path(default_storage.location).rglob("*") if path.is_file()
    ]


def upload(name="kế hoạch.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def add(world, **options):
    given = {"details": DOCUMENT, "upload": upload(), "by": world.officer(), **options}
    return evidence.add(world.file, **given)


def attach(world, code="1.1", **options):
    given = {
        "document": DOCUMENT,
        "upload": upload(),
        "by": world.officer(),
        **options,
    }
    return evidence.attach(world.file, code, **given)


def save_score(world, option=1):
    change = CellChange("1.1", "self", data={"option": option})
    cells.save(world.file, [change], by=world.officer())


def test_a_file_is_stored_with_its_name_hash_and_place_of_the_proof(world):
    link = attach(world)

    version = link.document.current
    assert (version.number, version.file_name) == (1, "kế hoạch.pdf")
    assert version.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (version.file_size, version.media_type) == (len(PDF), "application/pdf")
    assert link.page == "3"
    assert "kế" not in version.file.name
    with default_storage.open(version.file.name) as stored:
        assert stored.read() == PDF


def test_the_same_content_again_is_the_same_document(world):
    attach(world)
    attach(world)
    attach(world, "1.2", upload=upload("khác.pdf"))

    assert EvidenceDocument.objects.count() == EvidenceVersion.objects.count() == 1
    assert EvidenceLink.objects.count() == 2
    assert len(stored_files()) == 1


def test_a_link_is_evidence_too_with_the_day_on_which_it_was_seen(world):
    seen = date(2026, 1, 15)
    given = {**DOCUMENT, "link": "https://haiphong.gov.vn/1", "seen_on": seen}
    attach(world, upload=None, document=given)
    attach(world, "1.2", upload=None, document=given)

    version = EvidenceVersion.objects.get()
    assert (version.link, version.seen_on) == ("https://haiphong.gov.vn/1", seen)
    assert EvidenceDocument.objects.get().address == "https://haiphong.gov.vn/1"


def test_a_link_without_a_day_was_seen_today_and_never_in_the_future(world):
    tomorrow = timezone.localdate() + timedelta(days=1)
    given = {**DOCUMENT, "link": "https://haiphong.gov.vn/1"}
    with pytest.raises(Refused):
        attach(world, upload=None, document={**given, "seen_on": tomorrow})

    attach(world, upload=None, document=given)

    assert EvidenceVersion.objects.get().seen_on == timezone.localdate()


def test_a_long_link_without_a_title_is_named_by_its_beginning(world):
    address = "https://haiphong.gov.vn/" + "a" * 400
    attach(world, upload=None, document={"link": address})

    assert EvidenceDocument.objects.get().title == address[:300]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.exe", b"MZ", id="kind not accepted"),
        pytest.param("a", PDF, id="no extension"),
        pytest.param("a.pdf", b"MZ\x90", id="not what the name says"),
        pytest.param("a.docx", PDF, id="a PDF named docx"),
        pytest.param("a.png", b"", id="empty"),
    ],
)
def test_wrong_files_are_refused_by_name_and_leave_nothing(world, name, content):
    with pytest.raises(Refused, match=name):
        attach(world, upload=upload(name, content))

    assert not EvidenceDocument.objects.exists()
    assert not stored_files()


def test_a_file_above_the_limit_is_refused(world, settings):
    settings.EVIDENCE_MAX_BYTES = len(PDF) - 1

    with pytest.raises(Refused):
        attach(world)


def test_neither_file_nor_link_is_refused_and_both_too(world):
    with pytest.raises(Refused):
        attach(world, upload=None)
    with pytest.raises(Refused):
        attach(world, document={**DOCUMENT, "link": "https://haiphong.gov.vn/1"})


def test_only_the_officer_attaches_and_only_before_the_lock(world):
    for stranger in (world.leader(), world.manager(), world.officer(world.files[1])):
        with pytest.raises(NotAllowed):
            attach(world, by=stranger)
    late = world.round.phase(PhaseName.SELF_ASSESSMENT).ends_at
    with pytest.raises(Late):
        attach(world, at=late + timedelta(seconds=1))
    assessments.hand_over(world.file, by=world.officer())
    with pytest.raises(NotAllowed):
        attach(world)
    assert not stored_files()


def test_an_unknown_criterion_or_a_branch_takes_no_evidence(world):
    for code in ("1", "7.7"):
        with pytest.raises(Refused):
            attach(world, code)
    assert not EvidenceDocument.objects.exists()


def test_attaching_again_mends_where_the_proof_stands(world):
    attach(world)
    attach(world, document={**DOCUMENT, "page": "7"})

    assert EvidenceLink.objects.get().page == "7"


# --- the library: documents without criteria, names, versions ----------------------


def test_a_document_may_wait_in_the_library_and_be_linked_later(world):
    document = add(world)
    assert not EvidenceLink.objects.exists()

    evidence.link(document, "1.1", section="Mục II", by=world.officer())
    link = evidence.link(document, "1.1", page="4", by=world.officer())

    assert EvidenceLink.objects.get() == link
    assert (link.section, link.page) == ("", "4")
    with pytest.raises(Refused):
        evidence.link(document, "1", by=world.officer())


def test_a_document_taken_off_its_criteria_stays_in_the_library(world):
    first, second = attach(world), attach(world, "1.2")

    for link in (first, first, second):
        evidence.unlink(link, by=world.officer())

    document = EvidenceDocument.objects.get()
    assert not document.links.exists()
    assert default_storage.exists(document.current.file.name)


def test_how_a_document_is_named_can_be_corrected(world):
    document = add(world)
    details = {"title": " Kế hoạch 2026 ", "number": "13/KH", "issuer": "UBND"}

    evidence.describe(document, details=details, by=world.officer())

    document = EvidenceDocument.objects.get()
    assert document.citation == "Kế hoạch 2026 (13/KH, UBND)"
    with pytest.raises(Refused):
        evidence.describe(document, details={"title": "  "}, by=world.officer())


def test_new_content_is_a_new_version_and_the_old_one_stays(world):
    document = add(world)
    other = pdf_bytes("bản sửa")

    evidence.replace(document, upload=upload(content=other), by=world.officer())
    evidence.replace(document, upload=upload(content=other), by=world.officer())

    old, new = document.versions.order_by("number")
    assert (old.number, new.number) == (1, 2)
    assert EvidenceDocument.objects.get().current == new
    for version, content in ((old, PDF), (new, other)):
        with version.file.open("rb") as stored:
            assert stored.read() == content
    assert len(stored_files()) == 2


def test_a_link_can_become_a_file_and_a_link_seen_anew_is_a_new_version(world):
    address = "https://haiphong.gov.vn/1"
    by = world.officer()
    days = [date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 9)]
    document = evidence.add(
        world.file, details=DOCUMENT, link=address, seen_on=days[0], by=by
    )
    for day in days[1:]:
        evidence.replace(document, link=address, seen_on=day, by=by)
    evidence.replace(document, upload=upload(), by=by)

    kinds = [(v.link, v.seen_on, v.file_name) for v in document.versions.all()]
    assert kinds == [
        (address, days[0], ""),
        (address, days[2], ""),
        ("", None, "kế hoạch.pdf"),
    ]


def test_the_same_content_is_found_by_its_hash_in_its_own_file_only(world):
    document = add(world)
    sha256 = document.current.sha256

    assert same_content(world.file, sha256) == document
    assert same_content(world.files[1], sha256) is None
    assert same_content(world.file, "") is None
    evidence.replace(
        document, upload=upload(content=pdf_bytes("2")), by=world.officer()
    )
    assert same_content(world.file, sha256) is None


# --- removing -----------------------------------------------------------------------


def test_a_removed_document_goes_with_its_stored_files(
    world, django_capture_on_commit_callbacks
):
    document = attach(world).document
    evidence.replace(
        document, upload=upload(content=pdf_bytes("2")), by=world.officer()
    )
    assert len(stored_files()) == 2

    with django_capture_on_commit_callbacks(execute=True):
        evidence.remove(document, by=world.officer())

    assert not EvidenceDocument.objects.exists()
    assert not EvidenceVersion.objects.exists()
    assert not stored_files()


def test_a_document_that_a_score_was_saved_by_is_hidden_and_stays_readable(
    world, django_capture_on_commit_callbacks
):
    document = attach(world).document
    by = world.officer()
    save_score(world)

    with django_capture_on_commit_callbacks(execute=True):
        evidence.remove(document, by=by)
        evidence.remove(document, by=by)

    document.refresh_from_db()
    assert (document.removed_by, document.links.count()) == (by, 0)
    assert not documents_of(world.file).exists()
    with document.current.file.open("rb") as stored:
        assert stored.read() == PDF
    for act in (
        lambda: evidence.link(document, "1.1", by=by),
        lambda: evidence.replace(document, link="https://example.vn", by=by),
        lambda: evidence.describe(document, details=DOCUMENT, by=by),
    ):
        with pytest.raises(Refused):
            act()
    assert add(world) != document  # the same content comes back as a new document


def test_after_the_lock_nothing_is_changed(world):
    link = attach(world)
    document = link.document
    by = world.officer()
    assessments.hand_over(world.file, by=by)
    facts = list(EvidenceVersion.objects.values())

    for act in changes_of(link, by):
        with pytest.raises(NotAllowed):
            act()

    document.refresh_from_db()
    assert document.title == DOCUMENT["title"]
    assert EvidenceLink.objects.get() == link
    assert list(EvidenceVersion.objects.values()) == facts
    assert len(stored_files()) == 1


def test_after_the_adoption_no_evidence_comes_or_goes(world):
    link = attach(world)
    RoundGroup.objects.update(state=GroupState.ADOPTED)

    with pytest.raises(NotAllowed):
        attach(world, "1.2")
    for act in changes_of(link, world.officer()):
        with pytest.raises(NotAllowed):
            act()
    assert EvidenceLink.objects.get() == link


def changes_of(link, by):
    document = link.document
    other = upload(content=pdf_bytes("2"))
    return [
        lambda: evidence.unlink(link, by=by),
        lambda: evidence.link(document, "1.2", by=by),
        lambda: evidence.replace(document, upload=other, by=by),
        lambda: evidence.replace(document, link="https://example.vn/", by=by),
        lambda: evidence.describe(document, details={"title": "x"}, by=by),
        lambda: evidence.remove(document, by=by),
    ]


# --- what the ledger says -----------------------------------------------------------


def test_the_ledger_names_document_version_and_hash_that_a_score_was_saved_by(world):
    document = attach(world).document
    save_score(world)
    evidence.replace(
        document, upload=upload(content=pdf_bytes("2")), by=world.officer()
    )
    save_score(world, option=2)

    texts = LedgerLine.objects.order_by("sequence").values_list("evidence", flat=True)
    first, second = document.versions.order_by("number")
    assert [json.loads(text) for text in texts] == [
        [[document.pk, 1, first.sha256]],
        [[document.pk, 2, second.sha256]],
    ]


@pytest.mark.parametrize("code", ["1", "7.7", "2.1", "1.2"])
def test_nothing_proves_what_the_agency_does_not_score(world, code):
    """A field, nothing at all, a survey, what is exempted: from any of the ways."""
    exempted = tree_of(world.set).ids["1.2"]
    Exemption.objects.create(
        assessment=world.file, criterion_id=exempted, document="Quyết định 5"
    )
    document = attach(world).document
    by = world.officer()

    for way in (
        lambda: evidence.link(document, code, by=by),
        lambda: evidence.attach(
            world.file, code, document={"title": "x"}, upload=upload(), by=by
        ),
        lambda: evidence.reuse(document, world.file, code, by=by),
    ):
        with pytest.raises(Refused, match=re.escape(code)):
            way()

    assert EvidenceLink.objects.count() == 1


# --- again in a later round -----------------------------------------------------------


@pytest.fixture
def next_year(world):
    """The file of the same agency a year later, whose phases are open too."""
    later = World(year=world.round.year + 1)
    Assessment.objects.filter(pk=later.file.pk).update(agency=world.file.agency)
    return Assessment.objects.get(pk=later.file.pk)


def officer_of_all_rounds(agency):
    user = UserFactory()
    Role.objects.create(user=user, name=RoleName.OFFICER, agency=agency)
    return user


def test_last_years_document_is_used_again_without_storing_it_again(
    world, next_year, django_capture_on_commit_callbacks
):
    document = add(world)
    by = officer_of_all_rounds(world.file.agency)

    again = evidence.reuse(document, next_year, "1.1", page="2", by=by)
    evidence.reuse(document, next_year, "1.1", page="2", by=by)

    assert again != document
    assert (again.assessment, again.citation) == (next_year, document.citation)
    assert again.links.get().page == "2"
    assert again.current.sha256 == document.current.sha256
    assert len(stored_files()) == 1
    for one in (again, document):
        assert stored_files()
        with django_capture_on_commit_callbacks(execute=True):
            evidence.remove(one, by=by)
    assert not stored_files()


def test_a_predecessors_document_is_used_again_by_who_sees_both(world, next_year):
    document = add(world)
    successor, middle = AgencyFactory(), AgencyFactory()
    successor.predecessors.add(middle)
    middle.predecessors.add(world.file.agency)
    Assessment.objects.filter(pk=next_year.pk).update(agency=successor)
    next_year = Assessment.objects.get(pk=next_year.pk)
    of_successor = officer_of_all_rounds(successor)

    with pytest.raises(NotAllowed):
        evidence.reuse(document, next_year, by=of_successor)
    Role.objects.create(
        user=of_successor, name=RoleName.LEADER, agency=world.file.agency
    )
    seer = type(of_successor).objects.get(pk=of_successor.pk)

    assert evidence.reuse(document, next_year, by=seer).assessment == next_year


def test_another_agencys_document_is_not_used_again(world, next_year):
    foreign = world.files[1]
    document = evidence.add(
        foreign, details=DOCUMENT, upload=upload(), by=world.officer(foreign)
    )
    by = officer_of_all_rounds(world.file.agency)
    with pytest.raises(NotAllowed):
        evidence.reuse(document, next_year, by=by)
    Role.objects.create(user=by, name=RoleName.LEADER, agency=foreign.agency)

    with pytest.raises(Refused, match=r"cơ quan|agency"):
        evidence.reuse(document, next_year, by=type(by).objects.get(pk=by.pk))

    assert not next_year.evidence.exists()


def test_a_removed_document_is_not_used_again(world, next_year):
    document = attach(world).document
    save_score(world)
    evidence.remove(document, by=world.officer())

    with pytest.raises(Refused, match=r"gỡ|removed"):
        evidence.reuse(document, next_year, by=officer_of_all_rounds(world.file.agency))


# --- a store that fails ---------------------------------------------------------------


def test_a_store_that_fails_is_a_sentence_and_leaves_no_row(world, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("no room")

    monkeypatch.setattr(type(default_storage), "save", fail, raising=False)
    with pytest.raises(Unavailable, match=r"kế hoạch\.pdf"):
        attach(world)

    assert not EvidenceDocument.objects.exists()


def test_rows_that_cannot_be_written_leave_no_stored_file(world, monkeypatch):
    def fail(*args, **kwargs):
        assert len(stored_files()) == 1
        raise IntegrityError("the rows are refused")

    monkeypatch.setattr(EvidenceVersion.objects, "create", fail)
    with pytest.raises(IntegrityError):
        attach(world)

    assert not stored_files()
    assert not EvidenceDocument.objects.exists()


def test_a_file_that_cannot_be_deleted_fails_nobodys_act(
    world, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    document = add(world)

    def fail(*args):
        raise OSError("read-only")

    monkeypatch.setattr(type(default_storage), "delete", fail, raising=False)
    with django_capture_on_commit_callbacks(execute=True):
        evidence.remove(document, by=world.officer())

    assert not EvidenceDocument.objects.exists()
    assert document.current.file.name in caplog.text


def meanwhile(monkeypatch, act):
    """Somebody else does ``act`` after the look for known content, before the lock;
    here within the same transaction, so it is undone with a refusal."""
    locked = evidence._locked

    def lock_later(*args):
        monkeypatch.setattr(evidence, "_locked", locked)
        act()
        return locked(*args)

    monkeypatch.setattr(evidence, "_locked", lock_later)


def test_known_content_that_is_removed_meanwhile_is_asked_for_again(world, monkeypatch):
    known = add(world)
    meanwhile(monkeypatch, lambda: evidence.remove(known, by=world.officer()))

    with pytest.raises(Refused, match=r"again|lại"):
        add(world)

    assert EvidenceVersion.objects.count() == 1


def test_the_same_content_that_is_replaced_meanwhile_is_asked_for_again(
    world, monkeypatch
):
    document, officer = add(world), world.officer()
    other = EvidenceDocument.objects.get()
    meanwhile(
        monkeypatch,
        lambda: evidence.replace(
            other, upload=upload(content=pdf_bytes("other")), by=officer
        ),
    )

    with pytest.raises(Refused, match=r"again|lại"):
        evidence.replace(document, upload=upload(), by=officer)

    assert EvidenceVersion.objects.count() == 1
