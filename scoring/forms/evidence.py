"""Evidence: files and links that are brought, and how officials cite them.

Bringing a document never asks for its details: they are filled in afterwards, and the
title is the file's name until somebody writes a better one.
"""

from datetime import date
from pathlib import PurePath

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from scoring.actions import evidence
from scoring.queries.evidence_library import links_of
from scoring.refusals import Conflict, Refused

DAYS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]


def day_field(label, **options):
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DAYS,
        widget=forms.DateInput(
            format="%d/%m/%Y",
            attrs={"inputmode": "numeric", "placeholder": "15/12/2026"},
        ),
        error_messages={"invalid": _("Write the day as 15/12/2026.")},
        **options,
    )


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, each judged for itself by the action; a list, maybe empty."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


class RefusableForm(forms.Form):
    """A form whose act may be refused: the sentence then stands with its errors."""

    refusal = None

    def done(self, act):
        """Run ``act`` when the form is valid; its result, None when refused."""
        if not self.is_valid():
            return None
        try:
            return act(self.cleaned_data)
        except Refused as refusal:
            self.refusal = refusal
            self.tell(refusal)
            return None

    def tell(self, refusal):
        """Put the sentence where the page shows it."""
        self.add_error(None, str(refusal))

    @property
    def status(self):
        return self.refusal.status if self.refusal else 422

    @property
    def sentences(self):
        """Why nothing was stored, each naming its field."""
        return [
            error if name == NON_FIELD_ERRORS else f"{label}: {error}"
            for name, errors in self.errors.items()
            for label in [self.fields[name].label if name in self.fields else ""]
            for error in errors
        ]


