"""What a manager sends in: a workbook, then the confirmation of its preview."""

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.refusals import Refused

HOURS = 24


class WorkbookForm(forms.Form):
    workbook = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy("An Excel file (.xlsx) of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


def sealed(kind, round_, user, rows):
    """The rows of a preview, signed for this round and person: what is confirmed is
    what was shown, and nothing waits on a server."""
    return signing.dumps(
        {"round": round_.pk, "user": user.pk, "rows": rows},
        salt=_salt(kind),
        compress=True,
    )


def unsealed(text, kind, round_, user):
    """The rows that were previewed; Refused when they are not this person's."""
    try:
        content = signing.loads(text, salt=_salt(kind), max_age=HOURS * 3600)
    except signing.SignatureExpired as error:
        raise Refused(
            _("The preview is older than a day. Send the file again.")
        ) from error
    except signing.BadSignature as error:
        raise Refused(_("The preview cannot be read. Send the file again.")) from error
    if (content["round"], content["user"]) != (round_.pk, user.pk):
        raise Refused(_("The preview belongs to another round or person."))
    return content["rows"]


def _salt(kind):
    return f"scoring.imports.{kind}"
