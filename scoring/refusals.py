"""What the rules of the work forbid, as sentences for people.

Actions raise these; one middleware shows them. ``status`` is what a caller
that reads status codes gets; ``details`` go into a JSON answer.
"""

from django.utils.translation import gettext as _

from scoring.index.sentences import Sentence
from scoring.wording import say


class Refused(Exception):
    """An act that the rules of the work forbid. ``str()`` is the sentence."""

    status = 422

    def __init__(self, sentence, **details):
        text = say(sentence) if isinstance(sentence, Sentence) else str(sentence)
        super().__init__(text)
        self.details = details


class NotAllowed(Refused):
    """The person may see the thing but not do this."""

    status = 403

    def __init__(self, sentence=None):
        super().__init__(sentence or _("Your role does not include this act."))


class Late(Refused):
    """The clock has closed writing."""

    status = 403


class Conflict(Refused):
    """Somebody else changed it meanwhile; ``details`` hold both values."""

    status = 409


class Unavailable(Refused):
    """Something that the act needs (the file store) does not answer now."""

    status = 503


class ManyRefused(Refused):
    """A file or a batch with several errors: all of them, nothing written."""

    def __init__(self, errors):
        self.errors = list(errors)
        super().__init__("\n".join(str(error) for error in self.errors))
