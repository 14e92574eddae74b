"""From stored rows to what the engine computes with, in a fixed number of queries.

Figures stay the whole ten-thousandths that the database stores: a model instance
or a Decimal per cell would take many times as long.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q

from scoring.index.figures import from_units
from scoring.index.rollup import unit_totals
from scoring.index.values import LAYERS, LAYERS_OF, VIEWS, AgencyScores, CellValue
from scoring.labels import NotApplicable
from scoring.models import Assessment, Cell, Exemption, SurveyResult
from scoring.queries.criteria import tree_of

HAS_VALUE = Q(points__isnull=False) | Q(not_applicable=NotApplicable.CONFIRMED)


@dataclass(frozen=True, slots=True)
class FileScores:
    """All stored values of one file, by codes, in ten-thousandths.

    layers    by layer and leaf code: points; None where not applicable
    surveys   percent by leaf code
    exempted  codes of exempted leaves and branches
    """

    layers: dict[str, dict[str, int | None]]
    surveys: dict[str, int]
    exempted: frozenset[str]
    is_assessed: bool

    def values(self, view):
        """The value of each leaf in a view: the last layer of those that count."""
        values = {}
        for layer in LAYERS_OF[view]:
            values.update(self.layers.get(layer, {}))
        return values

    def totals(self, tree, view, rules):
        return unit_totals(
            tree,
            self.values(view),
            self.surveys,
            rules,
            exempted=self.exempted,
            assessed=self.is_assessed,
        )

    def all_totals(self, tree, rules):
        """``{view: Totals}`` for the four views."""
        return {view: self.totals(tree, view, rules) for view in VIEWS}

    def as_agency_scores(self):
        """The same as Decimals, for the derivation."""
        return AgencyScores(
            layers={
                layer: {code: _cell_value(units) for code, units in values.items()}
                for layer, values in self.layers.items()
            },
            surveys={code: from_units(units) for code, units in self.surveys.items()},
            exempted=self.exempted,
            assessed=self.is_assessed,
        )


def scores_of(assessment):
    """The values of one file; three queries."""
    (scores,) = _scores(
        [assessment],
        Cell.objects.filter(assessment=assessment),
        SurveyResult.objects.filter(assessment=assessment),
        Exemption.objects.filter(assessment=assessment),
    ).values()
    return scores


def scores_of_round(round_, groups=None, layers=LAYERS):
    """``{assessment: FileScores}`` for a round or some of its groups; four queries.

    Assessments come with round, agency, group and set, in the round's order of
    groups and agencies. Of ``layers`` only those are read.
    """
    assessments = (
        Assessment.objects.filter(round=round_)
        .select_related("agency", "group__criteria_set")
        .order_by("group__position", "group_id", "position", "pk")
    )
    inside = {"assessment__round": round_}
    if groups is not None:
        wanted = [group.pk for group in groups]
        assessments = assessments.filter(group__in=wanted)
        inside = {"assessment__group__in": wanted}
    assessments = list(assessments)
    for assessment in assessments:
        assessment.round = assessment.group.round = round_
    return _scores(
        assessments,
        Cell.objects.filter(layer__in=layers, **inside),
        SurveyResult.objects.filter(**inside),
        Exemption.objects.filter(**inside),
    )


def _scores(assessments, cells, surveys, exemptions):
    codes = _criterion_codes(assessments)
    layers = {a.pk: {layer: {} for layer in LAYERS} for a in assessments}
    for file_id, criterion_id, layer, units in cells.filter(HAS_VALUE).values_list(
        "assessment_id", "criterion_id", "layer", _units("points")
    ):
        layers[file_id][layer][codes[criterion_id]] = units
    percents = defaultdict(dict)
    for file_id, criterion_id, units in surveys.values_list(
        "assessment_id", "criterion_id", _units("mean_percent")
    ):
        percents[file_id][codes[criterion_id]] = units
    exempted = defaultdict(set)
    for file_id, criterion_id in exemptions.values_list(
        "assessment_id", "criterion_id"
    ):
        exempted[file_id].add(codes[criterion_id])
    return {
        assessment: FileScores(
            layers=layers[assessment.pk],
            surveys=percents[assessment.pk],
            exempted=frozenset(exempted[assessment.pk]),
            is_assessed=assessment.is_assessed,
        )
        for assessment in assessments
    }


def _criterion_codes(assessments):
    codes = {}
    for criteria_set in {a.group.criteria_set for a in assessments}:
        codes.update(tree_of(criteria_set).codes)
    return codes


def _units(name):
    """The stored whole number itself, without a Decimal for each row.

    Of the rows that have a value, NULL points mean "not applicable".
    """
    return ExpressionWrapper(F(name), output_field=BigIntegerField())


def _cell_value(units):
    return CellValue(None if units is None else from_units(units), units is None)
