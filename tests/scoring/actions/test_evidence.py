"""Evidence: what is accepted, what is refused, and that nothing is stored twice."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.actions import assessments, cells, evidence
from scoring.actions.cells import CellChange
from scoring.labels import PhaseName
from scoring.models import EvidenceDocument, EvidenceLink, LedgerLine, RoundGroup
from scoring.refusals import Late, NotAllowed, Refused
from scoring.states import GroupState
from tests.factories import World

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 one page"
DOCUMENT = {"title": "Kế hoạch CCHC", "number": "12/KH", "page": "3"}


@pytest.fixture
def world():
    return World()


def upload(name="kế hoạch.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def attach(world, code="1.1", **options):
    given = {
        "document": DOCUMENT,
        "upload": upload(),
        "by": world.officer(),
        **options,
    }
    return evidence.attach(world.file, code, **given)


def test_a_file_is_stored_with_its_name_hash_and_place_of_the_proof(world):
    link = attach(world)

    document = link.document
    assert document.file_name == "kế_hoạch.pdf"
    assert document.sha256
    assert link.page == "3"
    assert "kế" not in document.file.name
    with default_storage.open(document.file.name) as stored:
        assert stored.read() == PDF


def test_the_same_content_again_is_the_same_document(world):
    attach(world)
    attach(world)
    attach(world, "1.2", upload=upload("khác.pdf"))

    assert EvidenceDocument.objects.count() == 1
    assert EvidenceLink.objects.count() == 2


def test_a_link_is_evidence_too(world):
    attach(
        world, upload=None, document={**DOCUMENT, "link": "https://haiphong.gov.vn/1"}
    )

    assert EvidenceDocument.objects.get().link == "https://haiphong.gov.vn/1"


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
def test_wrong_files_are_refused_by_name(world, name, content):
    with pytest.raises(Refused, match=name):
        attach(world, upload=upload(name, content))

    assert not EvidenceDocument.objects.exists()


def test_a_file_above_the_limit_is_refused(world, settings):
    settings.EVIDENCE_MAX_BYTES = len(PDF) - 1

    with pytest.raises(Refused):
        attach(world)


def test_neither_file_nor_link_is_refused(world):
    with pytest.raises(Refused):
        attach(world, upload=None)


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


def test_an_unknown_criterion_or_a_branch_takes_no_evidence(world):
    for code in ("1", "7.7"):
        with pytest.raises(Refused):
            attach(world, code)


def test_detaching_keeps_a_document_that_another_leaf_uses(
    world, django_capture_on_commit_callbacks
):
    first, second = attach(world), attach(world, "1.2")
    stored = first.document.file.name

    evidence.detach(first, by=world.officer())
    assert default_storage.exists(stored)
    with django_capture_on_commit_callbacks(execute=True):
        evidence.detach(second, by=world.officer())

    assert not EvidenceDocument.objects.exists()
    assert not default_storage.exists(stored)


def test_after_the_lock_nothing_is_removed(world):
    link = attach(world)
    assessments.hand_over(world.file, by=world.officer())

    with pytest.raises(NotAllowed):
        evidence.detach(link, by=world.officer())

    assert EvidenceLink.objects.exists()


def test_the_ledger_names_the_documents_that_lay_there_when_a_score_was_saved(world):
    link = attach(world)
    cells.save(
        world.file, [CellChange("1.1", "self", data={"option": 1})], by=world.officer()
    )

    assert link.document.sha256 in LedgerLine.objects.get().evidence


def test_after_the_adoption_no_evidence_comes_or_goes(world):
    link = attach(world)
    RoundGroup.objects.update(state=GroupState.ADOPTED)

    with pytest.raises(NotAllowed):
        attach(world, "1.2")
    with pytest.raises(NotAllowed):
        evidence.detach(link, by=world.officer())
    assert EvidenceLink.objects.get() == link


def test_a_document_that_a_score_was_saved_by_stays_in_store(world):
    link = attach(world)
    stored = link.document.file.name
    cells.save(
        world.file, [CellChange("1.1", "self", data={"option": 1})], by=world.officer()
    )

    evidence.detach(link, by=world.officer())

    assert not EvidenceLink.objects.exists()
    assert EvidenceDocument.objects.get().file.name == stored


def test_attaching_again_mends_where_the_proof_stands(world):
    attach(world)
    attach(world, document={**DOCUMENT, "page": "7"})

    assert EvidenceLink.objects.get().page == "7"
