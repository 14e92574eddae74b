"""From stored rows to a bundle's files: one text for one content."""

import csv
import io
import shutil
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from scoring.index.figures import shortest
from scoring.index.values import LAYERS
from scoring.labels import PhaseName
from scoring.models import Assessment, Cell, Exemption, SurveyResult
from scoring.queries.bundles import set_names
from scoring.queries.criteria import tree_of
from scoring.queries.rounds import round_groups
from scoring.refusals import Refused

from . import layout
from .round_file import round_text
from .source import is_litter

# The earliest moment that a .zip can name: bytes depend on the data alone.
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def bundle_files(round_):
    """``{name: bytes}`` of every file of the round's bundle, in a fixed order.

    Groups, agencies and criteria in their order; exemptions, scores and surveys
    sorted by agency and criterion code (by code point), scores then by layer.
    Refused: a round that lacks one of the seven phases.
    """
    phases = round_.phase_rows
    if [phase.name for phase in phases] != list(PhaseName.values):
        raise Refused(
            _("The round %(year)s has no dates for some of the seven phases.")
            % {"year": round_.year}
        )
    groups = round_groups(round_)
    names = set_names(groups)
    sets = {names[group.criteria_set_id]: group.criteria_set for group in groups}
    return {
        layout.ROUND: round_text(round_, phases, sets).encode(),
        layout.GROUPS: _table(layout.GROUPS, _groups(groups, names)),
        layout.AGENCIES: _table(layout.AGENCIES, _agencies(round_)),
        **{
            layout.criteria_file(name): _text(
                layout.CRITERIA_COLUMNS, _criteria(tree_of(sets[name]))
            )
            for name in sorted(sets)
        },
        layout.EXEMPTIONS: _table(layout.EXEMPTIONS, _exemptions(round_)),
        layout.SCORES: _table(layout.SCORES, _scores(round_)),
        layout.SURVEYS: _table(layout.SURVEYS, _surveys(round_)),
    }


def write_bundle(round_, path):
    """Write the round's bundle to ``path``: a .zip when it ends so, else a folder.

    An older bundle there is replaced; a folder that holds anything else is refused.
    """
    path = Path(path)
    contents = bundle_files(round_)
    if path.suffix.lower() == ".zip":
        _write_zip(path, contents)
    else:
        _write_folder(path, contents)


# --- tables ----------------------------------------------------------------------


def _table(name, rows):
    return _text(layout.COLUMNS[name], rows)


def _text(columns, rows):
    """CSV in UTF-8 with LF for every line end, those inside texts included."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_with_lf(text) for text in row] for row in rows)
    return stream.getvalue().encode()


def _with_lf(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _groups(groups, names):
    for group in groups:
        yield (
            group.group.code,
            group.name_vi,
            group.name_en,
            names[group.criteria_set_id],
        )


def _agencies(round_):
    files = list(
        Assessment.objects.filter(round=round_)
        .select_related("agency", "group__group")
        .order_by("group__position", "group_id", "position", "pk")
    )
    if len({file.position for file in files}) == len(files):
        # Places of the whole round and not of each group, as a bundle gives them.
        files.sort(key=lambda file: file.position)
    for file in files:
        yield (
            file.agency.code,
            file.name_vi,
            file.group.group.code,
            "yes" if file.is_assessed else "no",
            file.not_assessed_reason,
        )


def _criteria(set_tree):
    for row in set_tree.rows:
        yield (
            row.code,
            row.parent_code,
            row.name_vi,
            row.name_en,
            _figure(row.max_points),
            row.rule,
            set_tree.tree.by_code[row.code].parameters_text,
        )


def _exemptions(round_):
    return sorted(
        Exemption.objects.filter(assessment__round=round_).values_list(
            "assessment__agency__code", "criterion__code", "document"
        )
    )


def _scores(round_):
    cells = (
        Cell.objects.filter(assessment__round=round_)
        .values_list(
            "assessment__agency__code",
            "criterion__code",
            "layer",
            "points",
            "data",
            "not_applicable",
            "reason",
        )
        .iterator(chunk_size=5000)
    )
    order = {layer: place for place, layer in enumerate(LAYERS)}
    with_value = [cell for cell in cells if cell[3] is not None or cell[4] or cell[5]]
    with_value.sort(key=lambda cell: (cell[0], cell[1], order[cell[2]]))
    for agency, criterion, layer, points, *rest in with_value:
        yield agency, criterion, layer, _figure(points), *rest


def _surveys(round_):
    results = SurveyResult.objects.filter(assessment__round=round_).values_list(
        "assessment__agency__code",
        "criterion__code",
        "answers",
        "mean_percent",
        "standard_deviation",
    )
    for agency, criterion, answers, mean, deviation in sorted(
        results, key=lambda result: result[:2]
    ):
        yield agency, criterion, str(answers), _figure(mean), _figure(deviation)


def _figure(value):
    return "" if value is None else shortest(value)


# --- to disk ---------------------------------------------------------------------


def _write_zip(path, contents):
    """Written beside its place first: a broken write leaves the older file whole."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(_member(name), content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _member(name):
    member = zipfile.ZipInfo(name, ZIP_MOMENT)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o100644 << 16
    return member


def _write_folder(path, contents):
    _clear_older(path)
    for name, content in contents.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _clear_older(path):
    """Remove an older bundle's files, so that none of its sets stays behind."""
    if not path.exists():
        return
    for entry in path.rglob("*"):
        if entry.is_dir():
            continue
        name = entry.relative_to(path).as_posix()
        known = name in layout.FILES or layout.CRITERIA_FILE.fullmatch(name)
        if not known and not is_litter(name):
            raise Refused(
                _("%(path)s holds other files than a round bundle: %(name)s")
                % {"path": path, "name": name}
            )
    criteria = path / layout.CRITERIA_FOLDER
    if criteria.is_dir():
        shutil.rmtree(criteria)
