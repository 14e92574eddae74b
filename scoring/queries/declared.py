"""Declared data as people read them: labels of the rule's fields and their values."""

from decimal import Decimal

from django.utils.translation import gettext as _

from scoring.index.jsontext import read_object
from scoring.index.sentences import Sentence
from scoring.wording import say, show_number


def declared_words(leaf, text):
    """``[(label, value)]`` of stored declared data, in the order of the form.

    leaf  the engine's leaf; text  canonical JSON as stored, "" when none
    """
    if not text:
        return []
    data = read_object(text)
    words = []
    for field in leaf.rule.fields(leaf.parameters):
        words += _field_words(field, data.get(field.key))
    return words


def label_words(label):
    """A label of the criteria set as it stands there, one of the engine translated."""
    return say(label) if isinstance(label, Sentence) else label


def _field_words(field, value):
    label = label_words(field.label)
    if field.kind == "counts":
        return [
            (label_words(choice.label), show_number(number))
            for choice, number in zip(field.choices, value or [], strict=False)
        ]
    if field.kind in {"option", "yes_no"}:
        return [(label, _chosen(field, [value]))]
    if field.kind == "ticks":
        return [(label, _chosen(field, value or []) or _("none of these"))]
    return [(label, show_number(Decimal(value)))]


def _chosen(field, values):
    return "; ".join(
        label_words(choice.label) for choice in field.choices if choice.value in values
    )
