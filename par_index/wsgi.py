"""Entry point for WSGI servers. Refuses to start on a database that is not protected."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "par_index.settings")

application = get_wsgi_application()

# Servers run no checks by themselves; without its triggers the ledger could be edited.
call_command("check", databases=["default"], tags=["database"], verbosity=0)
