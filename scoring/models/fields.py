"""Exact figures in the database: whole ten-thousandths, Decimals in Python.

SQLite keeps decimals as REAL, where a rank over sums breaks most ties while
every displayed sum looks right; whole numbers do not.
"""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.aggregates import Aggregate
from django.utils.translation import gettext_lazy as _

from scoring.index.figures import from_units, to_units
from scoring.numbers import DoubtfulNumber, read_number


class FigureFormField(forms.CharField):
    """Reads ``1,5`` and ``1.5``; asks back about ``1.234``; shows the local form."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options):
        for unused in ("min_value", "max_value", "localize"):
            options.pop(unused, None)
        super().__init__(**options)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return read_number(str(value))
        except DoubtfulNumber as doubt:
            raise ValidationError(str(doubt), code="doubtful") from None
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from None


class FigureField(models.Field):
    """A figure with at most four decimals (points or percent).

    Not an integer field, so that nothing takes its stored form for its value:
    arithmetic by F() is refused, and of the aggregates only those that stay
    exact (Sum, Min, Max, Count) are read.
    """

    description = _("Exact figure with at most four decimals")
    empty_strings_allowed = False

    def get_internal_type(self):
        # Own name on purpose: under "BigIntegerField" django-import-export
        # would choose its integer widget and store "0.25" as 0.
        return "FigureField"

    def db_type(self, connection):
        return connection.data_types["BigIntegerField"]

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return self._checked(value)
        if isinstance(value, bool | float):
            raise self._invalid(value)
        try:
            return self._checked(Decimal(value))
        except (InvalidOperation, TypeError, ValueError):
            raise self._invalid(value) from None

    def _checked(self, value):
        if value is None:
            return None
        if not value.is_finite():
            raise self._invalid(value)
        try:
            to_units(value)
        except ValueError:
            raise ValidationError(
                _("%(value)s has more than four decimals."),
                code="decimals",
                params={"value": value},
            ) from None
        return value

    def _invalid(self, value):
        return ValidationError(
            _("“%(value)s” is not a number."), code="invalid", params={"value": value}
        )

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return to_units(self.to_python(value))

    def from_db_value(self, value, expression, connection):
        if isinstance(expression, Aggregate) and expression.function not in {
            "SUM",
            "MIN",
            "MAX",
        }:
            raise FieldError(f"{expression.function} of exact figures is not exact")
        return None if value is None else from_units(int(value))

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return "" if value is None else format(value, "f")

    def formfield(self, **options):
        return super().formfield(**{"form_class": FigureFormField, **options})
