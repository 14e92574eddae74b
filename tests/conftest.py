"""What holds for every test, those of pure code included; so no Django here.

The database is chosen in plugin.py, what Django needs stands in fixtures.py.
"""

import os

from hypothesis import settings

# Examples are the same in every run, so that a failure is nobody's bad luck;
# HYPOTHESIS_PROFILE=search looks for new ones. No deadline: machines differ.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
