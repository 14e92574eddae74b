from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.tally import outcome, quorum

HALF = Fraction(1, 2)
TWO_THIRDS = Fraction(2, 3)
SHARES = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20)


@pytest.mark.parametrize(
    ("present", "members", "share", "needed", "is_met"),
    [
        pytest.param(8, 12, TWO_THIRDS, 8, True, id="exactly two thirds"),
        pytest.param(7, 12, TWO_THIRDS, 8, False, id="one too few"),
        pytest.param(
            7, 10, TWO_THIRDS, 7, True, id="two thirds of ten are seven people"
        ),
        pytest.param(6, 10, TWO_THIRDS, 7, False, id="six of ten are not two thirds"),
        pytest.param(3, 3, Fraction(1), 3, True, id="all"),
        pytest.param(0, 0, TWO_THIRDS, 1, False, id="nobody sits, nobody decides"),
        pytest.param(49, 49, Fraction(1), 49, True, id="no rounding of 1/49 × 49"),
    ],
)
def test_quorum(present, members, share, needed, is_met):
    counted = quorum(present, members, share)

    assert (counted.needed, counted.is_met) == (needed, is_met)


@pytest.mark.parametrize(
    ("agree", "disagree", "abstain", "present", "is_carried"),
    [
        pytest.param(5, 4, 0, 9, True, id="five of nine"),
        pytest.param(4, 4, 0, 8, False, id="a tie is not carried"),
        pytest.param(4, 0, 4, 8, False, id="abstentions weigh among those present"),
        pytest.param(4, 0, 0, 8, False, id="so do those who do not vote"),
        pytest.param(5, 0, 0, 8, True, id="more than half of those present"),
        pytest.param(0, 0, 0, 0, False, id="nobody"),
    ],
)
def test_outcome_by_more_than_half(agree, disagree, abstain, present, is_carried):
    result = outcome(agree, disagree, abstain, present=present, majority=HALF)

    assert result.is_carried is is_carried
    assert result.cast + result.not_cast == present


@pytest.mark.parametrize("counts", [(-1, 0, 0), (2, 2, 0), (0, 0, 4)])
def test_impossible_counts_are_errors(counts):
    with pytest.raises(ValueError, match="votes"):
        outcome(*counts, present=3, majority=HALF)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(7, 6)])
def test_a_quorum_is_a_share(share):
    with pytest.raises(ValueError, match="share"):
        quorum(1, 2, share)


@pytest.mark.parametrize("majority", [Fraction(1), Fraction(-1, 2)])
def test_a_majority_is_a_share_below_one(majority):
    with pytest.raises(ValueError, match="share"):
        outcome(1, 0, 0, present=1, majority=majority)


def test_more_people_than_members_are_an_error():
    with pytest.raises(ValueError, match="present"):
        quorum(3, 2, HALF)


@given(members=st.integers(1, 200), share=SHARES, data=st.data())
def test_a_quorum_is_met_exactly_from_its_share_on(members, share, data):
    present = data.draw(st.integers(0, members))

    assert quorum(present, members, share).is_met == (
        Fraction(present, members) >= share
    )


@given(members=st.integers(0, 200), share=SHARES, data=st.data())
def test_more_people_never_break_a_quorum(members, share, data):
    present = data.draw(st.integers(0, members))
    more = data.draw(st.integers(present, members))

    assert quorum(present, members, share).is_met <= quorum(more, members, share).is_met


BALLOTS = st.lists(st.sampled_from(["agree", "disagree", "abstain", ""]), max_size=60)


def count(ballots, majority=HALF):
    return outcome(
        ballots.count("agree"),
        ballots.count("disagree"),
        ballots.count("abstain"),
        present=len(ballots),
        majority=majority,
    )


@given(BALLOTS)
def test_carried_means_that_those_who_agree_outnumber_all_others_present(ballots):
    others = len(ballots) - ballots.count("agree")

    assert count(ballots).is_carried == (ballots.count("agree") > others)


@given(BALLOTS, st.data())
def test_one_more_who_agrees_never_turns_a_carried_vote(ballots, data):
    if not ballots:
        return
    place = data.draw(st.integers(0, len(ballots) - 1))
    better = [*ballots[:place], "agree", *ballots[place + 1 :]]

    assert count(ballots).is_carried <= count(better).is_carried


@given(
    BALLOTS.flatmap(
        lambda ballots: st.tuples(st.just(ballots), st.permutations(ballots))
    )
)
def test_the_order_of_votes_does_not_matter(pair):
    first, second = pair

    assert count(first) == count(list(second))
