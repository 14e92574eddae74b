from django.utils.translation import gettext as _

from scoring.actions import rounds
from scoring.exchange.bundle import read_bundle
from scoring.models import User
from scoring.refusals import Refused

from ._shared import RoundCommand, progress_bar


class Command(RoundCommand):
    help = (
        "Load a round bundle (docs/bundle.md): a folder or .zip with one year's "
        "criteria, agencies, scores and surveys. Everything is checked first; when "
        "anything is wrong, all errors go to stderr with file, row (the heading is "
        "row 1) and column, and nothing is written. "
        "Exit status: 0 loaded, 1 refused, 2 wrong usage."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("path", metavar="PATH", help="folder or .zip of the bundle")
        parser.add_argument(
            "--by",
            metavar="USER",
            help="account in whose name the ledger is written (default: system)",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="check everything, say what would change, write nothing",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="let an existing round take the bundle's content; differences become "
            "changes and withdrawals in the ledger",
        )

    def act(self, options):
        by = _user(options["by"])
        replace = options["replace"]
        content = read_bundle(
            options["path"],
            progress=progress_bar(_("Checking")),
            more=lambda year: rounds.refusal(year, replace=replace),
        )
        report = rounds.load(
            content,
            by=by,
            replace=replace,
            dry_run=options["dry_run"],
            progress=progress_bar(_("Writing")),
        )
        return _sentence(content, report, options["dry_run"])


def _user(username):
    if username is None:
        return None
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(_("There is no account %(name)s.") % {"name": username})
    return user


def _sentence(content, report, is_dry_run):
    text = (
        _(
            "Round %(year)s could be loaded: %(agencies)s agencies; changes of scores: "
            "%(cells)s, withdrawals: %(withdrawn)s, of survey results: %(surveys)s, of "
            "exemptions: %(exemptions)s. Nothing was written."
        )
        if is_dry_run
        else _(
            "Round %(year)s loaded: %(agencies)s agencies; changes of scores: "
            "%(cells)s, withdrawals: %(withdrawn)s, of survey results: %(surveys)s, of "
            "exemptions: %(exemptions)s."
        )
    ) % {
        "year": content.year,
        "agencies": report.agencies,
        "cells": report.cells,
        "withdrawn": report.withdrawn,
        "surveys": report.surveys,
        "exemptions": report.exemptions,
    }
    if report.settings:
        text += "\n" + _("Settings of the round that change: %(names)s.") % {
            "names": ", ".join(report.settings)
        }
    if report.versions:
        text += "\n" + _("New versions of criteria sets: %(names)s.") % {
            "names": ", ".join(report.versions)
        }
    if report.kept:
        text += "\n" + _("Not in the bundle, kept as not assessed: %(agencies)s.") % {
            "agencies": ", ".join(report.kept)
        }
    return text
