"""Where a bundle's files come from: a folder, or the same inside a .zip."""

import stat
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from scoring.refusals import Refused

from . import layout

# What file managers leave behind; nobody's content.
LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}


@contextmanager
def opened(path):
    """The bundle at ``path`` as ``Folder`` or ``Archive``; Refused when it is neither."""
    path = Path(path)
    if path.is_dir():
        yield Folder(path)
        return
    if not path.is_file():
        raise Refused(_("There is no file or folder %(path)s.") % {"path": path})
    if not zipfile.is_zipfile(path):
        raise Refused(
            _("%(path)s is neither a folder nor a .zip file.") % {"path": path}
        )
    with _archive(path) as archive:
        yield Archive(archive)


def _archive(path):
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as damage:
        raise Refused(
            _("%(name)s in the archive is damaged.") % {"name": path.name}
        ) from damage


def is_litter(name):
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part in LITTER for part in parts)


class Folder:
    """A folder on disk. Links and special files are refused, never followed."""

    def __init__(self, path):
        self.path = path
        self.names = set()
        total = 0
        for seen, entry in enumerate(path.rglob("*")):
            require_handy(seen, 0)
            name = entry.relative_to(path).as_posix()
            if is_litter(name):
                continue
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue
            if not stat.S_ISREG(mode):
                raise Refused(_("%(name)s is no plain file.") % {"name": name})
            total += entry.lstat().st_size
            self.names.add(name)
        require_handy(0, total)

    @contextmanager
    def open(self, name):
        with (self.path / name).open("rb") as stream:
            yield stream


class Archive:
    """A .zip file; all its files may lie in one folder inside."""

    def __init__(self, archive):
        self.archive = archive
        everything = [member for member in archive.infolist() if not member.is_dir()]
        require_handy(len(everything), sum(member.file_size for member in everything))
        for member in everything:
            self._check(member)
        members = [member for member in everything if not is_litter(member.filename)]
        self.members = _below_one_folder(members)
        if len(self.members) != len(members):
            raise Refused(_("The archive holds a file twice."))
        self.names = set(self.members)

    def _check(self, member):
        name = PurePosixPath(member.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in member.filename:
            raise Refused(
                _("The archive holds a path that leads out of it: %(name)s")
                % {"name": member.filename}
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Refused(_("%(name)s is no plain file.") % {"name": member.filename})
        if member.flag_bits & 1:
            raise Refused(
                _("%(name)s is encrypted; save the archive without a password.")
                % {"name": member.filename}
            )
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(
                _("%(name)s is compressed in an unusual way; save the archive anew.")
                % {"name": member.filename}
            )

    @contextmanager
    def open(self, name):
        """The member's bytes; never more of them than the archive's list says."""
        try:
            with self.archive.open(self.members[name]) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError) as damage:
            raise Refused(
                _("%(name)s in the archive is damaged.") % {"name": name}
            ) from damage


def _below_one_folder(members):
    """``{name in the bundle: member}``, a single folder around everything left out."""
    names = [PurePosixPath(member.filename) for member in members]
    tops = {name.parts[0] for name in names}
    inside = len(tops) == 1 and all(len(name.parts) > 1 for name in names)
    if inside and tops != {layout.CRITERIA_FOLDER.rstrip("/")}:
        names = [name.relative_to(name.parts[0]) for name in names]
    return {
        name.as_posix(): member for name, member in zip(names, members, strict=True)
    }


def require_handy(files, size):
    if files > layout.MOST_FILES or size > layout.MOST_BYTES:
        raise Refused(
            _(
                "The bundle holds more than %(files)s files or %(size)s megabytes; "
                "that is no round."
            )
            % {"files": layout.MOST_FILES, "size": layout.MOST_BYTES // 1024**2}
        )
