"""What the print of a sheet's row consists of: its shape, and the texts in it.

Rows of one shape are printed alike but for their texts. ``texts_of`` lists these in the
order in which ``marked_row`` asks for something to stand in their places.
"""

from collections import namedtuple
from types import SimpleNamespace

from scoring.queries.sheet_texts import Declared, InputGroup

# ``text`` is the criterion's own; the has_* say which texts are there at all.
Shape = namedtuple(
    "Shape",
    "text kind is_open is_unproved not_applicable proposes has_points has_given has_reason"
    " has_saved has_words has_steps computed_is_na evidence later has_lost",
)


def shape_of(row):
    """All that the print of a row depends on besides texts, as a hashable value."""
    said = row.declared
    return Shape(
        row.text,
        row.kind,
        row.is_open,
        row.lacks in ("evidence", "reason"),
        row.not_applicable,
        row.na_input,
        row.points != "",
        row.given != "",
        row.reason != "",
        row.saved != "",
        said.words != "",
        bool(said.steps),
        said.points is None,
        tuple(
            [
                (item.is_on_web, item.place != "", item.shows, item.page != "")
                for item in row.evidence
            ]
        ),
        tuple(
            [
                (one.layer, one.label, one.points != "", one.is_not_applicable)
                for one in row.later
            ]
        ),
        row.lost != "",
    )


def texts_of(row):
    """The texts of a row that is laid out by its shape, not escaped yet; the steps of
    the computation as a tuple, for the items of one list."""
    said = row.declared
    texts = [
        str(row.version),
        row.points,
        row.given,
        row.reason,
        row.saved,
        row.exemption,
        said.words,
        said.points or "",
        said.steps,
        row.marked,
        row.hidden,
        row.lost,
    ]
    for group in row.groups:
        for one in group.inputs:
            texts.append(one.value if one.kind == "text" else one.checked)
    for item in row.evidence:
        texts += (item.title, item.place, item.page, item.address, str(item.link_id))
    for one in row.later:
        texts.append(one.points)
    return texts


# What the print of totals and of a field in the rail depends on besides texts.
TotalsShape = namedtuple("TotalsShape", "has_bonus has_penalty proposals")
FieldShape = namedtuple("FieldShape", "code slug name counts is_done")


def saved_shape(row, totals, field):
    """What the print of a saved row with totals and field depends on besides texts."""
    return (
        shape_of(row),
        TotalsShape(totals.bonus != "0", totals.penalty != "0", totals.proposals),
        FieldShape(
            field.code,
            field.slug,
            field.name,
            field.to_score > 0,
            field.scored == field.to_score,
        ),
    )


def saved_texts(row, totals, field):
    """The texts of a saved row with totals and field, as ``texts_of`` those of a row."""
    return [
        *texts_of(row),
        str(totals.scored),
        str(totals.to_score),
        totals.points,
        totals.maximum,
        totals.bonus,
        totals.penalty,
        totals.index,
        totals.index_if_confirmed,
        str(field.scored),
        str(field.to_score),
    ]


def marked_saved(shape, marks):
    """``(row, totals, field)`` of that shape with ``marks`` for their texts."""
    row_shape, totals_shape, field_shape = shape
    return (
        marked_row(row_shape, marks),
        _marked_totals(totals_shape, marks),
        _marked_field(field_shape, marks),
    )


def _marked_totals(shape, marks):
    scored, to_score, points, maximum, bonus, penalty, index, if_confirmed = (
        next(marks) for __ in range(8)
    )
    return SimpleNamespace(
        scored=scored,
        to_score=to_score,
        points=points,
        maximum=maximum,
        bonus=bonus if shape.has_bonus else "0",
        penalty=penalty if shape.has_penalty else "0",
        index=index,
        index_if_confirmed=if_confirmed,
        proposals=shape.proposals,
    )


def _marked_field(shape, marks):
    scored, to_score = next(marks), next(marks)
    return SimpleNamespace(
        code=shape.code,
        slug=shape.slug,
        name=shape.name,
        to_score=to_score if shape.counts else 0,
        scored=to_score if shape.is_done else scored,
    )


def marked_row(shape, marks):
    """A row of that shape, as the template takes it, with ``marks`` for its texts."""
    (
        version,
        points,
        given,
        reason,
        saved,
        exemption,
        words,
        computed,
        steps,
        marked,
        hidden,
        lost,
    ) = (next(marks) for __ in range(12))
    declared = Declared(
        words=words if shape.has_words else "",
        steps=(steps,) if shape.has_steps else (),
        points=None if shape.computed_is_na else computed,
    )
    return SimpleNamespace(
        text=shape.text,
        kind=shape.kind,
        is_open=shape.is_open,
        lacks="evidence" if shape.is_unproved else "",
        not_applicable=shape.not_applicable,
        na_input=shape.proposes,
        version=version,
        points=points if shape.has_points else "",
        given=given if shape.has_given else "",
        reason=reason if shape.has_reason else "",
        reason_input=reason,
        saved=saved if shape.has_saved else "",
        exemption=exemption,
        declared=declared,
        groups=_marked_groups(shape, marks),
        evidence=[_marked_item(*facts, marks) for facts in shape.evidence],
        later=[_marked_later(*facts, marks) for facts in shape.later],
        lost=lost if shape.has_lost else "",
        marked=marked,
        hidden=hidden,
        # A line with remarks is printed in full, so is one that somebody typed in.
        remarks=[],
        open_remarks=0,
    )


def _marked_groups(shape, marks):
    """The inputs of a leaf, always those of its criterion, with marks in them."""
    if shape.kind != "leaf":
        return ()
    return [
        InputGroup(group.label, [_marked_input(one, marks) for one in group.inputs])
        for group in shape.text.groups
    ]


def _marked_input(one, marks):
    return SimpleNamespace(
        kind=one.kind,
        name=one.name,
        label=one.label,
        points=one.points,
        unit=one.unit,
        value=next(marks) if one.kind == "text" else one.value,
        checked="" if one.kind == "text" else next(marks),
    )


def _marked_item(is_on_web, has_place, shows, has_page, marks):
    title, place, page, address, link_id = (next(marks) for __ in range(5))
    return SimpleNamespace(
        title=title,
        place=place if has_place else "",
        page=page if has_page else "",
        shows=shows,
        is_on_web=is_on_web,
        address=address,
        link_id=link_id,
    )


def _marked_later(layer, label, has_points, is_not_applicable, marks):
    points = next(marks)
    return SimpleNamespace(
        layer=layer,
        label=label,
        points=points if has_points else "",
        is_not_applicable=is_not_applicable,
    )
