"""Sentences of a meeting that several places say."""

from django.utils.translation import gettext as _


def quorum_sentence(quorum):
    """Who is there and whether that is enough, as the secretary reads it out."""
    facts = {
        "present": quorum.present,
        "members": quorum.members,
        "needed": quorum.needed,
    }
    if quorum.is_met:
        return (
            _("%(present)s/%(members)s members are present; the meeting has a quorum.")
            % facts
        )
    return (
        _(
            "%(present)s/%(members)s members are present; the meeting has no quorum "
            "(at least %(needed)s are needed)."
        )
        % facts
    )


def outcome_sentence(outcome):
    """The counts of a closed vote and what follows from them."""
    facts = {
        "agree": outcome.agree,
        "disagree": outcome.disagree,
        "abstain": outcome.abstain,
        "not_cast": outcome.not_cast,
        "present": outcome.present,
    }
    if outcome.is_carried:
        template = _(
            "Carried: %(agree)s of %(present)s members present agree; "
            "%(disagree)s disagree, %(abstain)s abstain, %(not_cast)s without a vote."
        )
    else:
        template = _(
            "Not carried: %(agree)s of %(present)s members present agree; "
            "%(disagree)s disagree, %(abstain)s abstain, %(not_cast)s without a vote."
        )
    return template % facts
