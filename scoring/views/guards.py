"""What views ask before they act: does it exist for this person, may it be done.

What a person may not see does not exist (404); what may be seen but not done is
forbidden (403).
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from scoring.labels import RoleName
from scoring.permissions import holds_role, visible_assessments, visible_rounds
from scoring.queries.criteria import tree_of
from scoring.queries.files import file_at


def require(allowed):
    """Answer 403 unless ``allowed``."""
    if not allowed:
        raise PermissionDenied


def require_role(request, file, name):
    """Answer 403 unless the reader is officer or leader (``name``) of the file's agency.

    For acts that the action refuses with a sentence of its own, such as a save
    after the deadline: who holds the role shall read it.
    """
    require(holds_role(request.user, file, name))


def require_sight(seen):
    """Answer 404 unless ``seen``: what may not be seen does not exist."""
    if not seen:
        raise Http404


def round_or_404(request, year):
    """The round of that year as far as it exists for the reader.

    It is remembered for the page's frame, which then asks the database no more.
    """
    request.shown_round = get_object_or_404(visible_rounds(request.user), year=year)
    return request.shown_round


def file_or_404(request, year, agency):
    """The file of an agency (by its code) in a round, as far as the reader sees it.

    With round, agency and the group's criteria set at hand; one query.
    """
    files = visible_assessments(request.user).select_related(
        "round", "agency", "group__group", "group__criteria_set"
    )
    file = get_object_or_404(files, round__year=year, agency__code=agency)
    file.group.round = file.round
    request.shown_round, request.shown_file = file.round, file
    return file


def officers_file(request, year, agency):
    """As ``file_or_404``, sooner for an officer of the agency: every save asks it."""
    file = file_at(year, agency)
    if file is None or not holds_role(request.user, file, RoleName.OFFICER):
        return file_or_404(request, year, agency)
    request.shown_round, request.shown_file = file.round, file
    return file


def leaf_or_404(file, code):
    """The leaf ``code`` of the file's set if its agency fills it. No query once the
    set was read; what is exempted the action or ``row_or_404`` says."""
    leaf = tree_of(file.group.criteria_set).leaf(code)
    if leaf is None or leaf.is_survey:
        raise Http404
    return leaf


def row_or_404(sheet, code):
    """The sheet's row of a leaf that is filled: neither a branch, nor measured by a
    survey, nor exempted."""
    row = sheet.row(code)
    if row is None or row.kind != "leaf":
        raise Http404
    return row


def wants_fragment(request):
    """Whether htmx asks for a piece of the page, not the page."""
    return request.headers.get("HX-Request") == "true"


def wants_json(request):
    """Whether a script asks for facts alone, neither a page nor a piece of one."""
    return request.accepts("application/json") and not request.accepts("text/html")