class FilesForm(forms.Form):
    """Files for a criterion, or for the library alone. Each is stored or refused for
    itself: ``stored`` holds (document, is new), ``refusals`` what was refused."""

    upload = ManyFilesField(label=_("Files"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored, self.refusals = [], []

    @classmethod
    def of(cls, request):
        """Of what a request brings; a form without files too when it was sent."""
        return cls(request.POST, request.FILES) if request.method == "POST" else cls()

    def store(self, assessment, code="", *, by):
        """Store each file; False when something was refused or nothing was chosen."""
        if not self.is_valid():
            return False
        if not self.cleaned_data["upload"]:
            self.refusals.append(Refused(_("No file was chosen.")))
        for upload in self.cleaned_data["upload"]:
            self._store_one(assessment, code, upload, by)
        return not self.refusals

    def _store_one(self, assessment, code, upload, by):
        at = timezone.now()
        details = {"title": title_of(upload.name)}
        try:
            document = evidence.add(
                assessment, details=details, upload=upload, by=by, at=at
            )
            if code:
                link_once(document, code, by=by)
        except Refused as refusal:
            self.refusals.append(refusal)
        else:
            self.stored.append((document, document.added_at == at))

    @property
    def sentences(self):
        """Each sentence once: past the deadline all files are refused alike."""
        return list(dict.fromkeys(map(str, self.refusals)))

    @property
    def status(self):
        return self.refusals[0].status if self.refusals else 422


def title_of(name):
    """The title that a file's name gives until somebody writes a better one."""
    return " ".join(PurePath(name).stem.replace("_", " ").split())


def link_once(document, code, *, by):
    """The link of a document to a leaf; one that is there keeps its section and page."""
    there = links_of(document.assessment).filter(document=document)
    return there.filter(criterion__code=code).first() or evidence.link(
        document, code, by=by
    )


class CitationForm(RefusableForm):
    """How officials cite a document: title, number, date, issuer."""

    title = forms.CharField(label=_("Title"), max_length=300)
    number = forms.CharField(
        label=_("Number and symbol"), required=False, max_length=100
    )
    issued_on = day_field(_("Date"))
    issuer = forms.CharField(label=_("Issuer"), required=False, max_length=200)


CITATION = ("title", "number", "issued_on", "issuer")
PLACE = ("section", "page")


class DetailsForm(CitationForm):
    """The details of a stored document, saved as they are filled in.

    The form brings along what stood in each field when it was shown: only what was
    changed is written, and a field that somebody else changed meanwhile is asked
    about instead of overwritten.
    """

    def __init__(self, document, data=None, **options):
        self.document = document
        self.stored = self._stored()
        super().__init__(data, initial=self.stored, **options)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def _stored(self):
        return {name: getattr(self.document, name) for name in CITATION}

    def save(self, *, by):
        """Save what was changed; False when something was refused."""
        return self.done(lambda given: self._save(given, by)) is not None

    def _save(self, given, by):
        changed = self._changed()
        self._require_unchanged_meanwhile(changed, given)
        if changed & set(CITATION):
            details = {name: given[name] for name in changed & set(CITATION)}
            evidence.describe(self.document, details={**self.stored, **details}, by=by)
        return changed

    def _changed(self):
        """The fields that differ from what was shown; all that say nothing of it."""
        return self._silent() | set(self.changed_data)

    def _silent(self):
        """Fields that came without what stood in them when the form was shown."""
        return {
            name
            for name in self.fields
            if self[name].html_initial_name not in self.data
        }

    def _require_unchanged_meanwhile(self, changed, given):
        for name in changed - self._silent():
            now = self.stored[name] or ""
            if (given[name] or "") != now and self._was_shown(name) != now:
                raise Conflict(self._both_values(name, now))

    def _was_shown(self, name):
        text = self.data[self[name].html_initial_name]
        try:
            return self.fields[name].to_python(text) or ""
        except forms.ValidationError:
            return ""

    def _both_values(self, name, now):
        if isinstance(now, date):
            now = date_format(now, "SHORT_DATE_FORMAT")
        return _(
            "“%(field)s” was meanwhile changed by somebody else, to “%(now)s”. Save "
            "again to keep what is entered here."
        ) % {"field": self.fields[name].label, "now": now}

    @property
    def shown_now(self):
        """The hidden fields that say what is stored, to replace those on the page."""
        fresh = type(self)(self._source(), auto_id=self.auto_id)
        attrs = {"hx-swap-oob": "true"}
        return [field.as_hidden(attrs=attrs, only_initial=True) for field in fresh]

    def _source(self):
        return self.document


class LinkDetailsForm(DetailsForm):
    """The same, and where in the document the proof of one criterion stands."""

    section = forms.CharField(
        label=_("Section of the proof"), required=False, max_length=100
    )
    page = forms.CharField(label=_("Page"), required=False, max_length=30)

    def __init__(self, link, data=None, **options):
        self.link = link
        super().__init__(link.document, data, **options)

    def _stored(self):
        place = {name: getattr(self.link, name) for name in PLACE}
        return {**super()._stored(), **place}

    def _save(self, given, by):
        changed = super()._save(given, by)
        if changed & set(PLACE):
            place = {name: given[name] for name in PLACE}
            code = self.link.criterion.code
            self.link = evidence.link(self.document, code, by=by, **place)
        return changed

    def _source(self):
        return self.link


class WebAddressField(forms.URLField):
    """What a browser opens: https:// or http://, nothing else."""

    default_validators = [URLValidator(schemes=["https", "http"])]

    def __init__(self, **options):
        super().__init__(max_length=500, assume_scheme="https", **options)


class WebLinkForm(CitationForm):
    """A document on the web, with the day on which it was read there."""

    link = WebAddressField(
        label=_("Web address"),
        error_messages={"invalid": _("Write the whole address, as https://….")},
    )
    seen_on = day_field(_("Seen on"))
    title = forms.CharField(label=_("Title"), required=False, max_length=300)
    section = forms.CharField(
        label=_("Section of the proof"), required=False, max_length=100
    )
    page = forms.CharField(label=_("Page"), required=False, max_length=30)

    field_order = ("link", "seen_on", "title", "number", "issued_on", "issuer")

    def store(self, assessment, code="", *, by):
        """Add the link, to a criterion when one is named; False when refused."""

        def act(given):
            if code:
                return evidence.attach(assessment, code, document=given, by=by)
            address, seen_on = given["link"], given["seen_on"]
            return evidence.add(
                assessment, details=given, link=address, seen_on=seen_on, by=by
            )

        return self.done(act) is not None


class ReplaceForm(forms.Form):
    """New content of a document: a file, or a web address with the day it was seen."""

    status = 422

    upload = forms.FileField(label=_("New file"), required=False, allow_empty_file=True)
    link = WebAddressField(label=_("Or a web address"), required=False)
    seen_on = day_field(_("Seen on"))


class ChooseForm(RefusableForm):
    """A document of the library for one more criterion, with the place of the proof."""

    document = forms.IntegerField(
        error_messages={"required": _("Choose a document of the list.")}
    )
    section = forms.CharField(
        label=_("Section of the proof"), required=False, max_length=100
    )
    page = forms.CharField(label=_("Page"), required=False, max_length=30)

    def link(self, assessment, code, *, by):
        """Link the chosen document; the link, or None when refused."""
        return self.done(lambda given: self._link(assessment, code, given, by))

    def _link(self, assessment, code, given, by):
        document = assessment.evidence.standing().filter(pk=given["document"]).first()
        if document is None:
            raise Refused(_("This document is not in the library any more."))
        document.assessment = assessment
        place = {"section": given["section"], "page": given["page"]}
        return evidence.link(document, code, by=by, **place)
