"""What the library reads: texts of documents, filters, the documents of earlier rounds."""

from datetime import date

import pytest

from scoring.actions import evidence
from scoring.models import Assessment, EvidenceDocument, EvidenceVersion
from scoring.queries.evidence_library import (
    document_of,
    earlier_documents,
    is_older,
    library_of,
    shown_as,
    size_words,
)
from scoring.queries.last_year import beside_of
from scoring.queries.sheets import sheet_of
from tests.earlier import file_of_last_year, prove
from tests.factories import AgencyFactory, World
from tests.papers import document, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(world):
    return world.officer()


def titles(documents):
    return [one.document.title for one in documents]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 KB"),
        (1536, "2 KB"),
        (1024**2 - 1, "1024 KB"),
        (1024**2, "1 MB"),
        (1_300_000, "1,2 MB"),
        (25 * 1024**2, "25 MB"),
    ],
)
def test_sizes_are_read_as_an_office_reads_them(size, words):
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("facts", "shows"),
    [
        ({"media_type": "application/pdf"}, "pdf"),
        ({"media_type": "image/png"}, "image"),
        ({"media_type": "image/svg+xml"}, ""),
        ({"media_type": "text/html"}, ""),
        ({"link": "https://example.vn/"}, ""),
    ],
)
def test_only_pdf_and_pictures_are_shown_beside_the_sheet(facts, shows):
    assert shown_as(EvidenceVersion(**facts)) == shows


def test_a_document_is_old_when_issued_before_the_year_that_is_assessed(world):
    year = world.round.year

    assert is_older(date(year - 1, 12, 31), world.file)
    assert not is_older(date(year, 1, 1), world.file)
    assert not is_older(None, world.file)


def test_the_library_tells_criteria_in_the_sheets_order_with_their_places(
    world, officer
):
    paper = document(world.file, "Kế hoạch", by=officer)
    for code in ("1.3", "1.1"):
        evidence.link(paper, code, section="Mục II", page="3", by=officer)

    (found,) = library_of(world.file).documents

    assert [(proof.code, proof.place) for proof in found.proofs] == [
        ("1.1", "Mục II, trang 3"),
        ("1.3", "Mục II, trang 3"),
    ]
    assert found.proofs[0].name == "Ban hành kế hoạch"
    assert not found.is_unlinked


def test_versions_come_newest_first_and_the_current_one_is_first(world, officer):
    paper = evidence.add(world.file, details={}, upload=pdf("a.pdf", "a"), by=officer)
    evidence.replace(paper, upload=pdf("b.pdf", "b"), by=officer)

    found = document_of(world.file, paper.pk)

    assert [version.number for version in found.versions] == [2, 1]
    assert found.current is found.versions[0]
    assert [version.name for version in found.versions] == ["b.pdf", "a.pdf"]


def test_removed_documents_are_in_no_list_and_no_row(world, officer):
    link = evidence.attach(
        world.file, "1.1", document={"title": "Bỏ"}, upload=pdf(), by=officer
    )
    EvidenceDocument.objects.filter(pk=link.document_id).update(
        removed_at=link.document.added_at, removed_by=officer
    )

    assert library_of(world.file).documents == []
    assert document_of(world.file, link.document_id) is None


def test_a_document_of_another_file_is_not_found(world, officer):
    theirs = document(world.files[1], "Của cơ quan khác", by=officer)

    assert document_of(world.file, theirs.pk) is None


def test_the_row_of_the_sheet_says_what_can_be_shown_and_at_which_page(world, officer):
    evidence.attach(
        world.file,
        "1.1",
        document={"title": "Kế hoạch", "page": "5"},
        upload=pdf(),
        by=officer,
    )

    (item,) = sheet_of(world.file).row("1.1").evidence

    assert (item.shows, item.page, item.place) == ("pdf", "5", "trang 5")


# --- earlier rounds -----------------------------------------------------------------


def test_the_latest_earlier_round_of_the_agency_is_taken(world, officer):
    older = file_of_last_year(world.file, years=3, people=[officer])
    newer = file_of_last_year(world.file, years=2, people=[officer])
    prove(older, "1.1", title="Ba năm trước")
    prove(newer, "1.1", title="Hai năm trước")

    assert titles(earlier_documents(officer, world.file)) == ["Hai năm trước"]


def test_a_successor_finds_the_documents_of_its_one_predecessor(world, officer):
    agencies = [AgencyFactory(), AgencyFactory()]
    world.file.agency.predecessors.set(agencies[:1])
    before = file_of_last_year(world.file, agency=agencies[0])
    prove(before, "1.1", title="Của cơ quan trước")

    (found,) = earlier_documents(officer, world.file)
    assert (found.document.title, found.is_open) == ("Của cơ quan trước", False)

    # Of several it looks back to none, as beside the row.
    world.file.agency.predecessors.set(agencies)
    assert earlier_documents(officer, world.file) == []


def test_a_file_that_was_not_assessed_is_passed_over(world, officer):
    older = file_of_last_year(world.file, years=2, people=[officer])
    newer = file_of_last_year(world.file, people=[officer])
    Assessment.objects.filter(pk=newer.pk).update(is_assessed=False)
    prove(older, "1.1", title="Hai năm trước")
    prove(newer, "1.1", title="Không được chấm")

    assert titles(earlier_documents(officer, world.file)) == ["Hai năm trước"]


def test_an_officer_of_this_round_alone_reads_names_and_opens_nothing(world, officer):
    before = file_of_last_year(world.file)  # nobody of now had a role then
    prove(before, "1.1", title="Năm trước")

    (found,) = earlier_documents(officer, world.file)

    assert (found.document.title, found.is_open) == ("Năm trước", False)
    assert earlier_documents(world.officer(world.files[1]), world.file) == []


@pytest.mark.parametrize("people", ["then too", "now alone"])
def test_the_library_and_the_row_say_the_same(world, officer, people):
    """Which file, which documents, and what may be done with them."""
    before = file_of_last_year(
        world.file, people=[officer] if people == "then too" else []
    )
    prove(before, "1.1", title="Quy chế")

    beside = beside_of(officer, world.file, "1.1").documents
    listed = earlier_documents(officer, world.file)

    assert [(one.item.document_id, one.is_open) for one in beside] == [
        (one.pk, one.is_open) for one in listed
    ]
    assert [one.is_open for one in listed] == [people == "then too"]


def test_what_is_used_again_is_marked(world, officer):
    before = file_of_last_year(world.file, people=[officer])
    link = prove(before, "1.1", title="Quy chế")
    prove(before, "1.3", title="Chưa dùng lại")

    evidence.reuse(link.document, world.file, by=officer)

    marked = {
        one.document.title: one.is_here
        for one in earlier_documents(officer, world.file)
    }
    assert marked == {"Quy chế": True, "Chưa dùng lại": False}


@pytest.mark.parametrize("documents", [1, 3])
def test_a_fixed_number_of_questions(
    world, officer, documents, django_assert_num_queries
):
    before = file_of_last_year(world.file, people=[officer])
    for number in range(documents):
        paper = document(
            world.file, f"Số {number}", by=officer, link=f"https://a/{number}"
        )
        evidence.link(paper, "1.1", by=officer)
        prove(before, "1.1", title=f"Năm trước {number}")
    library_of(world.file)  # the set's tree is read once

    with django_assert_num_queries(3):
        assert len(library_of(world.file).documents) == documents
    with django_assert_num_queries(6):
        assert len(earlier_documents(officer, world.file)) == documents
