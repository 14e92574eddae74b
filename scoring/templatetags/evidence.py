"""What pages say of the files that are taken, from the settings."""

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

register = template.Library()

MEGABYTE = 1024**2


@register.simple_tag
def evidence_accept():
    """The kinds as an ``accept`` of a file input: ``.pdf,.docx``."""
    return ",".join(f".{kind}" for kind in settings.EVIDENCE_EXTENSIONS)


@register.simple_tag
def evidence_kinds():
    return ",".join(settings.EVIDENCE_EXTENSIONS)


@register.simple_tag
def evidence_max_bytes():
    return settings.EVIDENCE_MAX_BYTES


@register.simple_tag
def evidence_limits():
    """Kinds and size in words."""
    return _("%(kinds)s; at most %(limit)s MB a file.") % {
        "kinds": ", ".join(kind.upper() for kind in settings.EVIDENCE_EXTENSIONS),
        "limit": settings.EVIDENCE_MAX_BYTES // MEGABYTE,
    }
