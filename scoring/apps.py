from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import pgettext_lazy


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = pgettext_lazy("application", "Scoring")

    def ready(self):
        # The models exist only now, so this cannot be imported at the top.
        from scoring.models import append_only  # noqa: PLC0415

        post_migrate.connect(append_only.lay_after_migrate, sender=self)
        checks.register(append_only.check_triggers, checks.Tags.database)
