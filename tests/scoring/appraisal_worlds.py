"""A round in appraisal: files scored by their agencies and locked by their leaders."""

from decimal import Decimal

from scoring.actions import assessments, cells, surveys
from scoring.actions.cells import CellChange
from scoring.actions.surveys import SurveyFigure
from scoring.labels import Layer, PhaseName
from tests.factories import World


def own(code, **options):
    return CellChange(code, Layer.SELF, **options)


def judged(code, **options):
    return CellChange(code, Layer.APPRAISED, **options)


# 1.1 chosen, 1.2 computed to 2.7, 1.3 given; 9.1 a bonus, 9.2 a penalty of one case.
# None has evidence, so each that counts is explained: otherwise nobody may lock it.
SCORED = (
    own("1.1", data={"option": 1}, reason="Theo kế hoạch"),
    own("1.2", data={"numerator": 45, "denominator": 50}, reason="Theo một cửa"),
    own("1.3", points=Decimal("0.75"), reason="Sáng kiến cấp thành phố"),
    own("9.1", data={"count": 1}, reason="Theo quyết định"),
    own("9.2", data={"count": 1}, reason="Theo kết luận"),
)
# Index of SCORED with both surveys at 80 percent: 100 × 8.65 / 10 + 1 − 0.5.
INDEX = Decimal("87.00")
PROPOSED = own("1.2", not_applicable="proposed", reason="Không có hồ sơ")
PROPOSED_ONE = (SCORED[0], PROPOSED, *SCORED[2:])


def score_and_lock(world, file=None, changes=SCORED):
    """The agency's part, by its own people, while self-assessment is open."""
    file = file or world.file
    if changes:
        cells.save(file, list(changes), by=world.officer(file))
    assessments.hand_over(file, by=world.officer(file))
    assessments.lock(file, by=world.leader(file))


def appraising(changes=SCORED, phase=PhaseName.APPRAISAL, **options):
    """A world whose files are all scored alike and locked, in a phase of appraisal."""
    world = World(**options)
    for file in world.files:
        score_and_lock(world, file, changes)
    world.open_phase(phase)
    return world


def survey(world, percent=80):
    """Both surveys of every agency at the same percent."""
    figures = [
        SurveyFigure(file.agency.code, code, 100, Decimal(percent))
        for file in world.files
        for code in ("2.1", "2.2")
    ]
    surveys.save(world.round, figures, by=world.manager())
