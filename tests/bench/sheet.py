"""The score sheet against one flat template that prints the same from dictionaries."""

import itertools
import re
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.template import Context, Engine
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scoring.labels import Layer
from scoring.models import Assessment, Cell, User
from scoring.queries import sheet_texts
from scoring.queries.sheets import sheet_of
from scoring.templatetags import sheets
from scoring.views.assessments import assessment_detail, sheet_words

from .clock import Result, in_words, medians

RUNS = 25

# The same cells and inputs as templates/scoring/assessments/, in one piece.
FLAT = """{% for row in rows %}{% if row.kind == "branch" %}<tbody class="branch-group">
<tr id="row-{{ row.slug }}" class="{{ row.classes }}"><td class="code">{{ row.code }}</td>
<th scope="row" class="cell-name">{{ row.name }}{% if row.is_field %}<button class="fold
screen-only" type="button" aria-expanded="true" hidden><span class="visually-hidden">
{{ words.fold }} {{ row.code }}</span></button>{% endif %}</th><td class="num
cell-maximum" data-label="{{ words.maximum }}">{{ row.maximum }}</td><td class="cell-rest"
colspan="4"></td></tr></tbody>
{% else %}<tbody class="row-group" id="group-{{ row.slug }}"><tr id="row-{{ row.slug }}"
class="sheet-row" data-marks="{{ row.marked }}"><td class="code">{{ row.code }}</td><th
scope="row" class="cell-name"><a class="row-toggle clamp-2"
href="?open={{ row.code }}#row-{{ row.slug }}" data-opens="detail-{{ row.slug }}"
title="{{ row.name }}">{{ row.name }}</a></th>
<td class="num cell-maximum" data-label="{{ words.maximum }}">{{ row.maximum }}</td>
{% if row.kind == "leaf" %}<td class="cell-data" data-label="{{ words.data }}"><span
class="clamp-2">{{ row.declared }}</span></td>
<td class="num layer-self cell-points" data-label="{{ words.points }}">{% if row.na %}
{{ words.na }}{% else %}<strong>{{ row.points }}</strong>{% endif %}</td>
<td class="cell-evidence" data-label="{{ words.evidence }}">{% for item in row.evidence %}
{{ item.title }}{% endfor %}</td><td class="cell-reason" data-label="{{ words.reason }}">
{{ row.reason }}</td></tr><tr class="is-detail" id="detail-{{ row.slug }}" hidden><td
colspan="7"><div class="row-detail"><div class="row-work"><div
id="remarks-{{ row.slug }}" class="row-remarks"></div><form id="form-{{ row.slug }}"
class="row-form" method="post"
action="{{ base }}cells/{{ row.code }}/" hx-post="{{ base }}cells/{{ row.code }}/"
hx-swap="none" hx-sync="this:queue last" data-many
data-warn-unsaved><input type="hidden" name="csrfmiddlewaretoken" value="{{ token }}">
<input type="hidden" name="version" id="version-{{ row.slug }}" value="{{ row.version }}">
<div class="row-inputs">{% for group in row.groups %}{% if group.label %}<fieldset
class="field choices"><legend>{{ group.label }}</legend>{% endif %}
{% for one in group.inputs %}{% if one.kind == "text" %}<div class="field"><label><span
class="input-name">{{ one.label }}</span><span class="unit-input"><input
name="{{ one.name }}" inputmode="decimal" autocomplete="off" class="input-points"
value="{{ one.value }}">{% if one.unit %}<span class="unit">{{ one.unit }}</span>
{% endif %}</span></label></div>{% else %}<label><input type="{{ one.type }}"
name="{{ one.name }}" value="{{ one.value }}"{% if one.is_chosen %} checked{% endif %}>
<span>{{ one.label }}{% if one.points %} <span class="option-points">{{ one.points }}
{{ words.unit }}</span>{% endif %}</span></label>{% endif %}{% endfor %}
{% if group.label %}</fieldset>{% endif %}{% endfor %}</div><div
id="preview-{{ row.slug }}" class="row-preview" aria-live="polite"></div><div
class="row-more">{% if row.override %}<div class="field"><label><span
class="input-name">{{ words.override }}</span><input
name="points" inputmode="decimal" autocomplete="off" class="input-points"
value="{{ row.given }}"></label></div>{% endif %}{% if row.na_allowed %}<div
class="field choices"><label><input type="checkbox" name="na" value="1">
{{ words.propose }}</label></div>{% endif %}</div><div class="field"><label><span
class="input-name">{{ words.reason }}</span><textarea name="reason" rows="2">
{{ row.reason }}</textarea></label>
</div><p class="page-actions"><button class="btn btn-sm btn-primary" type="submit">
{{ words.save }}</button><button class="btn btn-sm btn-quiet" type="submit" name="clear"
value="1">{{ words.clear }}</button></p></form><div id="outcome-{{ row.slug }}"
class="row-outcome" aria-live="polite"><p class="save-state is-saved">{{ row.saved }}</p>
<ul class="row-steps">{% for step in row.steps %}<li>{{ step }}</li>{% endfor %}</ul>
</div></div><div class="row-rule"><h2 class="h3">{{ words.method }}</h2><ul
class="row-method">{% for line in row.method %}<li>{{ line }}</li>{% endfor %}</ul>
<div id="beside-{{ row.slug }}" class="row-beside"
data-beside="{{ base }}cells/{{ row.code }}/beside/"></div></div><div class="row-proof">
<div id="evidence-{{ row.slug }}" class="row-evidence"
data-upload-to="{{ base }}evidence/{{ row.code }}/"><h2 class="h3">{{ words.evidence }}
</h2><p class="muted">{{ words.no_evidence }}</p><div id="work-{{ row.slug }}"
class="evidence-work"></div><p><a class="btn btn-sm btn-secondary"
href="{{ base }}evidence/{{ row.code }}/" hx-get="{{ base }}evidence/{{ row.code }}/"
hx-target="#work-{{ row.slug }}">{{ words.attach }}</a></p>
</div></div></div></td></tr>
{% else %}<td colspan="4" class="layer-survey cell-rest">{{ row.measured_by }}</td></tr>
{% endif %}</tbody>{% endif %}{% endfor %}"""


