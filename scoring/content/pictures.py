"""Pictures: of the kind that the name says, whole, and not of unreasonable size."""

import struct
import zlib

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from . import unfit
from .unfit import Unfit

FORMATS = {
    "png": "PNG",
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "gif": "GIF",
    "webp": "WEBP",
}
# What Pillow raises on hostile bytes; UnidentifiedImageError is an OSError.
BROKEN = (
    OSError,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    LookupError,
    OverflowError,
    AttributeError,
    MemoryError,
    struct.error,
    zlib.error,
)
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def check(stream, extension):
    stream.seek(0)
    try:
        with Image.open(stream, formats=[FORMATS[extension]]) as picture:
            _require_reasonable(*picture.size)
            _require_whole(picture)
    except TOO_LARGE as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise unfit.not_inside(extension) from error
    except BROKEN as error:
        raise unfit.damaged() from error


def _require_reasonable(width, height):
    if width * height > settings.EVIDENCE_MAX_PIXELS:
        raise _too_many_pixels()


def _require_whole(picture):
    if picture.format == "PNG":
        picture.verify()  # the checksums of all parts, without drawing the picture
        return
    picture.draft("RGB", (64, 64))  # a JPEG is read at an eighth of its size
    picture.load()


def _too_many_pixels():
    return Unfit(
        _(
            "the picture has more than %(most)s million pixels. Save it smaller and "
            "upload it again."
        )
        % {"most": settings.EVIDENCE_MAX_PIXELS // 1_000_000}
    )
