"""What people were told: the list under the bell, and the manager's reminders."""

import re
import secrets

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from scoring.actions import mail, notices, reminders
from scoring.demo import people
from scoring.forms.notices import ReminderForm, UptoForm
from scoring.labels import MailState
from scoring.models import Mail, Notice
from scoring.permissions import round_rights
from scoring.queries.notices import (
    is_reminder_sent,
    mail_counts,
    mails_of,
    mails_to,
    notice_lines,
    notices_of,
    reminders_of,
    same_reminder,
)
from scoring.queries.reminders import (
    STATES,
    addressees,
    filled,
    placeholders,
    proposed_words,
)
from scoring.queries.rounds import round_groups
from scoring.states import FileState
from scoring.views.guards import require_sight, round_or_404

NOTICES_A_PAGE = 30
MAILS_A_PAGE = 50
MOST_REMINDERS = 5
TOKEN = re.compile(r"[0-9a-f]{32}")
# How a mail's state is shown: shape and colour of the badge.
STATE_KINDS = {
    MailState.WAITING: "waiting",
    MailState.SENDING: "working",
    MailState.SENT: "done",
    MailState.FAILED: "late",
    MailState.NO_ADDRESS: "none",
}


# --- under the bell -----------------------------------------------------------------


@login_required
@require_GET
def notice_list(request):
    unread_only = "unread" in request.GET
    page = Paginator(
        notices_of(request.user, unread_only=unread_only), NOTICES_A_PAGE
    ).get_page(request.GET.get("page"))
    lines = notice_lines(page.object_list, request.user)
    return render(
        request,
        "scoring/notices/list.html",
        {
            "lines": lines,
            "page_obj": page,
            "query": "&unread" if unread_only else "",
            "unread_only": unread_only,
            "upto": max((line.notice.pk for line in lines), default=0),
            "has_outbox": settings.DEMO,
        },
    )


@login_required
@require_POST
def notice_read(request, pk):
    """Mark one's own notice as read and, where asked, go on to what it is about."""
    own = Notice.objects.select_related("round", "assessment__agency")
    notice = get_object_or_404(own, pk=pk, recipient=request.user)
    notices.mark_read(notice, by=request.user)
    if "go" in request.POST:
        [line] = notice_lines([notice], request.user)
        if line.address:
            return redirect(line.address)
    return redirect("scoring:notice-list")


@login_required
@require_POST
def notice_read_all(request):
    form = UptoForm(request.POST)
    if form.is_valid():
        notices.mark_all_read(by=request.user, upto=form.cleaned_data["upto"])
    return redirect("scoring:notice-list")


# --- the manager's reminders ----------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def round_notices(request, year):
    """Remind agencies: choose and write, look at it, send; below, what was sent."""
    round_ = _managed_round(request, year)
    groups = round_groups(round_)
    if request.method == "GET":
        return _write_page(request, round_, _blank_form(request, groups))
    form = ReminderForm(request.POST, groups=groups)
    if not form.is_valid():
        return _write_page(request, round_, form)
    if request.POST.get("act") == "edit":
        return _write_page(
            request, round_, ReminderForm(groups=groups, initial=form.cleaned_data)
        )
    if request.POST.get("act") == "send":
        return _send(request, round_, form)
    return _preview(request, round_, form, token=secrets.token_hex(16))


def _managed_round(request, year):
    round_ = round_or_404(request, year)
    require_sight(round_rights(request.user, round_).manage)
    return round_


def _blank_form(request, groups):
    """Chosen beforehand by the address, from the page of progress."""
    chosen = [state for state in request.GET.getlist("file_state") if state in STATES]
    initial = {
        "states": chosen or [FileState.NOT_STARTED, FileState.SCORING],
        "groups": [code for code in request.GET.getlist("group") if code],
        **proposed_words(),
    }
    return ReminderForm(groups=groups, initial=initial)


