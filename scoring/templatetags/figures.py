"""Figures and the engine's sentences in the reader's language (scoring/wording.py).

Pages print what the engine computed and never calculate: there is no filter here
that adds, multiplies or rounds anything but for showing.
"""

from django import template
from django.utils import timezone

from scoring import wording

register = template.Library()

register.filter("points", wording.show_points)
register.filter("say", wording.say)


@register.filter
def fixed(value, places=2):
    """``{{ totals.index|fixed }}``: two decimals, as an index is published."""
    return wording.show_fixed(value, places)


@register.filter
def difference(value):
    """``{{ row.change|difference }}``: signed, two decimals, nothing is ``0``."""
    return wording.show_difference(value)


@register.filter
def time_left(ends_at):
    """``{{ phase.ends_at|time_left }}``: "2 days 3 hours"."""
    return wording.show_time_left(ends_at, timezone.now())
