"""Every role × every address: the answer, and what must not be seen.

A new address has to be given a row here: the first test fails until it has one.
"""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.access_world import (
    CHAIR_NAME,
    DRAFT_WORDS,
    KEYS,
    NEIGHBOUR,
    NEIGHBOUR_WORDS,
    NOTICE_WORDS,
    OWN_PROOF,
    OWN_WORDS,
    REMARK_WORDS,
    AccessWorld,
)

pytestmark = pytest.mark.django_db

OWN = {"officer", "leader"}
COUNCIL = {"chair", "secretary", "member"}
READERS = COUNCIL | {"manager", "inspector", "approver"}
JUDGES = READERS | {"appraiser"}
OF_THE_ROUND = OWN | JUDGES | {"neighbour"}
SIGNED_IN = OF_THE_ROUND | {"stranger", "administrator"}
EVERYBODY = SIGNED_IN | {"anonymous"}
NOBODY = set()
STATES = ("in self-assessment", "published")

# Pages: who reads them while the round runs, and who once it is published. For all
# others they do not exist (404); without a sign-in they lead to it, if not public.
PAGES = {
    "scoring:home": (SIGNED_IN, SIGNED_IN),
    "scoring:round-list": (EVERYBODY, EVERYBODY),
    "scoring:round-detail": (OF_THE_ROUND, SIGNED_IN),
    "scoring:round-progress": (READERS, READERS),
    "scoring:assessment-detail": (OWN | JUDGES, OWN | JUDGES),
    "scoring:evidence-file": (OWN | JUDGES, OWN | JUDGES),
    "scoring:cell-beside": (OWN | JUDGES, OWN | JUDGES),
    "scoring:evidence-version": (OWN | JUDGES, OWN | JUDGES),
    "scoring:evidence-library": (OWN | JUDGES, OWN | JUDGES),
    "scoring:evidence-describe": (OWN | JUDGES, OWN | JUDGES),
    "scoring:sheet-download": (OWN | JUDGES, OWN | JUDGES),
    "scoring:assessment-submit": (OWN, OWN),
    "scoring:report-detail": (OWN | JUDGES, OWN | JUDGES),
    "scoring:report-file": (OWN | JUDGES, OWN | JUDGES),
    "scoring:scan-file": (OWN | JUDGES, OWN | JUDGES),
    "scoring:appraisal-list": (JUDGES, JUDGES),
    "scoring:appraisal-detail": (JUDGES, OWN | JUDGES),
    "scoring:derivation-detail": (OWN | JUDGES, OWN | JUDGES),
    "scoring:result-list": (READERS, EVERYBODY),
    "scoring:result-export": (READERS, EVERYBODY),
    "councils:council-detail": (READERS, READERS),
    "councils:meeting-detail": (READERS, READERS),
    "councils:item-detail": (READERS, READERS),
    "councils:item-counters": (READERS, READERS),
    "councils:item-projector": (READERS, READERS),
    "councils:item-agency": (READERS, READERS),
    "scoring:notice-list": (SIGNED_IN, SIGNED_IN),
    "scoring:outbox": (NOBODY, NOBODY),  # there is one with DEMO=1 alone
    "login": (EVERYBODY, EVERYBODY),
    "scoring:session": (EVERYBODY, EVERYBODY),
    "password_change": (SIGNED_IN, SIGNED_IN),
    "password_change_done": (SIGNED_IN, SIGNED_IN),
    "password_reset": (EVERYBODY, EVERYBODY),
    "password_reset_done": (EVERYBODY, EVERYBODY),
    "password_reset_confirm": (EVERYBODY, EVERYBODY),
    "password_reset_complete": (EVERYBODY, EVERYBODY),
}
PUBLIC = {name for name, (running, __) in PAGES.items() if "anonymous" in running} | {
    "scoring:result-list",
    "scoring:result-export",
}
# Forms on pages of their own: who may fill them; who only sees what they are about
# gets 403. They are asked for by GET and sent by POST.
FORMS = {
    "scoring:evidence-attach": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-link-add": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-choose": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-link-describe": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-library-link": ({"officer"}, OWN | JUDGES),
    "scoring:sheet-upload": ({"officer"}, OWN | JUDGES),
    "scoring:assessment-extend": ({"manager"}, OWN | JUDGES),
    "scoring:assessment-reopen": ({"manager"}, OWN | JUDGES),
    "scoring:round-notices": ({"manager"}, NOBODY),
    "scoring:import-scores": ({"manager"}, OF_THE_ROUND | {"administrator"}),
    "scoring:import-surveys": ({"manager"}, OF_THE_ROUND | {"administrator"}),
    "scoring:document-list": ({"manager"}, OF_THE_ROUND),
}
TEMPLATES = {
    "scoring:document-default": FORMS["scoring:document-list"],
    "scoring:document-version": FORMS["scoring:document-list"],
    "scoring:evidence-known": ({"officer"}, OWN | JUDGES),
    "scoring:import-scores-template": FORMS["scoring:import-scores"],
    "scoring:import-surveys-template": FORMS["scoring:import-surveys"],
}
# A row of a sheet: asked for alone it leads back to its sheet.
ROWS = {
    "scoring:cell-save": (OWN | JUDGES, OWN | JUDGES),
    "scoring:appraisal-save": (JUDGES, OWN | JUDGES),
}
# Acts: who holds the role for it, and who only sees what it is about (403). Whether
# the state and the clock allow it is a sentence of the action, not an answer 403.
ACTS = {
    "scoring:cell-save": ({"officer"}, OWN | JUDGES),
    "scoring:cell-preview": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-reuse": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-detach": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-replace": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-remove": ({"officer"}, OWN | JUDGES),
    "scoring:evidence-library-reuse": ({"officer"}, OWN | JUDGES),
    "scoring:assessment-hand-over": ({"officer"}, OWN | JUDGES),
    "scoring:assessment-hand-back": ({"leader"}, OWN | JUDGES),
    "scoring:assessment-lock": ({"leader"}, OWN | JUDGES),
    "scoring:assessment-take-back": ({"officer"}, OWN | JUDGES),
    "scoring:assessment-withdraw": ({"leader"}, OWN | JUDGES),
    "scoring:scan-attach": (OWN, OWN | JUDGES),
    # What leader and officer write to each other exists for them and the inspector.
    "scoring:remark-write": ({"leader"}, OWN | {"inspector"}),
    "scoring:remark-resolve": ({"officer"}, OWN | {"inspector"}),
    "scoring:remark-take-back": ({"leader"}, OWN | {"inspector"}),
    "scoring:document-use-default": FORMS["scoring:document-list"],
    "scoring:notice-read": ({"officer"}, NOBODY),
    "scoring:notice-read-all": (SIGNED_IN, NOBODY),
    "scoring:mail-retry": ({"manager"}, NOBODY),
    "scoring:mail-retry-all": ({"manager"}, NOBODY),
    "scoring:appraisal-save": ({"appraiser"}, JUDGES),
    "scoring:appraisal-accept-rest": ({"appraiser"}, JUDGES),
    "councils:council-establish": ({"manager"}, READERS),
    "councils:member-appoint": ({"manager"}, READERS),
    "councils:member-dismiss": ({"manager"}, READERS),
    "councils:meeting-plan": ({"manager", "secretary"}, READERS),
    "councils:meeting-open": ({"chair", "secretary"}, READERS),
    "councils:meeting-close": ({"secretary"}, READERS),
    "councils:presence-mark": ({"secretary"}, READERS),
    "councils:meeting-conclude": ({"chair"}, READERS),
    "councils:vote-open": ({"secretary"}, READERS),
    "councils:vote-close": ({"secretary"}, READERS),
    "councils:vote-cast": (COUNCIL, READERS),
    "councils:opinion-record": (COUNCIL, READERS),
    "councils:item-adopt": ({"chair"}, READERS),
}
# Acts on oneself, whoever one is.
PERSONAL = {"logout", "set_language"}
# Once published, an agency sees its appraisal, and so that it may not write it.
SEEN_WHEN_PUBLISHED = {
    "scoring:document-list": {"stranger", "administrator"},
    "scoring:document-default": {"stranger", "administrator"},
    "scoring:document-version": {"stranger", "administrator"},
    "scoring:document-use-default": {"stranger", "administrator"},
    "scoring:appraisal-save": OWN,
    "scoring:appraisal-accept-rest": OWN,
    "scoring:import-scores": {"stranger"},
    "scoring:import-surveys": {"stranger"},
    "scoring:import-scores-template": {"stranger"},
    "scoring:import-surveys-template": {"stranger"},
}
LOGIN = "sign in"
DONE = "answered"


