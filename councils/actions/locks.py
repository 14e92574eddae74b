"""What every act of a Council begins with: its row, read again and held."""

from councils.models import AgendaItem, Council, Meeting


def lock_council(council):
    return (
        Council.objects.select_for_update(of=("self",))
        .select_related("round")
        .get(pk=council.pk)
    )


def lock_meeting(meeting_id):
    """The meeting, before anything of it is read: its acts follow one another."""
    return (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("council__round")
        .get(pk=meeting_id)
    )


def lock_item(item):
    """An item as it stands once its meeting is held."""
    meeting = lock_meeting(item.meeting_id)
    item = AgendaItem.objects.select_related(
        "group__round", "group__group", "group__criteria_set"
    ).get(pk=item.pk)
    item.meeting = meeting
    return item
