"""What a manager enters to remind agencies: whom, and the words."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.labels import RoleName
from scoring.queries.reminders import (
    STATES,
    Choice,
    placeholders,
    role_choices,
    unknown_placeholders,
)


class ReminderForm(forms.Form):
    """``groups``: RoundGroup rows of the round; none ticked means all."""

    states = forms.MultipleChoiceField(
        label=gettext_lazy("Files that are"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(state.value, state.label) for state in STATES],
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("In the groups"),
        help_text=gettext_lazy("None ticked: all groups."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("To"),
        widget=forms.CheckboxSelectMultiple,
        choices=role_choices,
        initial=[RoleName.OFFICER, RoleName.LEADER],
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text of the mail"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, data=None, *, groups, initial=None):
        super().__init__(data, initial=initial)
        self.fields["groups"].choices = [
            (group.group.code, group.name) for group in groups
        ]

    def clean_subject(self):
        return _without_unknown(self.cleaned_data["subject"])

    def clean_text(self):
        return _without_unknown(self.cleaned_data["text"].replace("\r\n", "\n"))

    def choice(self):
        """The Choice of a valid form."""
        return Choice(
            *(
                frozenset(self.cleaned_data[name])
                for name in ("states", "groups", "roles")
            )
        )


def _without_unknown(text):
    if unknown := unknown_placeholders(text):
        raise forms.ValidationError(
            _(
                "There is no placeholder %(unknown)s. Possible are: %(known)s; leave "
                "braces out otherwise."
            )
            % {
                "unknown": ", ".join(unknown),
                "known": ", ".join(name for name, __ in placeholders()),
            }
        )
    return text


class UptoForm(forms.Form):
    """The newest notice that stood on the page."""

    upto = forms.IntegerField(min_value=0, max_value=2**63 - 1)
