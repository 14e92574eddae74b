"""How figures and times are written for people, in both languages."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone, translation

from scoring.index.sentences import say as sentence
from scoring.wording import (
    say,
    show_difference,
    show_fixed,
    show_points,
    show_time_left,
)


@pytest.mark.parametrize(
    ("shown", "vietnamese", "english"),
    [
        (lambda: show_points(Decimal("1.2500")), "1,25", "1.25"),
        (lambda: show_points(Decimal("0.0000")), "0", "0"),
        (lambda: show_points(Decimal("-0.5")), "−0,5", "−0.5"),
        (lambda: show_points(None), "—", "—"),
        (lambda: show_fixed(Fraction(189115, 2000)), "94,56", "94.56"),
        (lambda: show_fixed(Decimal(0)), "0,00", "0.00"),
        (lambda: show_difference(Decimal("-0.25")), "−0,25", "−0.25"),
        (lambda: show_difference(Decimal("0.125")), "+0,13", "+0.13"),
        (lambda: show_difference(Decimal(0)), "0", "0"),
        (lambda: show_difference(None), "—", "—"),
    ],
)
def test_figures(shown, vietnamese, english):
    with translation.override("vi"):
        assert shown() == vietnamese
    with translation.override("en"):
        assert shown() == english


def test_a_sentence_s_figures_follow_the_reader():
    saying = sentence("%(a)s of %(b)s", a=Decimal("1.50"), b=Fraction(1, 3))

    with translation.override("vi"):
        assert say(saying) == "1,5 of 1/3"


@pytest.mark.parametrize(
    ("left", "english"),
    [
        (timedelta(days=2, hours=3, minutes=59), "2 days 3 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=1, minutes=1), "1 hour 1 minute"),
        (timedelta(seconds=59), "0 minutes"),
        (timedelta(seconds=-1), "0 minutes"),
    ],
)
def test_time_left(left, english):
    now = timezone.now()

    with translation.override("en"):
        assert show_time_left(now + left, now) == english
