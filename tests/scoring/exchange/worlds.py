"""A round whose agencies have every kind of figure that a workbook must print.

``rows`` (maximum 100 beside bonus and penalty): manual leaves for free points, one
survey leaf of each kind, two bonus leaves above their common ceiling, one penalty.
"""

from decimal import Decimal

from django.utils import timezone

from scoring.actions import cells, surveys
from scoring.actions.cells import CellChange
from scoring.actions.files import lock
from scoring.actions.surveys import SurveyFigure
from scoring.labels import Layer, LedgerKind, PhaseName
from scoring.models import Exemption
from tests.factories import UserFactory, World, _row

FREE = {"na_allowed": True, "evidence_required": False}
ROWS = (
    _row("1", "", "Thẩm định"),
    _row("1.1", "1", "- Kế hoạch", "60", "manual", FREE),
    _row("1.2", "1", "=1+1", "15.5", "manual", FREE),
    _row("1.3", "1", "Sáng kiến", "4.5", "manual", FREE),
    _row("2", "", "Khảo sát"),
    _row("2.1", "2", "Điều tra xã hội học", "10", "sociological", {}),
    _row("2.2", "2", "Hài lòng", "10", "satisfaction", {"factor": "Kết quả"}),
    _row(
        "9",
        "",
        "Điểm thưởng, điểm trừ",
        None,
        "adjustments",
        {"bonus_ceiling": 2, "penalty_ceiling": -3},
    ),
    _row(
        "9.1",
        "9",
        "Thưởng sáng kiến",
        "1.5",
        "bonus_count",
        {"unit": "sáng kiến", "per_unit": 0.5, "ceiling": 1.5},
    ),
    _row(
        "9.2",
        "9",
        "Thưởng mô hình",
        "1.5",
        "bonus_count",
        {"unit": "mô hình", "per_unit": 0.75, "ceiling": 1.5},
    ),
    _row("9.3", "9", "Trừ liên đới", "-3", "penalty_share", {"ceiling": -3}),
)

NOT_APPLICABLE = object()


def write_points(file, values, layer=Layer.APPRAISED, by=None):
    """Put points (or NOT_APPLICABLE) into a file as an administrator's act."""
    file = lock(file)
    changes = [
        CellChange(
            code,
            layer,
            points=None if value is NOT_APPLICABLE else Decimal(value),
            not_applicable="confirmed" if value is NOT_APPLICABLE else "",
            reason="căn cứ hồ sơ",
        )
        for code, value in values.items()
    ]
    by = by or UserFactory()
    checked = cells.check(file, changes)
    cells.write(file, checked, {}, by=by, at=timezone.now(), kind=LedgerKind.LOADED)


def write_survey(round_, file, values):
    figures = [
        SurveyFigure(file.agency.code, code, 100, Decimal(percent))
        for code, percent in values.items()
    ]
    surveys.write(round_, figures, by=UserFactory(), at=timezone.now())


def results_world(**options):
    """Seven agencies: a tie of published figures, a true tie, a cap, an N/A and an
    exemption, a missing survey with an unscored criterion, one not assessed."""
    world = World(agencies=7, phase=PhaseName.RECHECK, rows=ROWS, **options)
    first, second, third, fourth, fifth, sixth, seventh = world.files
    full = {"2.1": "90", "2.2": "90"}
    write_points(
        first, {"1.1": "60", "1.2": "15.5", "1.3": "4.5", "9.1": "1.5", "9.2": "1.5"}
    )
    write_survey(world.round, first, {"2.1": "100", "2.2": "100"})
    # 80.125 and 80.1251: published 80.13 both.
    write_points(second, {"1.1": "50.125", "1.2": "8", "1.3": "4"})
    write_survey(world.round, second, full)
    write_points(third, {"1.1": "50.1251", "1.2": "8", "1.3": "4"})
    write_survey(world.round, third, full)
    # Exempted 1.3, N/A 1.2: 40 + 18 of 80, less a penalty.
    write_points(
        fourth, {"1.1": "40", "1.2": NOT_APPLICABLE, "1.3": "4", "9.3": "-0.6"}
    )
    write_survey(world.round, fourth, full)
    exempt(world, fourth, "1.3")
    write_points(fifth, {"1.1": "30.0001", "1.2": "7.5"})
    write_survey(world.round, fifth, {"2.1": "66.6667"})
    # As the second, to the last digit.
    write_points(sixth, {"1.1": "50.125", "1.2": "8", "1.3": "4"})
    write_survey(world.round, sixth, full)
    leave_out(seventh)
    for file in world.files[:2]:
        write_points(file, {"1.1": "51.3333", "1.2": "9"}, Layer.SELF)
    return world


def exempt(world, file, code):
    criterion = world.set.criteria.get(code=code)
    Exemption.objects.create(assessment=file, criterion=criterion, document="12/QĐ")


def leave_out(file):
    type(file).objects.filter(pk=file.pk).update(
        is_assessed=False, not_assessed_reason="đặc khu mới thành lập"
    )
