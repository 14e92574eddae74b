"""Who may see and do what. Views, templates and actions ask here.

``visible_*`` decide what exists for a person (anything else is 404); ``*_rights``
what the person may do with it (otherwise 403). Nobody judges the own agency,
whatever other roles the person holds. Superusers have no power over points.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from scoring.labels import Layer, PhaseName, RoleName
from scoring.models import Assessment, Round
from scoring.states import EARLY, LOCKED, WRITABLE, FileState, RoundState

READ_ALL = frozenset(
    {
        RoleName.MANAGER,
        RoleName.CHAIR,
        RoleName.SECRETARY,
        RoleName.MEMBER,
        RoleName.APPROVER,
        RoleName.INSPECTOR,
    }
)
OF_AGENCY = frozenset({RoleName.OFFICER, RoleName.LEADER})
COUNCIL = frozenset({RoleName.CHAIR, RoleName.SECRETARY, RoleName.MEMBER})

# A report's words may still be written when the clock has locked the scores: the paper
# has to be signed all the same.
REPORT_WRITABLE = EARLY | {FileState.LOCKED_BY_CLOCK}

# The agency has been shown how it was appraised.
CONSULTED = frozenset({FileState.EXPLAINING, FileState.EXPLANATION_LOCKED})

# The phase in which each layer is written, and by which role.
PHASES_OF_LAYER = {
    Layer.SELF: (PhaseName.SELF_ASSESSMENT,),
    Layer.APPRAISED: (PhaseName.APPRAISAL,),
    Layer.EXPLAINED: (PhaseName.SECOND_APPRAISAL,),
    Layer.COUNCIL: (PhaseName.COUNCIL, PhaseName.RECHECK),
}


@dataclass(frozen=True, slots=True)
class RoundRights:
    """What a person may do with a round as a whole."""

    see: bool = False
    see_all: bool = False
    manage: bool = False
    appraise: bool = False
    sit: bool = False
    see_results: bool = False


@dataclass(frozen=True, slots=True)
class AssessmentRights:
    """What a person may do with one agency's file at this moment."""

    see: bool = False
    edit: bool = False
    hand_over: bool = False
    hand_back: bool = False
    lock: bool = False
    appraise: bool = False
    appraised_layer: str = ""
    manage: bool = False
    see_evidence: bool = False
    see_appraisal: bool = False
    take_back: bool = False
    withdraw: bool = False
    remark: bool = False
    see_remarks: bool = False
    write_report: bool = False
    attach_scan: bool = False


