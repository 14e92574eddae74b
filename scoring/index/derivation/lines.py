"""The derivation as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from scoring.index.sentences import N_, Published, Sentence, say

from .values import (
    EXEMPTED,
    MISSING_SURVEY,
    NOT_APPLICABLE,
    NOT_SCORED,
    SURVEY,
    Derivation,
    DerivedBranch,
    DerivedLeaf,
)


def formula_lines(derivation: Derivation) -> Iterator[Sentence]:
    yield say(
        N_("Points: %(points)s; maximum of the criteria that remain: %(maximum)s"),
        points=derivation.points,
        maximum=derivation.max_points,
    )
    yield from _ceiling_lines(derivation)
    if derivation.index is None or derivation.index_2 is None:
        yield say(N_("No criterion remains, so there is no index."))
        return
    raw = 100 * Fraction(derivation.points) / Fraction(derivation.max_points)
    raw += Fraction(derivation.bonus_points) + Fraction(derivation.penalty_points)
    yield say(
        N_("100 × %(points)s / %(maximum)s + (%(bonus)s) + (%(penalty)s) = %(exact)s"),
        points=derivation.points,
        maximum=derivation.max_points,
        bonus=derivation.bonus_points,
        penalty=derivation.penalty_points,
        exact=raw,
    )
    if raw != derivation.index:
        yield say(N_("Held within 0 and 100: %(exact)s"), exact=derivation.index)
    published = Published(derivation.index_2)
    yield say(N_("Index, two decimals: %(index)s"), index=published)
    if not derivation.complete:
        yield say(N_("Incomplete: values are missing, so there is no rank."))


def _ceiling_lines(derivation: Derivation) -> Iterator[Sentence]:
    yield say(
        N_("Bonus points: %(sum)s, after the ceiling %(points)s"),
        sum=derivation.bonus_sum,
        points=derivation.bonus_points,
    )
    yield say(
        N_("Penalty points: %(sum)s, after the ceiling %(points)s"),
        sum=derivation.penalty_sum,
        points=derivation.penalty_points,
    )


LAYER_WORDS = {
    "self": N_("self-assessed points"),
    "appraised": N_("appraised points"),
    "explained": N_("points after explanation"),
    "council": N_("the Council's points"),
    SURVEY: N_("survey result"),
}

_STATUS_LINES = {
    NOT_SCORED: N_("%(code)s %(name)s: not scored (maximum %(maximum)s)"),
    NOT_APPLICABLE: N_("%(code)s %(name)s: not applicable"),
    EXEMPTED: N_("%(code)s %(name)s: exempted"),
    MISSING_SURVEY: N_("%(code)s %(name)s: survey missing (maximum %(maximum)s)"),
}


def lines(
    derivation: Derivation, language: str = "vi"
) -> Iterator[tuple[int, Sentence]]:
    """The derivation as text: (depth from 0, sentence), top to bottom.

    language  which of the criteria's names to write, "vi" or "en"
    """
    for node in derivation.nodes:
        yield from _node_lines(node, 0, language)
    for sentence in derivation.formula:
        yield 0, sentence


def _node_lines(
    node: DerivedBranch | DerivedLeaf, depth: int, language: str
) -> Iterator[tuple[int, Sentence]]:
    if isinstance(node, DerivedLeaf):
        yield depth, _leaf_line(node, language)
        for sentence in _leaf_notes(node):
            yield depth + 1, sentence
        return
    yield (
        depth,
        say(
            N_("%(code)s %(name)s: %(points)s points")
            if node.is_adjustments
            else N_("%(code)s %(name)s: %(points)s of %(maximum)s"),
            code=node.code,
            name=_name(node, language),
            points=node.points,
            maximum=node.max_points,
        ),
    )
    for child in node.children:
        yield from _node_lines(child, depth + 1, language)


def _leaf_line(leaf: DerivedLeaf, language: str) -> Sentence:
    name = _name(leaf, language)
    if leaf.points is None:
        template = _STATUS_LINES[leaf.status]
        return say(template, code=leaf.code, name=name, maximum=leaf.full_points)
    return say(
        N_("%(code)s %(name)s: %(points)s of %(maximum)s (%(layer)s)"),
        code=leaf.code,
        name=name,
        points=leaf.points,
        maximum=leaf.full_points,
        layer=say(LAYER_WORDS[leaf.layer]),
    )


def _leaf_notes(leaf: DerivedLeaf) -> Iterator[Sentence]:
    if leaf.data and leaf.layer != SURVEY:
        yield say(N_("Declared data: %(data)s"), data=leaf.data)
    yield from leaf.steps
    if leaf.reason:
        yield say(N_("Reason: %(reason)s"), reason=leaf.reason)


def _name(node: DerivedBranch | DerivedLeaf, language: str) -> str:
    return (node.name_en if language == "en" else node.name_vi) or node.name_vi
