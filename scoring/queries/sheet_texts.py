"""What a sheet prints of a criteria set and of declared data, ready as texts.

What depends on the set alone is worked out once per set and language; what depends on
declared data alone, once per data.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

from scoring.index.cells import compute, working
from scoring.index.derivation import derive
from scoring.index.figures import shortest
from scoring.index.jsontext import read_object
from scoring.index.outcomes import NOT_APPLICABLE
from scoring.index.values import AgencyScores, Leaf, RoundRules
from scoring.labels import View
from scoring.queries.criteria import tree_of
from scoring.queries.declared import declared_words, label_words
from scoring.vietnamese import search_text
from scoring.wording import say, show_points


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a row's form, as the template prints it.

    kind    radio, tick or text
    label   words beside it; points  what it brings, "" when nothing is said
    value   of a text what stands in it, else what is sent when it is chosen
    unit    what the figure counts or measures, "" when the label says it
    """

    kind: str
    name: str
    label: str
    value: str = ""
    points: str = ""
    is_chosen: bool = False
    unit: str = ""

    @property
    def checked(self):
        """The attribute of a radio or a tick that is chosen, with a space before."""
        return " checked" if self.is_chosen else ""


@dataclass(frozen=True, slots=True)
class InputGroup:
    """The inputs of one entry of declared data under their common words."""

    label: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CriterionText:
    """What a sheet says of a field, criterion or leaf, whoever's sheet it is.

    path    codes of the field and criteria above it
    search  code and name as they are searched: lower case, no diacritics

    Made once per set and language; equal is only the same.
    """

    code: str
    slug: str
    name: str
    maximum: str
    depth: int
    field_code: str
    leaf: Leaf | None
    method: tuple[str, ...] = ()
    guidance: str = ""
    evidence: tuple[str, ...] = ()
    groups: tuple[InputGroup, ...] = ()
    path: tuple[str, ...] = ()
    search: str = ""
    measured_by: str = ""
    is_manual: bool = False
    points_low: str = ""
    points_high: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """What stored declared data say: words, the computation, its points as text.

    Made once per data of a leaf; equal is only the same.

    points is None where the data make the criterion not applicable
    groups the inputs, filled
    """

    words: str = ""
    steps: tuple[str, ...] = ()
    points: str | None = ""
    groups: tuple[InputGroup, ...] = ()


NOTHING_DECLARED = Declared()


def criterion_texts(criteria_set):
    """``(CriterionText, …)`` of a set in the reader's language, in the set's order."""
    return _texts(criteria_set, get_language())


@lru_cache(maxsize=64)
def _texts_of_content(criteria_set, content, language):
    tree = tree_of(criteria_set).tree
    maxima = _maxima(tree)
    return tuple(_text(node, maxima, language) for node in tree.nodes)


def _texts(criteria_set, language):
    return _texts_of_content(criteria_set, criteria_set.content_hash, language)


def _maxima(tree):
    """The maximum of every branch, as the engine's derivation adds it up."""
    empty = derive(tree, AgencyScores(layers={}), View.SELF, RoundRules(), {})
    found, waiting = {}, list(empty.nodes)
    while waiting:
        node = waiting.pop()
        found[node.code] = node.max_points
        waiting += getattr(node, "children", ())
    return found


def _text(node, maxima, language):
    leaf = node if isinstance(node, Leaf) else None
    name = (node.name_en if language == "en" else "") or node.name_vi
    common = {
        "code": node.code,
        "slug": slug_of(node.code),
        "name": name,
        "path": node.path,
        "search": search_text(f"{node.code} {name}"),
        "depth": len(node.path),
        "field_code": node.path[0] if node.path else node.code,
        "leaf": leaf,
    }
    if leaf is None:
        maximum = "" if node.is_adjustments else show_points(maxima[node.code])
        return CriterionText(**common, maximum=maximum)
    fields = () if leaf.is_survey else leaf.rule.fields(leaf.parameters)
    return CriterionText(
        **common,
        maximum=show_points(leaf.max_points),
        method=tuple(map(say, leaf.rule.describe(leaf.parameters, leaf.max_points))),
        guidance=leaf.options.guidance,
        evidence=leaf.options.evidence,
        groups=tuple(_group(data_field, leaf.rule.key) for data_field in fields),
        measured_by=_survey_name(leaf) if leaf.is_survey else "",
        is_manual=not leaf.is_survey and not leaf.rule.computes,
        points_low=show_points(leaf.low),
        points_high=show_points(leaf.high),
    )


def slug_of(code):
    """A criterion's code as part of an id: letters, digits and hyphens only."""
    return "".join(sign if sign.isalnum() else "-" for sign in code)


