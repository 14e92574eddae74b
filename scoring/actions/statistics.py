"""What the database must know after tables were filled at once."""

from django.db import connection

FILLED = (
    "scoring_assessment, scoring_cell, scoring_criterion, scoring_evidencelink, "
    "scoring_ledgerline, scoring_surveyresult"
)


def refresh_statistics():
    """Let PostgreSQL count the rows of the tables that a whole round fills.

    Until its own clean-up does so, some minutes later, it takes them for nearly empty
    and chooses plans that take minutes. SQLite has no such habit.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {FILLED}")
