"""Every figure of the engine against a second, independent computation."""

import io
import json
from collections import Counter
from decimal import Decimal

import pytest
from django.core.management import call_command

from scoring.index.rules import RULES
from scoring.labels import View
from tests.random_bundles import write_bundle
from tests.stranger import Bundle, recompute

SEEDS = range(30)


def command(*args):
    output = io.StringIO()
    call_command(*args, stdout=output)
    return output.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_the_stranger_finds_the_same_figures(tmp_path, seed):
    """Loaded, computed, explained, exported: every digit of every layer agrees."""
    bundle = write_bundle(tmp_path, seed)
    year = str(Bundle(bundle).round["year"])
    exported = tmp_path / "exported"

    command("load_round", str(bundle))
    command("export_round", year, str(exported))

    for layer in View.values:
        figures = json.loads(command("compute_index", year, "--layer", layer, "--json"))
        assert figures == recompute(bundle, layer)
        assert figures == recompute(exported, layer)
    for row in recompute(bundle)[:1]:
        if row["index"]:
            index = row["index"].replace(".", ",")
            worked = command("explain", year, row["agency"]).splitlines()
            assert any(line.endswith(f": {index}") for line in worked[-2:]), worked


def test_the_random_bundles_use_every_rule_and_meet_every_outcome(tmp_path):
    rules, seen = set(), Counter()
    for seed in SEEDS:
        bundle = write_bundle(tmp_path, seed)
        for criteria in Bundle(bundle).sets.values():
            rules |= {leaf.rule for leaf in criteria.leaves.values()}
        for layer in View.values:
            rows = recompute(bundle, layer)
            seen.update(row["status"] for row in rows)
            seen["no index"] += sum(
                row["status"] == "incomplete" and row["index"] is None for row in rows
            )
            seen["cut at 0"] += sum(row["index_exact"] == "0/1" for row in rows)
            seen["cut at 100"] += sum(row["index_exact"] == "100/1" for row in rows)
            seen["above 100"] += sum(Decimal(row["index"] or 0) > 100 for row in rows)
            places = Counter((row["group"], row["rank"]) for row in rows if row["rank"])
            seen["shared rank"] += sum(count > 1 for count in places.values())
            exact = Counter(
                (row["group"], row["index_exact"]) for row in rows if row["rank"]
            )
            seen["tie"] += sum(count > 1 for count in exact.values())
    assert rules == set(RULES)
    assert seen["tie"] > seen["shared rank"] > 0  # the tie-breakers part some of them
    assert min(seen.values()) >= 5, seen