def row_address(assessment, code):
    """Where a criterion stands in the file's score sheet, its row open."""
    return f"{assessment.get_absolute_url()}?open={code}#row-{slug_of(code)}"


def _survey_name(leaf):
    if leaf.kind == "satisfaction":
        return _("Measured by the satisfaction survey")
    return _("Measured by the sociological survey")


# Rules whose one label is only the name of what is counted.
COUNTED = frozenset({"count", "count_bands", "bonus_count", "penalty_count"})

# What other figures are measured in, where their labels do not say it.
UNITS = {
    "penalty_share": gettext_noop("points"),
    "zero_if_any": gettext_noop("cases"),
}


def _group(data_field, rule_key):
    name = f"d-{data_field.key}"
    label = label_words(data_field.label)
    if data_field.kind in ("option", "yes_no"):
        inputs = [_choice("radio", name, choice) for choice in data_field.choices]
    elif data_field.kind == "ticks":
        inputs = [_choice("tick", name, choice) for choice in data_field.choices]
        inputs.append(Input("tick", name, _("None of these"), "none"))
    elif data_field.kind == "counts":
        inputs = [_fault(name, choice) for choice in data_field.choices]
    else:
        label, unit = _named(rule_key, label)
        return InputGroup("", (Input("text", name, label, unit=unit),))
    return InputGroup(label, tuple(inputs))


def _named(rule_key, label):
    """Name and unit of a single figure, whose label may be but one of the two."""
    if rule_key == "formula":
        return label, ""  # begins with the variable's name as the formula has it
    if rule_key in COUNTED:
        return pgettext("how many", "Number"), label
    if rule_key == "external_index":
        return _("Index %(name)s") % {"name": label}, _("of 100")
    if not any(sign.isalpha() for sign in label):
        return _("Value"), label
    unit = _(UNITS[rule_key]) if rule_key in UNITS else ""
    return label[:1].upper() + label[1:], unit


def _fault(name, choice):
    """A line of faults: how many there were, and what each of them takes."""
    unit = _("times %(points)s points") % {"points": show_points(choice.points)}
    label = label_words(choice.label)
    return Input("text", f"{name}-{choice.value}", label, unit=unit)


def _choice(kind, name, choice):
    points = "" if choice.points is None else show_points(choice.points)
    return Input(
        kind, name, label_words(choice.label), choice_value(choice.value), points
    )


def choice_value(value):
    """How a choice's value stands in a form: true and false in letters."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


# --- what declared data say --------------------------------------------------------


def declared(criteria_set, text, data):
    """What stored declared data (canonical JSON) of a leaf say; read once per data."""
    return _declared(text, tree_of(criteria_set).tree.points_decimals, data)


@lru_cache(maxsize=20_000)
def _declared(text, points_decimals, data_text):
    leaf, data = text.leaf, read_object(data_text)
    points = compute(leaf, data, points_decimals)
    steps = working(leaf, data, points_decimals)
    return Declared(
        words=_in_short(declared_words(leaf, data_text)),
        steps=tuple(map(say, steps)),
        points=None if points is NOT_APPLICABLE else show_points(points),
        groups=filled(text.groups, _values(leaf, data)),
    )


def _in_short(pairs):
    """One answer speaks for itself; several stand with their labels."""
    if len(pairs) == 1 and not pairs[0][1][:1].isdigit():
        return pairs[0][1]
    return "; ".join(f"{label}: {value}" for label, value in pairs)


def filled(groups, values):
    """The inputs with ``values`` in them: ``{name: collection of texts}``."""
    return tuple(
        InputGroup(
            group.label,
            tuple(_filled(one, values.get(one.name, ())) for one in group.inputs),
        )
        for group in groups
    )


def _filled(one, given):
    if one.kind == "text":
        return replace(one, value=next(iter(given), ""))
    return replace(one, is_chosen=one.value in given)


def _values(leaf, data):
    values = {}
    for data_field in leaf.rule.fields(leaf.parameters):
        name, given = f"d-{data_field.key}", data.get(data_field.key)
        if data_field.kind in ("option", "yes_no"):
            values[name] = {choice_value(_plain(given))}
        elif data_field.kind == "ticks":
            values[name] = set(map(_plain, given)) or {"none"}
        elif data_field.kind == "counts":
            for place, number in enumerate(given, start=1):
                values[f"{name}-{place}"] = [for_input(number)]
        else:
            values[name] = [for_input(given)]
    return values


def _plain(value):
    return value if isinstance(value, bool) else shortest(Decimal(value))


def for_input(value):
    """A figure as it may be sent back: ``1.234`` would be asked about, ``1.2340`` not."""
    text = show_points(Decimal(value))
    _whole, dot, decimals = text.partition(".")
    return f"{text}0" if dot and len(decimals) == 3 else text
