"""Points that stand without evidence and without a word: what no file may be sent with."""

from django.db.models import Q

from scoring.index.rollup import exempted_leaves
from scoring.labels import Layer, NotApplicable
from scoring.models import Cell, EvidenceLink, Exemption
from scoring.queries.criteria import tree_of


def unexplained(assessment):
    """Codes of leaves, in the set's order, whose explanation is compulsory and missing.

    Points other than 0 without the evidence that the criterion requires, or a proposal
    of N/A, each without a reason: what the checklist's STOPPING points name
    (``queries/checklist.py``), asked without the sheet. At most two queries, one when there is nothing.
    """
    proved = EvidenceLink.objects.filter(
        document__assessment=assessment, document__removed_at=None
    )
    bare = Cell.objects.filter(assessment=assessment, layer=Layer.SELF, reason="")
    rows = (
        bare.filter(
            Q(not_applicable=NotApplicable.PROPOSED)
            | (
                Q(points__isnull=False)
                & ~Q(points=0)
                & ~Q(criterion__in=proved.values("criterion"))
            )
        )
        .order_by()
        .values_list("criterion_id", "not_applicable")
    )
    set_tree = tree_of(assessment.group.criteria_set)
    found = {set_tree.codes[key]: state for key, state in rows}
    return _that_need_words(assessment, set_tree, found) if found else []


def _that_need_words(assessment, set_tree, found):
    exempted = Exemption.objects.filter(assessment=assessment)
    codes = {
        set_tree.codes[key] for key in exempted.values_list("criterion", flat=True)
    }
    out = exempted_leaves(set_tree.tree, codes)
    return [
        leaf.code
        for leaf in set_tree.tree.leaves
        if leaf.code in found
        and leaf.code not in out
        and not leaf.is_survey
        and (found[leaf.code] or leaf.options.evidence_required)
    ]
