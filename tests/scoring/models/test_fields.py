"""Exact figures: what the field stores, and what every path to it makes of a quarter."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, transaction
from django.db.models import Avg, Count, F, Max, Min, Sum, Value
from django.db.models.functions import Coalesce
from django.forms import modelform_factory
from django.utils import timezone, translation
from tablib import Dataset

from scoring.admin.sheets import FigureWidget, Sheet
from scoring.models import Cell, Criterion
from scoring.models.fields import FigureField, FigureFormField
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cells():
    """Three cells of 0.1, 0.2 and none."""
    world, by = World(agencies=3), UserFactory()
    leaf = world.set.criteria.get(code="1.3")
    for file, points in zip(world.files, ["0.1", "0.2", None], strict=True):
        Cell.objects.create(
            assessment=file,
            criterion=leaf,
            layer="self",
            points=None if points is None else Decimal(points),
            low_points=Decimal(0),
            high_points=Decimal(1),
            updated_at=timezone.now(),
            updated_by=by,
        )
    return Cell.objects.order_by("pk")


def test_the_database_holds_whole_ten_thousandths(cells):
    with connection.cursor() as cursor:
        cursor.execute("SELECT points FROM scoring_cell ORDER BY id")
        assert [points for (points,) in cursor.fetchall()] == [1000, 2000, None]


def test_sums_are_exact_and_what_would_not_be_is_refused(cells):
    found = cells.aggregate(
        total=Sum("points"), low=Min("points"), high=Max("points"), n=Count("points")
    )
    assert found == {
        "total": Decimal("0.3"),
        "low": Decimal("0.1"),
        "high": Decimal("0.2"),
        "n": 2,
    }
    with pytest.raises(FieldError):
        cells.aggregate(Avg("points"))


def test_update_lookups_and_coalesce_take_decimals(cells):
    assert cells.filter(points__gt=Decimal("0.1")).count() == 1
    assert cells.filter(points__in=[Decimal("0.10"), Decimal("0.2")]).count() == 2
    assert cells.filter(points=Decimal("0.1000")).count() == 1
    shown = cells.annotate(
        known=Coalesce("points", Value(Decimal("0.25"), output_field=FigureField()))
    )
    assert [cell.known for cell in shown] == [
        Decimal("0.1"),
        Decimal("0.2"),
        Decimal("0.25"),
    ]
    cells.update(points=Decimal("0.25"))
    assert {cell.points for cell in cells} == {Decimal("0.25")}
    cells.update(points=F("high_points"))
    assert {cell.points for cell in cells} == {Decimal(1)}


@pytest.mark.parametrize(
    "wrong", [0.25, True, "0.12345", Decimal("0.00001"), "NaN", "a"]
)
def test_what_is_not_exact_is_refused_never_cut(cells, wrong):
    cell = cells[0]
    cell.points = wrong
    with pytest.raises(ValidationError), transaction.atomic():
        cell.save()
    cell.refresh_from_db()
    assert cell.points == Decimal("0.1")


@pytest.mark.parametrize(("language", "text"), [("vi", "0,25"), ("en", "0.25")])
def test_model_forms_read_a_quarter_as_a_quarter(language, text):
    form_class = modelform_factory(Criterion, fields=["max_points"])
    assert isinstance(form_class.base_fields["max_points"], FigureFormField)
    with translation.override(language):
        form = form_class({"max_points": text})
        assert form.is_valid(), form.errors
    assert form.cleaned_data["max_points"] == Decimal("0.25")


@pytest.mark.parametrize("text", ["1.234", "0,12345", "x"])
def test_model_forms_ask_back(text):
    assert not modelform_factory(Criterion, fields=["max_points"])(
        {"max_points": text}
    ).is_valid()


def test_the_form_field_is_a_text_field_for_decimals():
    field = FigureField().formfield()
    assert isinstance(field.widget, forms.TextInput)
    assert field.widget.attrs["inputmode"] == "decimal"


class CriterionFigures(Sheet):
    class Meta:
        model = Criterion
        import_id_fields = ["code"]
        fields = ["code", "max_points"]


@pytest.mark.parametrize("value", ["0.25", "0,25", 0.25, Decimal("0.25")])
def test_import_export_reads_a_quarter_as_a_quarter(value):
    world = World(agencies=0)
    resource = CriterionFigures()
    assert isinstance(resource.fields["max_points"].widget, FigureWidget)

    result = resource.import_data(
        Dataset(("1.3", value), headers=["code", "max_points"]), raise_errors=True
    )
    assert result.totals["update"] == 1
    assert world.set.criteria.get(code="1.3").max_points == Decimal("0.25")
    exported = resource.export(world.set.criteria.filter(code="1.3"))
    assert exported["max_points"] == ["0.25"]


@pytest.mark.parametrize("value", ["0.12345", "x", "1.234", True])
def test_import_export_refuses_what_is_no_figure(value):
    World(agencies=0)
    result = CriterionFigures().import_data(
        Dataset(("1.3", value), headers=["code", "max_points"])
    )
    assert result.has_errors() or result.has_validation_errors()
