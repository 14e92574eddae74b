"""Run a command as the tests of commands need it: its words, its figures, its refusal."""

import io

import pytest
from django.core.management import CommandError, call_command


def run(*words):
    """What the command writes to stdout."""
    out = io.StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def refused(*words):
    """``(exit status, what stands on stderr)`` of a command that refuses."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(*map(str, words), stdout=out, stderr=err)
    assert out.getvalue() == ""
    return refusal.value.returncode, f"{err.getvalue()}{refusal.value}"
