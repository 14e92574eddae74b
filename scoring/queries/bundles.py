"""What a round bundle says of a round, from the stored rows."""

from collections import defaultdict

# Leaves room for the version in a name of sixty characters.
LONGEST_STEM = 50


def set_names(groups):
    """``{set pk: file name}`` of the criteria sets that these groups use.

    A set is named by its code. Where groups use several versions of one set, the
    oldest keeps the code and the others add their version.
    """
    versions = defaultdict(dict)
    for group in groups:
        criteria_set = group.criteria_set
        versions[criteria_set.code][criteria_set.version] = criteria_set.pk
    names = {}
    taken = set(versions)
    for code in sorted(versions):
        oldest, *others = sorted(versions[code])
        names[versions[code][oldest]] = code
        for version in others:
            name = f"{code[:LONGEST_STEM]}-v{version}"
            while name in taken:
                name += "-"
            taken.add(name)
            names[versions[code][version]] = name
    return names
