"""The round bundle: the open format by which a year enters and leaves.

``docs/bundle.md`` describes it for those who write one; the tables of names and
columns are in ``layout``. ``read_bundle`` checks everything and returns plain
values for ``actions/rounds.py``; ``write_bundle`` writes what is stored.
"""

from .faults import BundleRefused, Fault
from .reading import read_bundle
from .writing import bundle_files, write_bundle

__all__ = ["BundleRefused", "Fault", "bundle_files", "read_bundle", "write_bundle"]
