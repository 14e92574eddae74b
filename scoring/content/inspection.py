"""One look at an upload: is it what its name says, and may it come in."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from scoring.refusals import Refused

from .kinds import KINDS
from .names import clean_name, extension_of
from .unfit import Unfit


@dataclass(frozen=True, slots=True)
class Content:
    """What an upload is, told from its bytes; nothing of it is the browser's word.

    name    as it is kept: Vietnamese letters, no path, no control characters
    sha256  in hexadecimal; size in bytes; extension in small letters, no dot
    """

    name: str
    sha256: str
    size: int
    media_type: str
    extension: str


def inspect(upload):
    """Check an uploaded file (``name``, ``chunks()``, ``seek``) and say what it is.

    Refused with a sentence that names the file: a kind that is not accepted, empty,
    too large, damaged, not what the name says, with a password, macros or a
    program, or unpacking to an unreasonable size. Read in blocks; the upload stands
    at its start afterwards.
    """
    name = clean_name(upload.name)
    try:
        return _inspected(upload, name)
    except Unfit as fault:
        raise Refused(
            _("“%(name)s”: %(fault)s") % {"name": name, "fault": fault}
        ) from fault
    finally:
        upload.seek(0)


def _inspected(upload, name):
    extension = extension_of(name)
    if extension not in settings.EVIDENCE_EXTENSIONS or extension not in KINDS:
        raise Unfit(
            _("files of this kind are not accepted. Accepted: %(kinds)s.")
            % {"kinds": ", ".join(settings.EVIDENCE_EXTENSIONS)}
        )
    sha256, size = _digest(upload)
    if not size:
        raise Unfit(_("the file is empty. Choose it again once it has been saved."))
    media_type, check = KINDS[extension]
    check(upload, extension)
    return Content(name, sha256, size, media_type, extension)


def _digest(upload):
    """SHA-256 and the true size; reading stops where the limit is passed."""
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    for chunk in upload.chunks():
        size += len(chunk)
        if size > settings.EVIDENCE_MAX_BYTES:
            raise Unfit(
                _(
                    "the file is larger than %(limit)s MB. Save it smaller (scan in "
                    "grey at 150 dpi) or split it."
                )
                % {"limit": settings.EVIDENCE_MAX_BYTES // 1024**2}
            )
        digest.update(chunk)
    return digest.hexdigest(), size
