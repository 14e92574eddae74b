"""Keep the figures of the four indices beside each file, as the engine gives them."""

from scoring.models import Assessment
from scoring.queries.criteria import tree_of
from scoring.queries.rounds import rules_of
from scoring.queries.scores import scores_of, scores_of_round
from scoring.queries.totals import totals_to_json


def refresh_totals(assessment):
    """Compute one file's four indices anew; the caller saves the row.

    Reads that file's rows alone, in one query.
    """
    tree = tree_of(assessment.group.criteria_set).tree
    totals = scores_of(assessment).all_totals(tree, rules_of(assessment.round))
    assessment.totals = totals_to_json(totals, cap_at_100=tree.cap_at_100)


def refresh_round(round_, groups=None):
    """Compute all files of a round (or of some groups) anew and store them.

    For acts that touch many files at once: a bundle, surveys, exemptions, a
    round's own rules. The caller holds the locks.
    """
    rules = rules_of(round_)
    changed = []
    for assessment, scores in scores_of_round(round_, groups).items():
        tree = tree_of(assessment.group.criteria_set).tree
        assessment.totals = totals_to_json(
            scores.all_totals(tree, rules), cap_at_100=tree.cap_at_100
        )
        changed.append(assessment)
    Assessment.objects.bulk_update(changed, ["totals"], batch_size=100)
