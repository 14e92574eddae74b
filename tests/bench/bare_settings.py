"""The application's settings with the bare view of ``bare.py`` beside its pages."""

from par_index.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.bare"
