"""Django's forms for accounts, where ours do something else."""

import secrets

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.core.validators import MaxLengthValidator
from django.template.loader import render_to_string

from scoring.actions import mail

PASSWORD_RESET = "password_reset"  # noqa: S105 - the kind of a mail


class NamesOfAccounts:
    """Django tells the browser how long a name may be, and takes a longer one; the
    record of failures then has no room for it."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))


class SignInForm(NamesOfAccounts, AuthenticationForm):
    pass


class AdminSignInForm(NamesOfAccounts, AdminAuthenticationForm):
    pass


class QueuedPasswordResetForm(PasswordResetForm):
    """The link for a new password goes through the queue, as all mails do: no request
    waits for a mail server, and the answer takes as long for unknown addresses."""

    def send_mail(
        self,
        subject_template_name,
        email_template_name,
        context,
        from_email,
        to_email,
        html_email_template_name=None,
    ):
        mail.queue(
            context["user"],
            kind=PASSWORD_RESET,
            subject=render_to_string(subject_template_name, context),
            text=render_to_string(email_template_name, context),
            key=f"{PASSWORD_RESET}:{secrets.token_hex(16)}",
        )
