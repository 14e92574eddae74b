"""The site does not start where the ledger is not protected."""

import importlib
import sys

import pytest
from django.core.management.base import SystemCheckError
from django.db import connection

from scoring.models import append_only

pytestmark = pytest.mark.django_db


def start():
    sys.modules.pop("par_index.wsgi", None)
    return importlib.import_module("par_index.wsgi")


def test_it_starts_with_its_triggers(capsys):
    assert callable(start().application)


def test_it_does_not_start_without_them():
    with (
        append_only.lifted(connection),
        pytest.raises(SystemCheckError, match="scoring_ledgerline_no_update"),
    ):
        start()
