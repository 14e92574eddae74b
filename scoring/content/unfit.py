"""Why a file is not taken, as the second half of a sentence that names the file."""

from django.utils.translation import gettext as _


class Unfit(Exception):
    """``str()`` says what is wrong and what to do; the inspection adds which file."""


def not_inside(extension):
    return Unfit(
        _(
            "inside it is no %(kind)s file, or it is damaged. Open it in its program, "
            "save it anew as .%(extension)s and choose that file."
        )
        % {"kind": extension.upper(), "extension": extension}
    )


def damaged():
    return Unfit(
        _(
            "the file is cut off or damaged. Open it to see whether it is whole, and "
            "upload it again."
        )
    )


def locked():
    return Unfit(
        _("the file bears a password, so nobody can check it. Save it without one.")
    )


def macros():
    return Unfit(
        _(
            "the file holds macros, which are not accepted. Save it without macros, or "
            "as PDF."
        )
    )


def program(name):
    return Unfit(
        _(
            "the file holds a program (“%(name)s”), which is not accepted. Take it out "
            "and save the file anew."
        )
        % {"name": name[:100]}
    )


def unreasonable():
    return Unfit(
        _(
            "the file unpacks to an unreasonable size or holds too many parts. Save it "
            "as PDF, or split it."
        )
    )
