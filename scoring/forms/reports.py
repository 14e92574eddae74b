"""What an agency writes into its report, its signed scan, and the city's templates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.actions import reports
from scoring.forms.evidence import RefusableForm, day_field
from scoring.refusals import ManyRefused

LONGEST_TEXT = 20000


class ReportForm(RefusableForm):
    """The words of the report; a stored one fills it, ``version`` is what it began from."""

    difficulties = forms.CharField(
        label=_("Difficulties and obstacles"),
        help_text=_("Each line becomes a paragraph of the report."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    proposals = forms.CharField(
        label=_("Proposals and requests"),
        help_text=_("Each line becomes a paragraph of the report."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    number = forms.CharField(
        label=_("Number and symbol of the report"),
        help_text=_("For example 45/BC-UBND; left blank, a gap is printed for it."),
        required=False,
        max_length=60,
    )
    place = forms.CharField(label=_("Place of issue"), required=False, max_length=60)
    dated_on = day_field(_("Date of the report"))
    signer_post = forms.CharField(
        label=_("Post of the signatory"), required=False, max_length=120
    )
    signer_name = forms.CharField(
        label=_("Full name of the signatory"), required=False, max_length=120
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def of(cls, report):
        """The form as it stands for a stored report, or for none yet."""
        initial = {"version": report.version if report else 0}
        for name in reports.TEXTS:
            initial[name] = getattr(report, name, None)
        return cls(initial=initial)

    def write(self, assessment, *, by):
        return self.done(lambda given: self._write(assessment, dict(given), by))

    def _write(self, assessment, texts, by):
        version = texts.pop("version")
        return reports.write(assessment, texts, version=version, by=by)


class UploadForm(forms.Form):
    """One file."""

    upload = forms.FileField(label=_("File"))


class ScanForm(UploadForm):
    upload = forms.FileField(
        label=_("Scan of the signed report"),
        help_text=_("PDF or pictures (PNG, JPEG)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )


class TemplateForm(RefusableForm, UploadForm):
    """A template; ``faults``: the sentences of all that is wrong in a refused one."""

    upload = forms.FileField(
        label=_("Template (.docx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    faults = ()

    def receive(self, act):
        """Have ``act(upload)`` check and keep it; None when it was refused."""
        return self.done(lambda given: act(given["upload"]))

    def tell(self, refusal):
        """Faults are a list of their own on the page; else it is said as in any form."""
        if isinstance(refusal, ManyRefused):
            self.faults = [str(fault) for fault in refusal.errors]
        else:
            super().tell(refusal)
