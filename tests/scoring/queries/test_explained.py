"""What stops a hand-over is said twice, in SQL and by the sheet's rows: the same codes.

Every act asks ``unexplained``, every checklist asks the rows. Each leaf here has a value
of each kind, with and without a reason, a document, and an exemption above it.
"""

from itertools import product

import pytest
from django.utils import timezone

from scoring.models import Assessment, Cell, EvidenceLink, Exemption
from scoring.queries.checklist import STOPPING, checklist_of
from scoring.queries.criteria import tree_of
from scoring.queries.explained import unexplained
from scoring.queries.sheets import sheet_of
from tests import papers
from tests.earlier import say
from tests.factories import World

pytestmark = pytest.mark.django_db

# By its code: low enough that every value below stands within the leaf's range.
LEAVES = {
    "1.1": "evidence required",
    "1.2": "evidence required, N/A allowed",
    "1.3": "no evidence required",
    "2.1": "a survey",
    "9.1": "an adjustment upwards",
    "9.2": "an adjustment downwards",
}
VALUES = {
    "nothing": None,
    "zero": {"points": "0"},
    "points": {"points": "0.5"},
    "proposed": {"na": "proposed"},
    "no cases": {"na": "confirmed", "data": '{"denominator": 0, "numerator": 0}'},
}
REASONS = {"no word": "", "a reason": "Văn bản mật"}
EVIDENCE = ("no document", "a document", "a removed document")
EXEMPTED = {"applies": "", "leaf exempted": "leaf", "branch exempted": "branch"}


def enter(file, value, reason, by):
    """The value at every leaf that can hold it, as an act of old left it."""
    Cell.objects.filter(assessment=file).delete()
    for code in LEAVES:
        said = VALUES[value]
        if said is None or ("data" in said and code != "1.2"):
            continue
        if value == "points" and code == "9.2":
            said = {"points": "-0.5"}
        say(file, code, reason=REASONS[reason], by=by, **said)


def prove(file, code, by, kind):
    if kind == "no document":
        return
    document = papers.document(file, "Quyết định 7", by=by)
    EvidenceLink.objects.create(
        document=document, criterion_id=tree_of(file.group.criteria_set).ids[code]
    )
    if kind == "a removed document":
        document.removed_at, document.removed_by = timezone.now(), by
        document.save(update_fields=["removed_at", "removed_by"])


def exempt(file, code, what):
    if what:
        code = code if what == "leaf" else code.partition(".")[0]
        Exemption.objects.create(
            assessment=file,
            criterion_id=tree_of(file.group.criteria_set).ids[code],
            document="Quyết định 5",
        )


def stopping_codes(file):
    points = checklist_of(file, sheet_of(file))
    return sorted(
        finding.code
        for point in points
        if point.what in STOPPING
        for finding in point.findings
    )


def stored(world):
    return Assessment.objects.select_related(
        "round", "agency", "group__group", "group__criteria_set"
    ).get(pk=world.file.pk)


@pytest.mark.parametrize("exempted", EXEMPTED)
@pytest.mark.parametrize("evidence", EVIDENCE)
def test_sql_and_the_rows_name_the_same_codes(evidence, exempted):
    world = World(agencies=1)
    officer = world.officer()
    for code in LEAVES:
        prove(world.file, code, officer, evidence)
    if exempted == "branch exempted":
        for code in ("1", "2", "9"):
            exempt(world.file, code, "leaf")
    else:
        for code in LEAVES:
            exempt(world.file, code, EXEMPTED[exempted])

    file, found = stored(world), {}
    for value, reason in product(VALUES, REASONS):
        enter(file, value, reason, officer)
        by_sql = sorted(unexplained(file))
        assert by_sql == stopping_codes(file), (value, reason)
        found[value, reason] = by_sql

    # What both say is also right, and not nothing in every case.
    is_bare = evidence != "a document" and exempted == "applies"
    bare = ["1.1", "1.2", "9.1", "9.2"] if is_bare else []
    proposals = ["1.1", "1.2", "1.3", "9.1", "9.2"] if exempted == "applies" else []
    assert {case: codes for case, codes in found.items() if codes} == {
        case: codes
        for case, codes in {
            ("points", "no word"): bare,
            ("proposed", "no word"): proposals,
        }.items()
        if codes
    }
