"""What a notice says: subject and text from its kind and params, in the language that
is active when it is read. The mail beside it takes the same words."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.labels import NoticeKind, PhaseName


def subject_of(notice):
    """One line; what it is about stands first, so that a list can be skimmed."""
    return _WRITERS[notice.kind][0](_words_of(notice))


def text_of(notice):
    """The whole text; paragraphs are separated by an empty line."""
    return "\n\n".join(filter(None, _WRITERS[notice.kind][1](_words_of(notice))))


def address_of(notice):
    """The page that the notice is about, as a path."""
    if notice.assessment is not None:
        return reverse(
            "scoring:assessment-detail",
            args=[notice.round.year, notice.assessment.agency.code],
        )
    if notice.params.get("phase") == PhaseName.APPRAISAL:
        return reverse("scoring:appraisal-list", args=[notice.round.year])
    return notice.round.get_absolute_url()


def moment(text, form="DATETIME_FORMAT"):
    """A moment kept as ISO text, as people write it; a dash where there is none."""
    if not text:
        return "—"
    return date_format(localtime(datetime.fromisoformat(text)), form)


class _Words(dict):
    """The values of a notice's sentences; a missing one is empty, never an error."""

    def __missing__(self, name):
        return ""


def _words_of(notice):
    params = notice.params
    phase = params.get("phase")
    by = params.get("by_name", "")
    if params.get("by_post"):
        by = f"{by} ({params['by_post']})"
    return _Words(
        params,
        agency=notice.assessment.name_vi if notice.assessment else "",
        round=notice.round.name,
        phase=PhaseName(phase).label if phase in PhaseName else "",
        until=moment(params.get("until")),
        until_short=moment(params.get("until"), "SHORT_DATETIME_FORMAT"),
        at=moment(params.get("at")),
        by=by,
    )


def _reason(words):
    return words["reason"] and _("Reason: %(reason)s") % words


def _document(words):
    return words["document"] and _("Document: %(document)s") % words


# --- one pair of writers for each kind ------------------------------------------------


def _opens_subject(words):
    return _("Phase open: %(phase)s, %(round)s") % words


def _opens_text(words):
    yield _("The phase “%(phase)s” of %(round)s is open until %(until)s.") % words


def _deadline_subject(words):
    if words["agency"]:
        about = _("self-assessment of %(agency)s") % words
    else:
        about = _("appraisal, %(round)s") % words
    days = words["days"] or 0
    if not days:
        return _("Last day: %(about)s") % {"about": about}
    return ngettext(
        "%(days)s day left: %(about)s", "%(days)s days left: %(about)s", days
    ) % {"days": days, "about": about}


def _deadline_text(words):
    if not words["agency"]:
        yield _("Appraisal in %(round)s is open until %(until)s.") % words
        left = words["left"] or 0
        yield ngettext(
            "%(left)s file is not fully appraised.",
            "%(left)s files are not fully appraised.",
            left,
        ) % {"left": left}
        return
    yield (
        _("The self-assessment of %(agency)s (%(round)s) is open until %(until)s.")
        % words
    )
    yield (
        _(
            "Criteria with points: %(scored)s of %(total)s. The file has not been locked "
            "by the leader yet; after the deadline it is closed without approval."
        )
        % words
    )


def _handed_over_subject(words):
    return _("%(agency)s: self-assessment handed over to the leader") % words


def _handed_over_text(words):
    yield (
        _("%(by)s handed over the self-assessment of %(agency)s (%(round)s) at %(at)s.")
        % words
    )
    yield (
        _(
            "Please check it and lock it, or hand it back, before the deadline: %(until)s."
        )
        % words
    )


def _handed_back_subject(words):
    return _("%(agency)s: self-assessment handed back to be completed") % words


def _handed_back_text(words):
    yield (
        _(
            "%(by)s handed back the self-assessment of %(agency)s (%(round)s) at %(at)s. "
            "It can be edited again until %(until)s."
        )
        % words
    )
    if words["reason"]:
        yield _("To be completed: %(reason)s") % words
    else:
        yield _("What is to be completed stands at the criteria.")


def _withdrawn_subject(words):
    return _("%(agency)s: self-assessment taken back") % words


def _withdrawn_text(words):
    yield (
        _(
            "%(by)s took back the self-assessment of %(agency)s (%(round)s) at %(at)s. It "
            "can be edited again until %(until)s."
        )
        % words
    )
    yield _reason(words)


def _locked_subject(words):
    return _("%(agency)s: self-assessment approved and locked") % words


def _locked_text(words):
    yield (
        _(
            "%(by)s approved and locked the self-assessment of %(agency)s (%(round)s) at "
            "%(at)s."
        )
        % words
    )


def _extended_subject(words):
    return _("%(agency)s: deadline extended until %(until_short)s") % words


def _extended_text(words):
    yield (
        _(
            "The self-assessment of %(agency)s (%(round)s) can be written until %(until)s."
        )
        % words
    )
    yield _reason(words)
    yield _document(words)


def _reopened_subject(words):
    return _("%(agency)s: returned for completion until %(until_short)s") % words


def _reopened_text(words):
    yield (
        _(
            "The self-assessment of %(agency)s (%(round)s) has been opened again until "
            "%(until)s. It must be handed over and locked anew."
        )
        % words
    )
    yield _reason(words)
    yield _document(words)


def _reminder_subject(words):
    return words["subject"]


def _reminder_text(words):
    yield words["text"]


_WRITERS = {
    NoticeKind.PHASE_OPENS: (_opens_subject, _opens_text),
    NoticeKind.DEADLINE: (_deadline_subject, _deadline_text),
    NoticeKind.HANDED_OVER: (_handed_over_subject, _handed_over_text),
    NoticeKind.HANDED_BACK: (_handed_back_subject, _handed_back_text),
    NoticeKind.WITHDRAWN: (_withdrawn_subject, _withdrawn_text),
    NoticeKind.LOCKED: (_locked_subject, _locked_text),
    NoticeKind.EXTENDED: (_extended_subject, _extended_text),
    NoticeKind.REOPENED: (_reopened_subject, _reopened_text),
    NoticeKind.REMINDER: (_reminder_subject, _reminder_text),
}