@pytest.fixture(params=STATES)
def published(request):
    return request.param == "published"


@pytest.fixture
def world(published):
    return AccessWorld(published=published)


def test_every_address_has_its_row():
    rows = {*PAGES, *FORMS, *TEMPLATES, *ROWS, *ACTS, *PERSONAL}

    assert set(KEYS) == rows


def expected_of_reading(who, published):
    answers = {}
    for name, readers in {**PAGES, **ROWS}.items():
        if who == "anonymous" and name not in PUBLIC:
            answers[name] = LOGIN
        elif who in readers[published]:
            answers[name] = 302 if name in ROWS else 200
        else:
            answers[name] = 404
    for name, (may, sees) in {**FORMS, **TEMPLATES}.items():
        answers[name] = by_right(name, who, may, sees, published, 200)
    return answers


def by_right(name, who, may, sees, published, done):
    if who == "anonymous":
        return LOGIN
    if who in may:
        return done
    if published:
        sees = sees | SEEN_WHEN_PUBLISHED.get(name, NOBODY)
    return 403 if who in sees else 404


def answer_of(response):
    if response.status_code == 302 and response["Location"].startswith(
        reverse("login")
    ):
        return LOGIN
    return response.status_code


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_who_reads_what(world, published, who):
    expected = expected_of_reading(who, published)

    answers = {name: answer_of(world.ask(who, "get", name)) for name in expected}

    assert answers == expected


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_who_may_act(world, published, who):
    expected = {
        name: by_right(name, who, may, sees, published, DONE)
        for name, (may, sees) in {**FORMS, **ACTS}.items()
    }

    answers = {name: answer_of(world.ask(who, "post", name)) for name in expected}

    assert {
        name: DONE if answer in (200, 302, 409, 422) else answer
        for name, answer in answers.items()
    } == expected


