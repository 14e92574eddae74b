"""The application as it is served, in a process of its own that can be stopped.

On the database of the test, so its tests need ``django_db(transaction=True)``.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.plugin import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
START_TIME = 60


class Served:
    """``with Served() as server``: ``server.url``, ``server.stop()``, ``start()``."""

    def __init__(self, workers=1, threads=4):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.size = ["--workers", str(workers), "--threads", str(threads)]
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def start(self):
        """Returns when the server answers."""
        self.process = subprocess.Popen(
            [
                sys.executable,
                *["-m", "gunicorn", "par_index.wsgi"],
                *["--bind", f"127.0.0.1:{self.port}", "--log-level", "error"],
                *self.size,
            ],
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT, "DEBUG": "1", "DATABASE_URL": address()},
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + START_TIME
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError("gunicorn did not start")
            time.sleep(0.05)

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/session/", timeout=5):  # noqa: S310
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self):
        """At once, as by a power cut; open connections are gone with it."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


def address():
    """DATABASE_URL of the database that the test is using."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    user = quote(facts["USER"], safe="")
    password = quote(facts["PASSWORD"] or "", safe="")
    host = quote(facts["HOST"] or "", safe="")
    port = f":{facts['PORT']}" if facts["PORT"] else ""
    return f"postgresql://{user}:{password}@{host}{port}/{quote(facts['NAME'])}"
