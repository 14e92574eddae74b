"""What the administrator may look at: who sits, and what was decided when.

Seats are given by the round's manager on the Council's pages, with the role that
goes with them; votes and opinions by the members themselves.
"""

from django.contrib import admin

from councils.models import AgendaItem, Council, Meeting, Member
from scoring.admin.sheets import ReadOnly


class MemberInline(ReadOnly, admin.TabularInline):
    model = Member
    fields = ["user", "post", "is_voting", "position", "dismissed_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")


@admin.register(Council)
class CouncilAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["round", "decision"]
    list_select_related = ["round"]
    inlines = [MemberInline]


class AgendaItemInline(ReadOnly, admin.TabularInline):
    model = AgendaItem
    fields = [
        "position",
        "group",
        "voting_opened_at",
        "voting_closed_at",
        "agree_count",
        "disagree_count",
        "abstain_count",
        "is_carried",
        "adopted_at",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("group__round")


@admin.register(Meeting)
class MeetingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["council", "number", "held_at", "place", "opened_at", "closed_at"]
    list_select_related = ["council__round"]
    inlines = [AgendaItemInline]
