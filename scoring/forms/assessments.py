"""Steps of an agency's file that need words."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HandBackForm(forms.Form):
    """What the officer shall complete; the action refuses a blank remark."""

    reason = forms.CharField(
        label=_("What is to be completed"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
