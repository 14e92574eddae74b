"""The own sheet as a workbook: open where it may be filled, the engine's figures live."""

import io
import json
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.utils import translation

from scoring.exchange.sheet_workbook import sheet_workbook
from scoring.index.cells import compute
from scoring.index.outcomes import NOT_APPLICABLE
from scoring.index.rules import RULES
from scoring.models import Exemption
from scoring.queries.criteria import tree_of
from scoring.queries.sheets import sheet_of
from tests.factories import World
from tests.random_rules import RandomRules
from tests.scoring.exchange.sheet_forms import (
    Form,
    codes_of,
    declare,
    fresh,
    handed_out,
    save,
    world_of,
)
from tests.scoring.index.examples import EXAMPLES
from tests.tools.office import recalculated

pytestmark = pytest.mark.django_db

SURVEYS = ("sociological", "satisfaction")
FIGURES = [example for example in EXAMPLES if example[0] not in SURVEYS]
RANDOM = [rule for rule in RULES if rule not in (*SURVEYS, "manual")]


def filled_world(examples):
    """Every example declared on-line; what the rule refuses is left blank."""
    world = world_of([(rule, params, most) for rule, params, most, *__ in examples])
    codes = codes_of([(rule, params, most) for rule, params, most, *__ in examples])
    data = {code: example[3] for code, example in zip(codes, examples, strict=True)}
    declare(world, world.officer(), data)
    return world, data


def random_examples(seed):
    draw = RandomRules(seed)
    for rule in RANDOM:
        for __ in range(3):
            most = draw.decimal("0.5", 5, 2)
            if rule.startswith("penalty"):
                most = -most
            parameters = draw.parameters(rule, most)
            yield rule, parameters, str(most), draw.declared(rule, parameters)


def shown(cell):
    """A figure as the engine has it; "" for nothing, a word as it is."""
    value = cell.value
    if value is None:
        return ""
    return value if isinstance(value, str) else Decimal(format(value, ".15g"))


def engine_s(world, code, data):
    set_tree = tree_of(fresh(world).group.criteria_set)
    plain = json.loads(json.dumps(data), parse_float=Decimal)
    points = compute(set_tree.leaf(code), plain, set_tree.tree.points_decimals)
    return "N/A" if points is NOT_APPLICABLE else points


def in_english(world):
    with translation.override("en"):
        return handed_out(world)


def assert_engine_s_figures(world, data, content):
    form = Form(content, data_only=True)
    for code, one in data.items():
        expected = engine_s(world, code, one)
        for what in ("computed", "points"):
            assert shown(form.cell(code, what)) == expected, (code, what, one)


def test_the_examples_have_every_rule_that_computes():
    assert {rule for rule, *__ in FIGURES} == set(RANDOM)


def test_cached_points_are_the_engine_s_and_every_rule_has_its_formula():
    world, data = filled_world(FIGURES)
    content = in_english(world)

    assert_engine_s_figures(world, data, content)
    form = Form(content)
    for code in data:
        assert str(form.cell(code, "computed").value).startswith("=IF(COUNTA("), code


@pytest.mark.office
def test_recalculated_in_libreoffice_every_example_keeps_the_engine_s_points(tmp_path):
    world, data = filled_world(FIGURES)

    assert_engine_s_figures(world, data, recalculated(in_english(world), tmp_path))


@pytest.mark.office
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_recalculated_in_libreoffice_random_rules_and_data_keep_them(tmp_path, seed):
    world, data = filled_world(list(random_examples(seed)))

    assert_engine_s_figures(world, data, recalculated(in_english(world), tmp_path))


def totals_of(content):
    """The figures below the criteria, in their order."""
    form = Form(content, data_only=True)
    below = max(form.rows.values()) + 1
    column = form.cell(*next(iter(first_leaf(form))), "points").column
    values = [
        form.sheet.cell(row, column) for row in range(below, form.sheet.max_row + 1)
    ]
    return [shown(cell) for cell in values if cell.value is not None]


