"""Names, columns and limits of a round bundle, for reading and writing alike."""

import re

ROUND = "round.json"
GROUPS = "groups.csv"
AGENCIES = "agencies.csv"
CRITERIA_FOLDER = "criteria/"
EXEMPTIONS = "exemptions.csv"
SCORES = "scores.csv"
SURVEYS = "surveys.csv"
FILES = (ROUND, GROUPS, AGENCIES, EXEMPTIONS, SCORES, SURVEYS)

COLUMNS = {
    GROUPS: ("code", "name_vi", "name_en", "criteria"),
    AGENCIES: ("code", "name_vi", "group", "assessed", "reason"),
    EXEMPTIONS: ("agency", "criterion", "document"),
    SCORES: (
        "agency",
        "criterion",
        "layer",
        "points",
        "data",
        "not_applicable",
        "reason",
    ),
    SURVEYS: ("agency", "criterion", "answers", "mean_percent", "standard_deviation"),
}
CRITERIA_COLUMNS = (
    "code",
    "parent_code",
    "name_vi",
    "name_en",
    "max_points",
    "rule",
    "parameters",
)
ROUND_KEYS = (
    "year",
    "name_vi",
    "name_en",
    "phases",
    "tie_breakers",
    "bands",
    "not_scored",
    "missing_survey",
    "criteria",
)
# Present (and true) only in bundles of simulated rounds.
SIMULATED = "simulated"
PHASE_KEYS = ("phase", "starts_at", "ends_at")
BAND_KEYS = ("code", "name_vi", "name_en", "from_percent")
SET_KEYS = ("name_vi", "name_en", "decision", "points_decimals", "cap_at_100")

# What the database's columns hold.
CODE_LENGTH = 60
AGENCY_CODE_LENGTH = 80
CRITERION_CODE_LENGTH = 30
BAND_CODE_LENGTH = 30
NAME_LENGTH = 200
SET_NAME_LENGTH = 300
DOCUMENT_LENGTH = 300
FIRST_YEAR, LAST_YEAR = 1900, 9000
MOST_ANSWERS = 2_147_483_647
MOST_DEVIATION = 1_000_000
# Of groups, agencies and criteria; scores and surveys may be many more.
MOST_PLACES = 10_000

# Against archives made to fill a disk: far above any real round.
MOST_FILES = 200
MOST_BYTES = 256 * 1024 * 1024

CODE = re.compile(r"[-a-zA-Z0-9_]+")
CRITERIA_FILE = re.compile(r"criteria/([-a-zA-Z0-9_]{1,60})\.csv")


def criteria_file(name):
    return f"{CRITERIA_FOLDER}{name}.csv"