def measure(city):
    template = Engine().from_string(FLAT)
    files = city.files[: RUNS + 1]
    pages = [_dictionaries(file) for file in files]
    statements = _statements(city, files[-1])
    _require_same_cells(city, files[-1], template.render(Context(pages[-1])))

    again, flat = medians(
        _saved_and_shown(city), _flat(template, pages[:1], statements), runs=RUNS
    )
    yield Result(
        "score_sheet",
        again / flat,
        at_most=1.5,
        note=f"{in_words(again)} after a save, {in_words(flat)} of a flat template",
    )
    _forget_prints()
    first, flat = medians(
        _shown_first(city, files), _flat(template, pages, statements), runs=RUNS
    )
    yield Result(
        "score_sheet_first",
        first / flat,
        at_most=1.5,
        note=f"{in_words(first)} never shown before, {in_words(flat)} of a template",
    )
    large, small = _queries(city), _queries(city.small)
    yield Result(
        "score_sheet_queries",
        large,
        at_most=10,
        note=f"{large} queries with sign-in for 90 criteria, {small} for 10",
    )


# --- ours -------------------------------------------------------------------------------


def _show(city, file):
    """The page as its view makes it, for a request that knows nobody's roles yet."""
    request = RequestFactory().get(file.get_absolute_url())
    request.user = User.objects.get(username=f"{city.round.year}-{file.agency.code}")
    request.session = {}
    answer = assessment_detail(request, city.round.year, file.agency.code)
    if b"score-sheet" not in answer.content:
        raise RuntimeError("the score sheet was not shown")
    return answer.content.decode()


