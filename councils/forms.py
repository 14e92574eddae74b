"""What people enter about a Council; the rules themselves stand in actions/."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.actions.meetings import conclusion_digest
from councils.labels import Post
from scoring.models import RoundGroup, User


class EstablishForm(forms.Form):
    decision = forms.CharField(
        label=_("Decision on the Council"),
        help_text=_("Number, date and issuer of the decision."),
        max_length=300,
    )


class AppointForm(forms.Form):
    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    post = forms.ChoiceField(
        label=_("Post in the Council"), choices=Post.choices, initial=Post.MEMBER
    )
    is_voting = forms.BooleanField(label=_("Has a vote"), required=False, initial=True)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["user"].queryset = User.objects.filter(is_active=True).order_by(
            "full_name", "username"
        )


class MeetingPlanForm(forms.Form):
    held_at = forms.DateTimeField(
        label=_("Date and time"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups to decide on"),
        queryset=RoundGroup.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, open_groups, **options):
        super().__init__(*args, **options)
        self.fields["groups"].queryset = open_groups
        self.fields["groups"].label_from_instance = lambda group: group.name
        self.fields["groups"].initial = open_groups

    def clean_held_at(self):
        held_at = self.cleaned_data["held_at"]
        if held_at < timezone.now() - timedelta(days=365):
            raise forms.ValidationError(_("This moment lies more than a year back."))
        return held_at


class ConclusionForm(forms.Form):
    """``seen`` tells on which text the chair wrote."""

    text = forms.CharField(
        label=_("Text of the conclusion"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    @classmethod
    def of(cls, meeting):
        return cls(
            initial={
                "text": meeting.conclusion,
                "seen": conclusion_digest(meeting.conclusion),
            }
        )