def first_leaf(form):
    return [
        (key.removeprefix("leaf:"),) for key in form.rows if key.startswith("leaf:")
    ]


def world_with_everything():
    """Points given, computed, N/A proposed and yielded, an exemption, a ceiling hit."""
    world = World(agencies=1)
    by = world.officer()
    declare(world, by, {"1.1": {"option": 2}, "9.1": {"count": 3}, "9.2": {"count": 1}})
    save(world, by, "1.3", points=Decimal("0.6667"), reason="theo hồ sơ")
    save(world, by, "1.2", not_applicable="proposed", reason="không có hồ sơ")
    return world


@pytest.mark.office
def test_totals_are_the_engine_s_cached_and_recalculated(tmp_path):
    world = world_with_everything()
    content = in_english(world)
    now = sheet_of(fresh(world)).totals.now
    expected = [
        now.appraised_points,
        now.appraised_max,
        now.bonus_points,
        now.penalty_points,
    ]

    for one in (content, recalculated(content, tmp_path)):
        *sums, index = totals_of(one)
        assert sums == expected
        assert round(index, 2) == now.index_2
    assert expected == [Decimal("1.6667"), 6, 1, Decimal("-0.5")]


@pytest.mark.office
def test_what_does_not_apply_leaves_the_maximum_live_as_well(tmp_path):
    world = World(agencies=1)
    declare(world, world.officer(), {"1.2": {"numerator": 0, "denominator": 0}})
    file = fresh(world)
    criterion = tree_of(file.group.criteria_set).ids["1.3"]
    Exemption.objects.create(assessment=file, criterion_id=criterion, document="QĐ 1")
    content = in_english(world)

    for one in (content, recalculated(content, tmp_path)):
        points, maximum, *__ = totals_of(one)
        assert (points, maximum) == (0, 2)
    form = Form(content)
    assert shown(Form(content, data_only=True).cell("1.2", "points")) == "N/A"
    assert "leaf:1.3" not in form.rows
    assert "leaf:2.1" not in form.rows


def test_only_what_an_agency_fills_is_open():
    rules = [
        ("choice", {"options": [{"label": "a", "points": 1}]}, "1"),
        ("choice", {"options": [{"label": "a", "points": 1}], "na_allowed": True}, "1"),
        (
            "count",
            {"unit": "x", "per_unit": 1, "ceiling": 1, "override_allowed": False},
            "1",
        ),
        ("manual", {"override_allowed": False}, "1"),
    ]
    form = Form(handed_out(world_of(rules)))
    opened = {
        cell.coordinate
        for row in form.sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }

    reasons = {form.cell(f"1.{n}", "reason").coordinate for n in (1, 2, 3, 4)}
    values = {
        form.cell("1.1", "value", "option").coordinate,
        form.cell("1.2", "value", "option").coordinate,
        form.cell("1.3", "value", "count").coordinate,
    }
    # Points beside the rule's where they are allowed; by judgement there is no other way.
    given = {form.cell(f"1.{n}", "given").coordinate for n in (1, 2, 4)}
    assert opened == reasons | values | given | {
        form.cell("1.2", "proposal").coordinate
    }
    assert form.sheet.protection.sheet
    assert form.sheet.protection.password is None
    assert form.book.security.lockStructure
    assert [sheet.sheet_state for sheet in form.book] == ["visible", "hidden", "hidden"]
    assert all(sheet.protection.sheet for sheet in form.book)


def validations(form):
    return {str(one.sqref): one for one in form.sheet.data_validations.dataValidation}


