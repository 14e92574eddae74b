"""A round before the Council: complete files, a Council with its people, a meeting."""

from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from councils.actions import items, meetings, members, votes
from councils.labels import Post
from councils.models import AgendaItem, Member
from scoring.actions import cells, files, surveys
from scoring.actions.cells import CellChange
from scoring.actions.surveys import SurveyFigure
from scoring.labels import Layer, LedgerKind, PhaseName
from scoring.models import RoundGroup
from tests.factories import UserFactory, World


class CouncilWorld(World):
    """Of each group the first file scores best; 1.3 alone differs from file to file.

    >>> world = CouncilWorld(agencies=2, members=2)
    >>> world.chair, world.secretary, world.voters, world.meeting, world.item
    """

    def __init__(
        self, agencies=2, groups=1, members=2, phase=PhaseName.COUNCIL, **options
    ):
        super().__init__(agencies=agencies, groups=groups, phase=phase, **options)
        self.clerk_of_the_round = self.manager()
        for file in self.files:
            self.complete(file)
        self.council = self._council()
        self.chair = self.sit(Post.CHAIR)
        self.secretary = self.sit(Post.SECRETARY)
        self.voters = [self.sit(Post.MEMBER) for __ in range(members)]
        self.people = [self.chair, self.secretary, *self.voters]
        self.meeting = meetings.plan(
            self.council, held_at=timezone.now(), by=self.clerk_of_the_round
        )
        self.item = self.item_of(self.group)

    def _council(self):
        return members.establish(
            self.round, decision="QĐ 12/QĐ-UBND", by=self.clerk_of_the_round
        )

    def sit(self, post, **options):
        user = UserFactory(**options)
        members.appoint(self.council, user, post, by=self.clerk_of_the_round)
        return user

    def seat(self, user):
        return Member.objects.get(council=self.council, user=user)

    def item_of(self, group):
        return AgendaItem.objects.get(meeting=self.meeting, group=group)

    def complete(self, file, spare=None):
        """Self-assessed and appraised everywhere, surveys in; ``spare``: 1.3 appraised."""
        tenths = max(9 - file.position, 0) if spare is None else spare
        self.write(file, "1.1", Layer.SELF, data={"option": 1})
        self.write(file, "1.2", Layer.SELF, points="3")
        self.write(file, "1.3", Layer.SELF, points="1")
        self.write(file, "1.1", Layer.APPRAISED, data={"option": 2})
        self.write(file, "1.2", Layer.APPRAISED, points="3")
        self.write(file, "1.3", Layer.APPRAISED, points=f"0.{tenths}")
        self.survey(file, "2.1", "80")
        self.survey(file, "2.2", "90")

    @transaction.atomic
    def write(self, file, code, layer, *, points=None, data=None, reason="lý do"):
        """As a round bundle would: bound to no phase, by the one door."""
        change = CellChange(
            code,
            layer,
            points=None if points is None else Decimal(points),
            data=data,
            reason=reason,
        )
        locked = files.lock(file)
        cells.write(
            locked,
            cells.check(locked, [change]),
            cells._present(locked, [change]),
            by=self.clerk_of_the_round,
            at=timezone.now(),
            kind=LedgerKind.LOADED,
        )

    def survey(self, file, code, percent):
        figure = SurveyFigure(file.agency.code, code, 100, Decimal(percent))
        surveys.save(self.round, [figure], by=self.clerk_of_the_round)

    # --- the meeting --------------------------------------------------------------

    def gather(self, *people):
        """Open the meeting and note who is present (all where none is named)."""
        meetings.open_(self.meeting, by=self.secretary)
        self.meeting.refresh_from_db()
        seats = [self.seat(user) for user in people or self.people]
        meetings.mark_presence(self.meeting, seats, True, by=self.secretary)

    def leave(self, *people):
        seats = [self.seat(user) for user in people]
        meetings.mark_presence(self.meeting, seats, False, by=self.secretary)

    def open_vote(self):
        items.open_vote(self.item, by=self.secretary)
        self.item = self.fresh(self.item)

    def vote(self, choice, *people):
        for user in people or self.people:
            votes.cast(self.item, choice, by=user)

    def close_vote(self):
        items.close_vote(self.item, by=self.secretary)
        self.item = self.fresh(self.item)

    def carry(self):
        """A whole vote in which everybody agrees."""
        self.gather()
        self.open_vote()
        self.vote("agree")
        self.close_vote()

    def fresh(self, row):
        return type(row).objects.get(pk=row.pk)

    def group_now(self):
        return RoundGroup.objects.get(pk=self.group.pk)

    # --- addresses ----------------------------------------------------------------

    def url(self, name, *rest):
        """Of a page of the Council, a meeting or an item, by its name."""
        args = [self.round.year]
        if not name.startswith(("council-", "member-", "meeting-plan")):
            args.append(self.meeting.number)
        if name.startswith(("item-", "vote-", "opinion-")):
            args.append(self.group.group.code)
        return reverse(f"councils:{name}", args=[*args, *rest])