def _write_page(request, round_, form):
    state, counts = request.GET.get("state", ""), mail_counts(round_)
    page = Paginator(mails_of(round_, state), MAILS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "scoring/notices/write.html",
        {
            "round": round_,
            "form": form,
            "placeholders": placeholders(),
            "reminders": reminders_of(round_)[:MOST_REMINDERS],
            "counts": counts,
            "has_failed": MailState.FAILED in dict(counts),
            "mails": [(row, STATE_KINDS[row.state]) for row in page.object_list],
            "page_obj": page,
            "state": state,
            "query": f"&state={state}" if state in MailState else "",
        },
        status=422 if form.is_bound else 200,
    )


def _preview(request, round_, form, *, token, changed=False):
    subject, text = form.cleaned_data["subject"], form.cleaned_data["text"]
    found = addressees(round_, form.choice())
    return render(
        request,
        "scoring/notices/preview.html",
        {
            "round": round_,
            "form": form,
            "people": found.people,
            "nobody": found.nobody,
            "without_address": len(found.without_address()),
            "samples": [
                (one, filled(subject, one.row), filled(text, one.row))
                for one in found.samples()
            ],
            "token": token,
            "seen": found.fingerprint(subject, text),
            "changed": changed,
            "same": same_reminder(round_, subject, text),
        },
        status=409 if changed else 200,
    )


def _send(request, round_, form):
    """Send what was looked at; when others would be reminded by now, show them."""
    subject, text = form.cleaned_data["subject"], form.cleaned_data["text"]
    token, seen = request.POST.get("token", ""), request.POST.get("seen", "")
    if not TOKEN.fullmatch(token):
        return _preview(request, round_, form, token=secrets.token_hex(16))
    is_sent = is_reminder_sent(round_, token)
    now = addressees(round_, form.choice()).fingerprint(subject, text)
    if not is_sent and now != seen:
        return _preview(request, round_, form, token=token, changed=True)
    sent = reminders.send(
        round_,
        form.choice(),
        subject=subject,
        text=text,
        token=token,
        seen=seen,
        by=request.user,
    )
    if is_sent:
        messages.info(request, _("This reminder had been sent; nothing was doubled."))
    else:
        text = ngettext(
            "%(number)s person has been reminded.",
            "%(number)s people have been reminded.",
            sent.recipients,
        )
        messages.success(request, text % {"number": sent.recipients})
    return redirect("scoring:round-notices", round_.year)


@login_required
@require_POST
def mail_retry(request, year, pk):
    round_ = _managed_round(request, year)
    row = get_object_or_404(Mail, pk=pk, round=round_)
    mail.try_again(row, by=request.user)
    messages.success(
        request,
        _("The mail to %(name)s waits to be sent.") % {"name": row.recipient_name},
    )
    return redirect("scoring:round-notices", year)


@login_required
@require_POST
def mail_retry_all(request, year):
    round_ = _managed_round(request, year)
    number = mail.try_all_again(round_, by=request.user)
    text = ngettext(
        "%(number)s mail waits to be sent.", "%(number)s mails wait to be sent.", number
    )
    messages.success(request, text % {"number": number})
    return redirect("scoring:round-notices", year)


# --- the demonstration's outbox -------------------------------------------------------


@login_required
@require_GET
def outbox(request):
    """All mails to the accounts of the demonstration; there is none elsewhere."""
    accounts = [account.username for account in people.ACCOUNTS]
    own = request.user.username
    require_sight(settings.DEMO and own in {*accounts, people.ADMINISTRATOR})
    to = request.GET.get("to", "")
    mails = mails_to([to] if to in accounts else accounts, without=mail.SECRET_KINDS)
    page = Paginator(mails, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "scoring/notices/outbox.html",
        {
            "mails": [(row, STATE_KINDS[row.state]) for row in page.object_list],
            "page_obj": page,
            "accounts": people.ACCOUNTS,
            "to": to,
            "query": f"&to={to}" if to in accounts else "",
        },
    )