def _shown_first(city, files):
    """A sheet that this process has not printed before, each time."""
    # The last one warms up: what belongs to the set is laid out by then.
    order = itertools.chain([files[-1]], files[:-1])
    return lambda: _show(city, next(order))


def _saved_and_shown(city):
    """The officer's own sheet again, after one criterion has been saved."""
    cell = Cell.objects.get(
        assessment=city.file, criterion__code="1.2", layer=Layer.SELF
    )
    points = itertools.cycle([Decimal("0.25"), Decimal("0.5")])

    def work():
        Cell.objects.filter(pk=cell.pk).update(
            points=next(points), updated_at=timezone.now()
        )
        return _show(city, city.file)

    return work


def _forget_prints():
    """Of what was printed for the dictionaries nothing may be of help."""
    sheets._layouts.cache_clear()
    sheet_texts._declared.cache_clear()


def _queries(city):
    """Of a whole request: session and account are asked for, too."""
    client = Client()
    client.force_login(city.officer, backend=settings.AUTHENTICATION_BACKENDS[-1])
    address = city.file.get_absolute_url()
    if b"score-sheet" not in client.get(address).content:
        raise RuntimeError("the score sheet was not shown to its officer")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


# --- theirs -----------------------------------------------------------------------------


def _flat(template, pages, statements):
    """The same statements, fetched as they come, then the template alone."""
    order = itertools.cycle(pages)

    def work():
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()
        return template.render(Context(next(order)))

    return work


def _statements(city, file):
    found = []

    def note(execute, sql, params, many, context):
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        _show(city, file)
    return found


def _dictionaries(file):
    """All that the sheet prints of a file, as plain dictionaries and lists."""
    file = Assessment.objects.select_related(
        "round", "agency", "group__criteria_set"
    ).get(pk=file.pk)
    return {
        "base": file.get_absolute_url(),
        "token": "x" * 64,
        "words": {key: str(value) for key, value in sheet_words().items()},
        "rows": [_dictionary(row) for row in sheet_of(file).rows],
    }


def _dictionary(row):
    text = row.text
    options = text.leaf.options if text.leaf else None
    return {
        "kind": row.kind,
        "slug": text.slug,
        "classes": "is-criterion" if text.depth else "is-field",
        "is_field": not text.depth,
        "marked": row.marked,
        "code": text.code,
        "name": text.name,
        "maximum": text.maximum,
        "declared": row.declared.words,
        "points": row.points,
        "na": bool(row.not_applicable),
        "evidence": [],
        "reason": row.reason,
        "version": row.version,
        "groups": [_group(group) for group in row.groups],
        "override": bool(options) and options.override_allowed,
        "given": row.given,
        "na_allowed": bool(options) and options.na_allowed,
        "saved": row.saved,
        "steps": list(row.declared.steps),
        "method": list(text.method),
        "measured_by": text.measured_by,
    }


def _group(group):
    return {
        "label": group.label,
        "inputs": [
            {
                "kind": one.kind,
                "type": "radio" if one.kind == "radio" else "checkbox",
                "name": one.name,
                "label": one.label,
                "value": one.value,
                "points": one.points,
                "unit": one.unit,
                "is_chosen": one.is_chosen,
            }
            for one in group.inputs
        ],
    }


def _require_same_cells(city, file, flat):
    """Both print as many rows, cells and inputs, or the comparison says nothing."""
    page = _show(city, file)
    table = page[page.index("score-sheet") : page.index("</table>")]
    table = table[table.index("</thead>") :]
    for tag in ("<tr", "<td", "<th", "<input", "<textarea", "<form", "<li"):
        own, plain = (len(re.findall(f"{tag}[ >\n]", text)) for text in (table, flat))
        if own != plain:
            raise RuntimeError(f"{tag}: {own} on the page, {plain} in the flat one")
