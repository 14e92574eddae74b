"""How a ledger line says facts: the hashes of all later lines hang on each byte."""

from scoring.actions.ledger import facts_text


def test_facts_are_the_same_text_for_ever():
    facts = {"until": None, "điểm": "0.5", "agency": "Sở Nội vụ", "places": [1, "a"]}

    assert facts_text(facts) == (
        '{"agency": "Sở Nội vụ", "places": [1, "a"], "until": null, "điểm": "0.5"}'
    )