def roles_in(user, round_id):
    """The roles that count in a round: those of the round and those of all rounds."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [role for role in user.role_rows if role.round_id in (None, round_id)]


def role_names(user, round_id):
    return {role.name for role in roles_in(user, round_id)}


def own_agency_ids(user):
    """Agencies whose file the person must never judge."""
    ids = {role.agency_id for role in user.role_rows if role.name in OF_AGENCY}
    return ids | ({user.agency_id} if user.agency_id else set())


def visible_rounds(user):
    """Rounds in which the person has a role; published ones for everybody."""
    seen = Q(state=RoundState.PUBLISHED)
    if user.is_authenticated and user.is_active and user.role_rows:
        if any(role.round_id is None for role in user.role_rows):
            return Round.objects.all()
        seen |= Q(pk__in={role.round_id for role in user.role_rows})
    return Round.objects.filter(seen)


def round_rights(user, round_):
    names = role_names(user, round_.pk)
    see_all = bool(names & READ_ALL)
    return RoundRights(
        see=bool(names) or round_.is_published,
        see_all=see_all,
        manage=RoleName.MANAGER in names,
        appraise=RoleName.APPRAISER in names,
        sit=bool(names & COUNCIL),
        see_results=see_all or round_.is_published,
    )


def visible_assessments(user):
    """Files that the person may open; drafts of other agencies do not exist."""
    if not user.is_authenticated or not user.is_active:
        return Assessment.objects.none()
    seen = Q(pk__in=[])
    for role in user.role_rows:
        seen |= _files_of_role(user, role)
    return Assessment.objects.filter(seen)


def _files_of_role(user, role):
    in_round = Q(round=role.round_id) if role.round_id else Q(pk__isnull=False)
    if role.name in READ_ALL:
        return in_round
    if role.name in OF_AGENCY:
        return in_round & Q(agency=role.agency_id)
    return in_round & _appraisable(user, role)


def _appraisable(user, role):
    wanted = Q(agency=role.agency_id) if role.agency_id else Q(pk__isnull=False)
    return wanted & ~Q(agency__in=own_agency_ids(user))


def appraised_layer_at(round_, now=None):
    """The layer that appraisers write now; empty when the clock opens none."""
    phase = round_.phase_at(now)
    layers = {
        PhaseName.APPRAISAL: Layer.APPRAISED,
        PhaseName.SECOND_APPRAISAL: Layer.EXPLAINED,
    }
    return layers.get(phase.name, "") if phase else ""


def assessment_rights(user, assessment, now=None):
    """Roles, state and clock together, so that a button and its endpoint agree."""
    now = now or timezone.now()
    roles = roles_in(user, assessment.round_id)
    names = {role.name for role in roles}
    own = {
        role.name
        for role in roles
        if role.name in OF_AGENCY and role.agency_id == assessment.agency_id
    }
    state = assessment.state_at(now)
    is_open = self_assessment_is_open(assessment, now)
    appraises = _appraises(user, roles, assessment)
    layer = appraised_layer_at(assessment.round, now) if appraises else ""
    is_settled = assessment.group.is_adopted
    may_edit = (
        RoleName.OFFICER in own and is_open and state in WRITABLE and not is_settled
    )
    is_leaders = (
        RoleName.LEADER in own and state == FileState.WITH_LEADER and not is_settled
    )
    reads = bool(names & READ_ALL) or appraises
    return AssessmentRights(
        see=bool(own) or reads,
        edit=may_edit,
        hand_over=may_edit,
        hand_back=is_leaders,
        lock=is_leaders and is_open,
        appraise=bool(layer) and state in LOCKED and not is_settled,
        appraised_layer=layer,
        manage=RoleName.MANAGER in names,
        see_evidence=bool(own) or reads,
        see_appraisal=reads or assessment.round.is_published,
        take_back=RoleName.OFFICER in own
        and is_open
        and state == FileState.WITH_LEADER
        and not is_settled,
        withdraw=RoleName.LEADER in own
        and is_open
        and state == FileState.LOCKED
        and not is_settled,
        remark=is_leaders,
        see_remarks=bool(own) or RoleName.INSPECTOR in names,
        write_report=bool(own)
        and state in REPORT_WRITABLE
        and not is_settled
        and self_assessment_has_begun(assessment, now),
        attach_scan=bool(own) and state in LOCKED and not is_settled,
    )


@dataclass(frozen=True, slots=True)
class EarlierRights:
    """What of an earlier round's file a person may see beside this year's sheet.

    see     what the agency itself entered, and how its documents are called
    layers  the judgements of it that may be seen
    open    the earlier file itself may be opened, its evidence too
    """

    see: bool = False
    layers: tuple[str, ...] = ()
    open: bool = False


def earlier_rights(user, assessment, earlier, now=None):
    """Who works for the agency sees what it, or the one that it succeeds, entered,
    even with a role in this round alone; for all else the earlier file's own rights
    hold: results that are not published stay hidden from the agency."""
    rights = assessment_rights(user, earlier, now)
    inherits = any(
        role.name in OF_AGENCY and role.agency_id == assessment.agency_id
        for role in roles_in(user, assessment.round_id)
    )
    see = rights.see or inherits
    layers = seen_layers(rights, earlier, now) if see else ()
    return EarlierRights(see, layers, rights.see)


def importable_layers(user, assessment, now=None):
    """The layers that a manager may bring into a file from a workbook now.

    The standing body enters what came on paper: bound by clock and state as
    everybody, and never a judgement of the own agency.
    """
    now = now or timezone.now()
    if RoleName.MANAGER not in role_names(user, assessment.round_id):
        return frozenset()
    state, layers = assessment.state_at(now), set()
    if self_assessment_is_open(assessment, now) and state in WRITABLE:
        layers.add(Layer.SELF)
    if assessment.agency_id not in own_agency_ids(user):
        if state in LOCKED and (layer := appraised_layer_at(assessment.round, now)):
            layers.add(layer)
        layers.add(Layer.COUNCIL)
    return frozenset(layers)


def holds_role(user, assessment, name):
    """Whether the person is officer or leader (``name``) of the file's agency in its
    round, whatever clock and state say."""
    return any(
        role.name == name and role.agency_id == assessment.agency_id
        for role in roles_in(user, assessment.round_id)
    )


def works_for(user, assessment):
    """Whether the person is officer or leader of the file's agency in its round."""
    return any(holds_role(user, assessment, name) for name in OF_AGENCY)


def self_assessment_is_open(assessment, now):
    """Whether the clock lets the agency write: the phase, or its own extension."""
    phase = assessment.round.phase(PhaseName.SELF_ASSESSMENT)
    if phase is None or now < phase.starts_at:
        return False
    return now < assessment.self_deadline()


def self_assessment_has_begun(assessment, now):
    phase = assessment.round.phase(PhaseName.SELF_ASSESSMENT)
    return phase is not None and phase.starts_at <= now


def seen_layers(rights, assessment, now=None):
    """The layers beside the agency's own that a reader of its sheet may see, in order.

    Who reads appraisals sees each from the beginning of its phase. The agency sees the
    appraised points once its consultation was opened, which the file's state says: the
    clock alone shows no draft. What comes after that it sees when it is published.
    """
    later = (Layer.APPRAISED, Layer.EXPLAINED, Layer.COUNCIL)
    if assessment.round.is_published:
        return later
    if rights.see_appraisal:
        return tuple(
            layer
            for layer in later
            if _has_begun(assessment.round, PHASES_OF_LAYER[layer][0], now)
        )
    return later[:1] if rights.see and assessment.state in CONSULTED else ()


def _has_begun(round_, phase_name, now):
    phase = round_.phase(phase_name)
    return phase is not None and phase.starts_at <= (now or timezone.now())


def appraises(user, assessment):
    """Whether the file is the person's to appraise, whatever clock and state say."""
    return _appraises(user, roles_in(user, assessment.round_id), assessment)


def _appraises(user, roles, assessment):
    assigned = any(
        role.name == RoleName.APPRAISER
        and role.agency_id in (None, assessment.agency_id)
        for role in roles
    )
    return assigned and assessment.agency_id not in own_agency_ids(user)
