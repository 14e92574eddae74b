"""The frame of every page: which round is shown, where one can go, in what role."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from scoring.labels import ACTORS, PhaseName, RoleName
from scoring.models import Assessment, Round
from scoring.permissions import (
    OF_AGENCY,
    role_names,
    roles_in,
    round_rights,
    visible_rounds,
)


@dataclass(frozen=True, slots=True)
class CurrentRound:
    """What the top bar says of the round that is shown.

    acts_next     whose turn it is, "" where no phase is open
    next_phase_…  between phases the one to come
    """

    round: Round
    year: int
    name: str
    phase_label: str
    phase_ends_at: datetime | None
    acts_next: str
    next_phase_label: str
    next_phase_starts_at: datetime | None
    is_simulated: bool


def page_frame(request):
    """Context processor: ``current_round``, ``nav_items`` and ``role_label``.

    The admin has its own frame; error pages may come before a user is known.
    """
    user = getattr(request, "user", None)
    match = getattr(request, "resolver_match", None)
    if user is None or (match and "admin" in match.namespaces):
        return {}
    shown = shown_round(request)
    return {
        "current_round": current_round(shown) if shown else None,
        "nav_items": nav_items(request, shown),
        "role_label": role_label(user, shown),
    }


def shown_round(request):
    """The round that the view fetched, or that the address names, or the newest."""
    if not hasattr(request, "shown_round"):
        match = getattr(request, "resolver_match", None)
        year = match.kwargs.get("year") if match else None
        rounds = visible_rounds(request.user)
        if year is not None:
            rounds = rounds.filter(year=year)
        request.shown_round = rounds.first()
    return request.shown_round


def current_round(round_):
    phase = round_.phase_at()
    coming = None if phase or round_.is_published else round_.next_phase()
    return CurrentRound(
        round=round_,
        year=round_.year,
        name=round_.name,
        phase_label=phase.get_name_display() if phase else "",
        phase_ends_at=phase.ends_at if phase else None,
        acts_next=ACTORS[PhaseName(phase.name)] if phase else "",
        next_phase_label=coming.get_name_display() if coming else "",
        next_phase_starts_at=coming.starts_at if coming else None,
        is_simulated=round_.is_simulated,
    )


def role_label(user, round_):
    """The person's roles in words, in the order of the list of roles."""
    if round_ is None or not user.is_authenticated:
        return ""
    held = role_names(user, round_.pk)
    return ", ".join(str(name.label) for name in RoleName if name in held)


def nav_items(request, round_):
    """``[(label, address, whether it is here)]`` of what this person can open."""
    items = []
    if request.user.is_authenticated:
        items.append((_("My work"), reverse("scoring:home")))
    if round_ is not None:
        items += _round_items(request, round_)
        items.append((_("Rounds"), reverse("scoring:round-list")))
    here = _longest_match(_place(request), [address for __, address in items])
    return [(label, address, address == here) for label, address in items]


def _round_items(request, round_):
    rights = round_rights(request.user, round_)
    year = [round_.year]
    items = own_sheets(request, round_)
    for label, name, allowed in (
        (_("Appraisal"), "scoring:appraisal-list", rights.appraise),
        (_("Progress"), "scoring:round-progress", rights.see_all),
        (_("Council"), "councils:council-detail", rights.sit or rights.manage),
        (_("Results"), "scoring:result-list", rights.see_results),
    ):
        if allowed:
            items.append((label, reverse(name, args=year)))
    return items


def own_sheets(request, round_):
    """The score sheets of the person's own agencies in the round."""
    agencies = {
        role.agency_id
        for role in roles_in(request.user, round_.pk)
        if role.name in OF_AGENCY
    }
    if not agencies:
        return []
    sheets = _sheets_at_hand(request, agencies) or list(
        Assessment.objects.filter(round=round_, agency__in=agencies).select_related(
            "agency"
        )
    )
    several = len(sheets) > 1
    return [
        (
            _("Score sheet: %(agency)s") % {"agency": sheet.name_vi}
            if several
            else _("Score sheet"),
            reverse("scoring:assessment-detail", args=[round_.year, sheet.agency.code]),
        )
        for sheet in sheets
    ]


def _sheets_at_hand(request, agencies):
    """The file of the page itself, when it is the only one the person can have."""
    file = getattr(request, "shown_file", None)
    return [file] if file is not None and agencies == {file.agency_id} else []


def _place(request):
    """Where the page lies: an agency's appraisal below the list of appraisals, though
    its address begins with the agency's file."""
    match = getattr(request, "resolver_match", None)
    if match and match.view_name.startswith("scoring:appraisal-"):
        return reverse("scoring:appraisal-list", args=[match.kwargs["year"]])
    return request.path


def _longest_match(path, addresses):
    """The address that the path lies under; the start page only by itself."""
    here = [a for a in addresses if path == a or (a != "/" and path.startswith(a))]
    return max(here, key=len, default=None)
