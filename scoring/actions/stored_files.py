"""Bytes in the file store beside the rows that stand on them.

A store may be slow or down and knows no transactions: bytes are stored before any lock
is taken and deleted again when no row came to stand on them.
"""

import logging
from contextlib import contextmanager

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from scoring.refusals import Unavailable

log = logging.getLogger(__name__)


@contextmanager
def held(content, path, *, name, is_used):
    """Hold ``content`` in store while rows are written; yields its stored name.

    path     where it is stored (the store may choose another name beside it)
    name     the file's name as people know it, for the sentence when the store fails
    is_used  of a stored name, whether a row stands on it: asked after the rows are
             written, for they may turn out not to need it
    """
    stored_name = _store(content, path, name)
    is_written = False
    try:
        yield stored_name
        is_written = True
    finally:
        if not (is_written and is_used(stored_name)):
            discard(stored_name)


def _store(content, path, name):
    content.seek(0)
    try:
        return default_storage.save(path, content)
    except OSError as error:
        raise Unavailable(
            _(
                "“%(name)s” could not be stored: the file store does not answer. "
                "Nothing was changed; try again in a few minutes."
            )
            % {"name": name}
        ) from error


def discard(stored_name):
    """Delete a stored file that no row stands on (any more)."""
    try:
        default_storage.delete(stored_name)
    except OSError:
        # Nobody's act fails by it: the rows are right, some bytes stay in store.
        log.exception("stored file %s could not be deleted", stored_name)
