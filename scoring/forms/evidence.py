"""A document that proves a score: its file or link, and how officials cite it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.actions import evidence
from scoring.refusals import Refused


class EvidenceForm(forms.Form):
    """One document for one criterion; the title is enough with a file or a link."""

    upload = forms.FileField(label=_("File"), required=False)
    link = forms.URLField(
        label=_("Or a link"), required=False, max_length=500, assume_scheme="https"
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=300)
    number = forms.CharField(label=_("Number"), required=False, max_length=100)
    issued_on = forms.DateField(
        label=_("Date"),
        required=False,
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.DateInput(
            format="%d/%m/%Y",
            attrs={"inputmode": "numeric", "placeholder": "15/12/2026"},
        ),
    )
    issuer = forms.CharField(label=_("Issuer"), required=False, max_length=200)
    section = forms.CharField(
        label=_("Section of the proof"), required=False, max_length=100
    )
    page = forms.CharField(label=_("Page"), required=False, max_length=30)

    refusal = None

    def attach(self, assessment, code, *, by):
        """Attach through the action; False when something was refused."""
        if not self.is_valid():
            return False
        document = dict(self.cleaned_data)
        upload = document.pop("upload")
        try:
            evidence.attach(assessment, code, document=document, upload=upload, by=by)
        except Refused as refusal:
            self.refusal = refusal
            self.add_error(None, str(refusal))
        return self.refusal is None

    @property
    def status(self):
        return self.refusal.status if self.refusal else 422
