"""What the product promises about speed, as ratios measured in one run.

    python -m tests.bench [--only NAME]      or: make bench ONLY=NAME

For each database a process of its own (``measure``) builds a city of size C, 127
agencies × 90 criteria, and measures each promise against the plainest code that
does the same: medians of interleaved runs, so that whatever else the machine does
burdens both. Nothing here is a test; ratios depend on the machine a little.
"""
