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
