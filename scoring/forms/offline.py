"""The confirmation of a workbook's preview: a choice for every conflict."""

from django import forms
from django.utils.translation import gettext_lazy as _

ONLINE = "online"
WORKBOOK = "workbook"
CHOICES = [
    (ONLINE, _("Keep what stands on-line")),
    (WORKBOOK, _("Take the workbook's")),
]


class ConfirmForm(forms.Form):
    """``rows``: those of the preview, in its order; conflicts bring a choice each."""

    def __init__(self, data=None, *, rows):
        super().__init__(data)
        self.rows = rows
        for place, row in enumerate(rows):
            if row.is_conflict:
                self.fields[f"choice-{place}"] = forms.ChoiceField(
                    label=row.code,
                    choices=CHOICES,
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Choose which value shall stand.")},
                )

    def choice(self, place):
        """The bound field of a row, None where there is nothing to choose."""
        name = f"choice-{place}"
        return self[name] if name in self.fields else None

    def wanted(self):
        """The changes that are to be saved, once the form is valid."""
        return [
            row.change()
            for place, row in enumerate(self.rows)
            if self.cleaned_data.get(f"choice-{place}", WORKBOOK) == WORKBOOK
        ]