def test_inputs_have_drop_downs_and_bounds():
    form = Form(in_english(World(agencies=1)))
    found = validations(form)

    option = found[form.cell("1.1", "value", "option").coordinate]
    assert (option.type, option.formula1) == (
        "list",
        "'_lists'!$A$1:$A$3",
    )
    lists = form.book["_lists"]
    assert [(row[0].value, row[1].value) for row in lists["A1:B3"]] == [
        ("1. Kịp thời (2 points)", 2),
        ("2. Chậm (1 points)", 1),
        ("3. Không (0 points)", 0),
    ]
    share = found[form.cell("1.2", "value", "numerator").coordinate]
    assert (share.type, share.operator, share.formula1) == (
        "decimal",
        "greaterThanOrEqual",
        "0",
    )
    given = found[form.cell("9.2", "given").coordinate]
    assert (given.formula1, given.formula2) == ("-1", "0")
    assert found[form.cell("1.2", "proposal").coordinate].formula1 == '"N/A"'
    assert form.cell("1.1", "proposal").coordinate not in found


def test_a_note_tells_how_points_are_computed_and_what_evidence_is_asked():
    parameters = {
        "yes": 1,
        "no": 0,
        "evidence": ["Quyết định ban hành"],
        "guidance": "Tính đến ngày 31/12.",
    }
    form = Form(in_english(world_of([("yes_no", parameters, "1")])))
    note = form.sheet.cell(form.rows["leaf:1.1"], 2).comment.text

    for words in ("Yes: 1 points", "Quyết định ban hành", "Tính đến ngày 31/12."):
        assert words in note


def texts(form):
    return "\n".join(
        str(cell.value)
        for row in form.sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


@pytest.mark.parametrize("is_simulated", [True, False])
def test_simulated_data_say_so_on_the_page_and_in_print(is_simulated):
    form = Form(in_english(World(agencies=1, is_simulated=is_simulated)))

    assert ("SIMULATED DATA" in texts(form)) is is_simulated
    header = form.sheet.oddHeader.center.text or ""
    assert ("SIMULATED DATA" in header) is is_simulated
    assert "not an official text" in texts(form)


def test_the_page_is_laid_for_print_with_its_heads_in_sight():
    sheet = Form(handed_out(World(agencies=1))).sheet

    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    # One page wide (which need not be said), as many high as it takes.
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows
    # Frozen below the heads; their hidden row of marks is among them.
    assert sheet.freeze_panes.startswith("C")
    assert sheet.row_dimensions[int(sheet.freeze_panes[1:]) - 1].hidden


def test_heads_and_words_are_in_the_reader_s_language():
    world = World(agencies=1)
    with translation.override("vi"):
        vietnamese = texts(Form(sheet_workbook(fresh(world))))

    assert "Điểm tối đa" in vietnamese
    assert "Maximum points" in texts(Form(in_english(world)))


def test_stored_text_never_becomes_a_formula():
    world = World(agencies=1)
    save(world, world.officer(), "1.3", points=Decimal(1), reason="=1+1\r\n@x")
    form = Form(handed_out(world))

    cell = form.cell("1.3", "reason")
    assert (cell.value, cell.data_type) == ("=1+1\n@x", "s")
    assert cell.quotePrefix


def test_figures_beyond_what_a_spreadsheet_holds_travel_as_text():
    world = World(agencies=1)
    long = "1234567890123456789.25"
    declare(world, world.officer(), {"1.2": {"numerator": 1, "denominator": long}})
    form = Form(handed_out(world))

    assert form.cell("1.2", "value", "denominator").value == long
    assert form.cell("1.2", "value", "numerator").value == 1


@pytest.mark.parametrize("files", [1, 3])
def test_a_workbook_asks_the_database_a_fixed_number_of_times(
    files, django_assert_num_queries
):
    world = World(agencies=files)
    by = world.officer()
    declare(world, by, {code: {"count": 1} for code in ("9.1", "9.2")[:files]})
    file = fresh(world)
    handed_out(world)

    with django_assert_num_queries(6):
        sheet_workbook(file)


def test_the_structure_s_protection_stands_where_the_schema_wants_it():
    with ZipFile(io.BytesIO(handed_out(World(agencies=1)))) as members:
        xml = members.read("xl/workbook.xml").decode()

    assert xml.index("<workbookPr") < xml.index("<workbookProtection")
    assert xml.index("<workbookProtection") < xml.index("<bookViews")
