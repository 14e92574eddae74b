"""The Council of a round, from its decision to frozen figures, page by page.

Everybody uses the browser-less client as a browser without script would: forms as
they stand on the pages, redirects followed.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from councils.models import AgendaItem, Council, Meeting, Member, Opinion
from scoring.labels import Layer, PhaseName
from scoring.models import FrozenResult, LedgerLine
from scoring.refusals import Refused
from scoring.states import GroupState
from tests.councils.worlds import CouncilWorld
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


class BeforeTheCouncil(CouncilWorld):
    """Complete files, and nobody has set up a Council yet."""

    def __init__(self, **options):
        super().__init__(members=0, **options)
        Meeting.objects.all().delete()
        Member.objects.all().delete()
        Council.objects.all().delete()


class Person:
    """One account at one machine."""

    def __init__(self, user):
        self.user = user
        self.browser = Client(enforce_csrf_checks=True)
        self.browser.force_login(user)

    def look(self, url):
        answer = self.browser.get(url)
        assert answer.status_code == 200, url
        return answer.content.decode()

    def press(self, page, action, **givens):
        """Send the form of ``page`` that leads to ``action``; the page after it."""
        text = self.look(page)
        form = re.search(rf'<form[^>]*action="{action}".*?</form>', text, re.DOTALL)
        assert form, f"{page} has no form to {action}"
        hidden = dict(
            re.findall(
                r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group()
            )
        )
        answer = self.browser.post(
            action, {**hidden, **givens}, HTTP_REFERER=f"http://testserver{page}"
        )
        assert answer.status_code == 302, answer.content.decode()
        return self.look(answer["Location"].removeprefix("http://testserver"))


def test_a_council_meets_and_adopts_the_results_of_a_group():
    world = BeforeTheCouncil(agencies=2, groups=2, phase=PhaseName.COUNCIL)
    year = world.round.year
    manager = Person(world.clerk_of_the_round)
    people = [UserFactory(full_name=f"Thành viên {n}") for n in range(4)]
    council = reverse("councils:council-detail", args=[year])

    # The manager sets up the Council and plans its meeting.
    manager.press(council, f"{council}establish/", decision="QĐ 31/QĐ-UBND")
    for user, post in zip(
        people, ("chair", "secretary", "member", "member"), strict=True
    ):
        manager.press(
            council, f"{council}members/", user=user.pk, post=post, is_voting="on"
        )
    when = timezone.localtime(timezone.now() + timedelta(hours=1))
    page = manager.press(
        council,
        f"{council}meetings/",
        held_at=when.strftime("%Y-%m-%dT%H:%M"),
        place="Phòng họp số 1",
        groups=[group.pk for group in world.groups],
    )
    assert "Phòng họp số 1" in page
    assert all(group.name in page for group in world.groups)
    meeting = f"{council}meetings/1/"
    item = f"{meeting}groups/{world.group.group.code}/"
    chair, secretary, first, second = (Person(user) for user in people)

    # The secretary opens it and notes who has come: one member is missing.
    secretary.press(meeting, f"{meeting}open/")
    secretary.press(meeting, f"{meeting}presence/", present="1")
    page = secretary.press(
        meeting, f"{meeting}presence/", member=seat_of(people[3]), present="0"
    )
    assert "3/4" in page

    # A member reads the ranking, opens an agency and says what is to be looked at.
    page = first.look(item)
    assert page.index(world.files[0].name_vi) < page.index(world.files[1].name_vi)
    assert "83,00" in page
    agency = f"{item}agencies/{world.files[0].agency.code}/"
    page = first.press(
        agency, f"{item}opinions/", text="Cần bổ sung căn cứ.", criterion="1.2"
    )
    assert "Cần bổ sung căn cứ." in page
    assert Opinion.objects.get().assessment == world.files[0]

    # The vote: open, cast, closed. Who is absent has no buttons.
    secretary.press(item, f"{item}vote/open/")
    for person in (chair, secretary):
        person.press(item, f"{item}vote/", choice="agree")
    first.press(item, f"{item}vote/", choice="disagree")
    assert f'action="{item}vote/"' not in second.look(item)
    page = secretary.press(item, f"{item}vote/close/")
    assert f'action="{item}vote/"' not in page
    row = AgendaItem.objects.get(group=world.group)
    assert (row.agree_count, row.disagree_count, row.present_count) == (2, 1, 3)

    # The chair adopts and concludes; the figures are frozen.
    page = chair.press(item, f"{item}adopt/")
    assert f'action="{item}adopt/"' not in page
    world.group.refresh_from_db()
    assert world.group.state == GroupState.ADOPTED
    assert [
        (row.rank, row.index, row.agency_code)
        for row in FrozenResult.objects.order_by("rank")
    ] == [
        (1, 83, world.files[0].agency.code),
        (2, 82, world.files[1].agency.code),
    ]
    page = chair.press(
        meeting, f"{meeting}conclusion/", text="Thông qua; rà soát sai sót kỹ thuật."
    )
    assert "Thông qua; rà soát sai sót kỹ thuật." in page
    secretary.press(meeting, f"{meeting}close/")

    # Nothing of the adopted group moves any more; the other group still can.
    lines = LedgerLine.objects.count()
    with pytest.raises(Refused, match=world.group.name):
        world.survey(world.files[0], "2.1", "1")
    assert LedgerLine.objects.count() == lines
    world.write(world.files[2], "1.3", Layer.COUNCIL, points="0.5")
    assert "83,00" in second.look(item)

    # What was left over is the agenda of the next meeting.
    page = secretary.press(
        council,
        f"{council}meetings/",
        held_at=when.strftime("%Y-%m-%dT%H:%M"),
        groups=[world.groups[1].pk],
    )
    assert world.groups[1].name in page
    assert world.group.name not in page


def seat_of(user):
    return Member.objects.get(user=user).pk
