"""The words of the trade for codes that are stored or computed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Layer(models.TextChoices):
    SELF = "self", _("Self-assessed points")
    APPRAISED = "appraised", _("Appraised points")
    EXPLAINED = "explained", _("Points after explanation")
    COUNCIL = "council", _("Council's points")


class View(models.TextChoices):
    """The four indices of an agency; each reads certain layers."""

    SELF = "self", _("Self-assessment")
    APPRAISED = "appraised", _("Appraisal")
    EXPLAINED = "explained", _("After explanation")
    FINAL = "final", _("Final")


class NotApplicable(models.TextChoices):
    PROPOSED = "proposed", _("Not applicable, proposed")
    CONFIRMED = "confirmed", _("Not applicable")


class PhaseName(models.TextChoices):
    SELF_ASSESSMENT = "self_assessment", _("Self-assessment")
    APPRAISAL = "appraisal", _("Appraisal")
    CONSULTATION = "consultation", _("Consultation")
    SECOND_APPRAISAL = "second_appraisal", _("Second appraisal")
    COUNCIL = "council", _("Appraisal Council")
    RECHECK = "recheck", _("Technical recheck")
    DECISION = "decision", _("Decision")


# Whose turn it is while a phase is open.
ACTORS = {
    PhaseName.SELF_ASSESSMENT: _("the agencies"),
    PhaseName.APPRAISAL: _("the appraisal team"),
    PhaseName.CONSULTATION: _("the agencies"),
    PhaseName.SECOND_APPRAISAL: _("the appraisal team"),
    PhaseName.COUNCIL: _("the Appraisal Council"),
    PhaseName.RECHECK: _("the Department of Home Affairs"),
    PhaseName.DECISION: _("the chairman of the People's Committee"),
}


class RoleName(models.TextChoices):
    OFFICER = "officer", _("Agency officer")
    LEADER = "leader", _("Agency leader")
    APPRAISER = "appraiser", _("Appraiser")
    MANAGER = "manager", _("Round manager")
    CHAIR = "chair", _("Council chair")
    SECRETARY = "secretary", _("Council secretary")
    MEMBER = "member", _("Council member")
    APPROVER = "approver", _("Approver")
    INSPECTOR = "inspector", _("Inspector")


class NoticeKind(models.TextChoices):
    """What people are told of; the words of each stand in queries/notice_texts.py."""

    PHASE_OPENS = "phase_opens", _("Phase opens")
    DEADLINE = "deadline", _("Deadline")
    HANDED_OVER = "handed_over", _("Handed over to the leader")
    HANDED_BACK = "handed_back", _("Handed back to the officer")
    WITHDRAWN = "withdrawn", _("Taken back")
    LOCKED = "locked", pgettext_lazy("notice", "Locked by the leader")
    EXTENDED = "extended", _("Deadline extended")
    REOPENED = "reopened", _("Returned for completion")
    REMINDER = "reminder", _("Reminder")


class MailState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("mail", "Waiting to be sent")
    SENDING = "sending", pgettext_lazy("mail", "Being sent")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    FAILED = "failed", pgettext_lazy("mail", "Not sent")
    NO_ADDRESS = "no_address", pgettext_lazy("mail", "No e-mail address")


class NotScoredRule(models.TextChoices):
    WAIT = "wait", _("Wait: an agency with unscored criteria is not ranked")
    ZERO = "zero", _("Zero: unscored criteria count 0 points")


class MissingSurveyRule(models.TextChoices):
    WAIT = "wait", _("Wait: an agency without survey results is not ranked")
    RESCALE = "rescale", _("Rescale: criteria without survey results are left out")


class TieBreaker(models.TextChoices):
    APPRAISED = "appraised", _("appraised part, larger first")
    SOCIOLOGICAL = "sociological", _("sociological survey, larger first")
    SATISFACTION = "satisfaction", _("satisfaction survey, larger first")
    PENALTY = "penalty", _("smaller penalty first")


class Status(models.TextChoices):
    """Where an agency stands in the ranking."""

    RANKED = "ranked", _("Ranked")
    INCOMPLETE = "incomplete", _("Incomplete")
    NOT_ASSESSED = "not_assessed", _("Not assessed this year")


class LeafStatus(models.TextChoices):
    """Four different things, everywhere: never confuse them with zero."""

    SCORED = "scored", _("Scored")
    NOT_SCORED = "not_scored", _("Not scored")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    EXEMPTED = "exempted", _("Exempted")
    MISSING_SURVEY = "missing_survey", _("Survey result missing")


class LeafKind(models.TextChoices):
    APPRAISED = "appraised", _("Appraised")
    SOCIOLOGICAL = "sociological", _("Sociological survey")
    SATISFACTION = "satisfaction", _("Satisfaction survey")
    BONUS = "bonus", _("Bonus points")
    PENALTY = "penalty", _("Penalty points")


class LedgerKind(models.TextChoices):
    SAVED = "saved", _("Saved")
    ACCEPTED = "accepted", _("Accepted as self-assessed")
    IMPORTED = "imported", _("Imported from a workbook")
    LOADED = "loaded", _("Loaded from a round bundle")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SURVEY = "survey", _("Survey result")
    EXEMPTION = "exemption", _("Exemption")
    MOVED = "moved", _("Step of the file")
    ADOPTED = "adopted", _("Adopted by the Council")
    REPORT = "report", _("Text of the report")
    SCAN = "scan", _("Signed scan")


class DocumentKind(models.TextChoices):
    """The documents that the product writes from templates."""

    SELF_REPORT = "self_report", _("Self-assessment report")


class EvidenceFilter(models.TextChoices):
    """What of an agency's evidence library is shown."""

    ALL = "all", pgettext_lazy("evidence filter", "All documents")
    UNLINKED = "unlinked", pgettext_lazy("evidence filter", "Not linked to a criterion")
    OLD = "old", pgettext_lazy("evidence filter", "Older than the period")
    EARLIER = "earlier", pgettext_lazy("evidence filter", "Documents of last year")


class SheetMark(models.TextChoices):
    """What a line of the score sheet can be looked for by; also its filters."""

    NOT_SCORED = "not_scored", pgettext_lazy("filter", "Not scored")
    NO_EVIDENCE = "no_evidence", pgettext_lazy("filter", "Without evidence")
    REMARKED = "remarked", pgettext_lazy("filter", "Remarked by the leader")
    NOT_APPLICABLE = "na", pgettext_lazy("filter", "Not applicable")
    LOST = "lost", pgettext_lazy("filter", "Lost points")
    UNSAVED = "unsaved", pgettext_lazy("filter", "Not saved")


RULE_LABELS = {
    "choice": _("Choice"),
    "yes_no": _("Yes / no"),
    "checklist": _("Checklist"),
    "count": _("Count"),
    "count_bands": _("Bands of a count"),
    "deduction": _("Deduction"),
    "proportional": _("Proportional"),
    "bands": pgettext_lazy("scoring rule", "Bands"),
    "proportional_bands": _("Banded proportional"),
    "formula": _("Formula"),
    "zero_if_any": _("Zero if any"),
    "external_index": _("External index"),
    "sociological": _("Sociological survey"),
    "satisfaction": _("Satisfaction survey"),
    "manual": _("Appraiser's judgement"),
    "bonus_count": _("Bonus per item"),
    "penalty_count": _("Penalty per case"),
    "penalty_share": _("Penalty by joint responsibility"),
    "adjustments": _("Bonus and penalty points"),
}
