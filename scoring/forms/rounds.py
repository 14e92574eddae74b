"""What a manager enters to extend a deadline or to return a file for completion."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class DeadlineForm(forms.Form):
    """A new deadline for one agency, with reason and document.

    present  the deadline that the new one must pass; None: any in the future
    """

    until = forms.DateTimeField(
        label=gettext_lazy("New deadline"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(
        label=gettext_lazy("Document"),
        help_text=gettext_lazy("Number, date and issuer of the document."),
        max_length=200,
    )

    def __init__(self, data=None, *, present=None):
        self.present = present
        super().__init__(data)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("The new deadline must lie in the future."))
        if self.present and until <= self.present:
            raise forms.ValidationError(
                _("The new deadline must lie in the future and after %(present)s.")
                % {"present": date_format(localtime(self.present), "DATETIME_FORMAT")}
            )
        return until