def test_acts_are_never_taken_by_looking():
    world = AccessWorld()
    acts = set(ACTS) - set(ROWS)

    answers = {
        (name, who): world.ask(who, "get", name).status_code
        for name in acts
        for who in ("officer", "manager", "secretary")
    }

    assert set(answers.values()) == {405}


# --- what must not be seen --------------------------------------------------------

AGENCIES = OWN | {"neighbour"}
OUTSIDE = AGENCIES | {"anonymous", "stranger", "administrator"}
# Words → who never sees them while the round runs, and once it is published.
SECRETS = {
    DRAFT_WORDS: (OUTSIDE, OUTSIDE - OWN),
    OWN_WORDS: (OUTSIDE - OWN, OUTSIDE - OWN),
    OWN_PROOF: (OUTSIDE - OWN, OUTSIDE - OWN),
    NEIGHBOUR_WORDS: (OUTSIDE - {"neighbour"}, OUTSIDE - {"neighbour"}),
    NEIGHBOUR: (OUTSIDE - {"neighbour"}, NOBODY),
    CHAIR_NAME: (OUTSIDE | {"appraiser"}, OUTSIDE | {"appraiser"}),
    NOTICE_WORDS: (OUTSIDE - {"officer"}, OUTSIDE - {"officer"}),
    REMARK_WORDS: (
        OUTSIDE - OWN | {"appraiser"},
        OUTSIDE - OWN | {"appraiser"},
    ),
}
READABLE = sorted(
    {*PAGES, *ROWS, *FORMS}
    - {"scoring:evidence-file", "scoring:evidence-version", "scoring:scan-file"}
)


def words_read(world, who):
    """All that a person reads on every page, rows opened in place included."""
    texts = [
        world.ask(who, "get", name).content.decode(errors="replace")
        for name in READABLE
    ]
    client = world.client(who)
    for name in ROWS:
        fragment = client.get(world.address(name), headers={"HX-Request": "true"})
        texts.append(fragment.content.decode())
    for view in ("self", "appraised", "explained", "final"):
        for name in ("scoring:derivation-detail", "scoring:result-list"):
            address = f"{world.address(name)}?view={view}"
            texts.append(client.get(address).content.decode())
    return "\n".join(texts)


@pytest.mark.parametrize("who", sorted(OUTSIDE | {"appraiser"}))
def test_nobody_reads_what_is_kept_from_them(world, published, who):
    read = words_read(world, who)

    found = [word for word in SECRETS if word in read]
    assert [w for w in found if who in SECRETS[w][published]] == []


def test_the_secrets_are_there_for_who_may_read_them(world):
    """Otherwise the test before could not fail."""
    read = words_read(world, "inspector")

    assert [
        word for word in (DRAFT_WORDS, OWN_WORDS, CHAIR_NAME) if word not in read
    ] == []
    assert OWN_WORDS in words_read(world, "officer")
    assert NOTICE_WORDS in words_read(world, "officer")
    assert REMARK_WORDS in words_read(world, "officer")
    assert NEIGHBOUR in words_read(world, "neighbour")


def test_the_appraised_figures_reach_the_agency_only_by_publication(published, world):
    """0.25 was given where the agency gave itself 0.5."""
    read = words_read(world, "officer")

    assert ("0,25" in read) is published


# --- the admin --------------------------------------------------------------------


def admin_addresses():
    """Of the admin, the pages that need no further word; its models' among them."""
    names = [*get_resolver().namespace_dict["admin"][1].reverse_dict.keys()]
    for name in names:
        if isinstance(name, str):
            try:
                yield reverse(f"admin:{name}")
            except NoReverseMatch:
                continue


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"administrator"}))
def test_the_admin_is_the_administrators(who):
    world = AccessWorld()
    client = world.client(who)
    addresses = {*admin_addresses()} - {
        reverse("admin:login"),
        reverse("admin:logout"),
        reverse("admin:jsi18n"),
    }

    answers = {address: client.get(address) for address in addresses}

    assert len(addresses) > 10
    assert [
        address
        for address, answer in answers.items()
        if answer.status_code != 302
        or not answer["Location"].startswith(reverse("admin:login"))
    ] == []
