"""Steps of an agency's file that need words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.actions import assessments
from scoring.forms.evidence import RefusableForm


class HandBackForm(RefusableForm):
    """What the officer shall complete; blank where remarks at single criteria say it."""

    reason = forms.CharField(
        label=_("What is to be completed"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def hand_back(self, assessment, *, by):
        return self.done(
            lambda said: assessments.hand_back(assessment, by=by, reason=said["reason"])
        )


class WithdrawForm(RefusableForm):
    """Why a locked file is taken back before the deadline."""

    reason = forms.CharField(
        label=_("Reason for withdrawing"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def withdraw(self, assessment, *, by):
        return self.done(
            lambda said: assessments.withdraw(assessment, by=by, reason=said["reason"])
        )
