"""From stored rows to what the engine computes with.

One statement reads all values of a file or of a group, as the whole ten-thousandths
that the database stores. It is SQL by hand on purpose: this is the hot path of every
save and every ranking, and a query set, a model instance or a Decimal per cell would
take many times as long.
"""

from dataclasses import dataclass

from django.db import connection

from scoring.index.figures import from_units
from scoring.index.rollup import unit_totals
from scoring.index.values import LAYERS, LAYERS_OF, VIEWS, AgencyScores, CellValue
from scoring.models import Assessment
from scoring.queries.criteria import tree_of
from scoring.queries.rounds import round_groups

SURVEY, EXEMPTED = "survey", "exempted"

# Rows: file, criterion, layer (or survey, exempted), ten-thousandths. Of a layer's
# rows, NULL points mean "not applicable"; rows without a value are left out. The files
# are named one by one: a join or a subquery by group leaves PostgreSQL to guess, and
# in tables that were filled a moment ago it guesses plans that take minutes.
VALUES_OF_FILES = """
SELECT assessment_id, criterion_id, layer, points
  FROM scoring_cell
 WHERE assessment_id IN (FILES)
   AND layer IN (LAYERS)
   AND (points IS NOT NULL OR not_applicable = 'confirmed')
UNION ALL
SELECT assessment_id, criterion_id, 'survey', mean_percent
  FROM scoring_surveyresult
 WHERE assessment_id IN (FILES)
UNION ALL
SELECT assessment_id, criterion_id, 'exempted', NULL
  FROM scoring_exemption
 WHERE assessment_id IN (FILES)
"""
FILES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class FileScores:
    """All stored values of one file, by codes, in ten-thousandths.

    layers    by layer and leaf code: points; None where not applicable
    surveys   percent by leaf code
    exempted  codes of exempted leaves and branches
    """

    layers: dict[str, dict[str, int | None]]
    surveys: dict[str, int]
    exempted: set[str]
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
            exempted=frozenset(self.exempted),
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
            exempted=frozenset(self.exempted),
            assessed=self.is_assessed,
        )


def scores_of(assessment):
    """The values of one file; one query, whatever the city's size."""
    scores = {assessment.pk: _blank(assessment)}
    _read(assessment.group, LAYERS, scores)
    return scores[assessment.pk]


def scores_of_round(round_, groups=None, layers=LAYERS):
    """``{assessment: FileScores}`` for a round or some of its groups.

    One query for the files and one per group (of up to 200 files). Files come with round, agency, group
    and set, in the round's order of groups and agencies; of the cells only those of
    ``layers`` are read.
    """
    groups = round_groups(round_) if groups is None else groups
    by_key = {group.pk: group for group in groups}
    files = list(
        Assessment.objects.filter(group__in=by_key)
        .select_related("agency")
        .order_by("group__position", "group_id", "position", "pk")
    )
    for assessment in files:
        assessment.round = round_
        assessment.group = by_key[assessment.group_id]
    scores = {assessment.pk: _blank(assessment) for assessment in files}
    for group in groups:
        keys = [
            assessment.pk for assessment in files if assessment.group_id == group.pk
        ]
        for start in range(0, len(keys), FILES_AT_ONCE):
            part = keys[start : start + FILES_AT_ONCE]
            _read(group, layers, {key: scores[key] for key in part})
    return {assessment: scores[assessment.pk] for assessment in files}


def _blank(assessment):
    return FileScores(
        layers={layer: {} for layer in LAYERS},
        surveys={},
        exempted=set(),
        is_assessed=assessment.is_assessed,
    )


def _read(group, layers, scores):
    """Fill ``scores`` ({file key: FileScores}), files of one group, by one statement."""
    codes = tree_of(group.criteria_set).codes
    keys = list(scores)
    statement = VALUES_OF_FILES.replace("FILES", _places(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            statement.replace("LAYERS", _places(layers)),
            [*keys, *layers, *keys, *keys],
        )
        for file_id, criterion_id, layer, units in cursor.fetchall():
            found, code = scores[file_id], codes[criterion_id]
            if layer == SURVEY:
                found.surveys[code] = units
            elif layer == EXEMPTED:
                found.exempted.add(code)
            else:
                found.layers[layer][code] = units


def _places(values):
    return ", ".join(["%s"] * len(values))


def _cell_value(units):
    return CellValue(None if units is None else from_units(units), units is None)
