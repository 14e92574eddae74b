"""The application served by gunicorn, as operating.md says, and a crowd that calls it.

Traffic goes to 127.0.0.1 alone. The crowd is plain sockets in one event loop, so that
what is measured is the server and not its callers.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.backends.db import SessionStore

ROOT = Path(__file__).resolve().parents[2]

TOKEN = "b" * 32
START_TIME, PATIENCE = 90, 60


class Served:
    """``with Served("par_index.settings") as server``: ``server.port``.

    As operating.md says: a worker per core and few threads in each, for threads of one
    process take turns, and whoever holds SQLite's only pen should get it back soon.
    """

    def __init__(self, module, workers=2, threads=4, media=settings.MEDIA_ROOT):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.module, self.media = module, str(media)
        self.size = ["--workers", str(workers), "--threads", str(threads)]

    def __enter__(self):
        self.process = subprocess.Popen(
            [
                sys.executable,
                *["-m", "gunicorn", "par_index.wsgi", "--log-level", "error"],
                *["--bind", f"127.0.0.1:{self.port}", "--keep-alive", "75"],
                *self.size,
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": self.module,
                "MEDIA_ROOT": self.media,
            },
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + START_TIME
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError("gunicorn did not start; see what it wrote above")
            time.sleep(0.1)
        return self

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def session_of(user):
    """The key of a session in which the person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


@dataclass(slots=True)
class Answer:
    status: int
    headers: dict
    body: bytes
    seconds: float


@dataclass(slots=True)
class Caller:
    """One browser window: one connection that is kept, one signed-in person."""

    port: int
    session: str
    streams: tuple = field(default=None)

    async def post(self, path, fields, files=(), **headers):
        """An Answer; a connection that breaks is an error of the server's."""
        body, kind = _encoded(fields, files)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={TOKEN}\r\n"
            f"X-CSRFToken: {TOKEN}\r\nHX-Request: true\r\n{more}"
            f"Content-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return await self._ask(head.encode() + body)

    async def get(self, path):
        return await self._ask(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={TOKEN}\r\n\r\n".encode()
        )

    async def _ask(self, request):
        started = time.perf_counter()
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(request)
        status, headers, body = await asyncio.wait_for(_read(reader), PATIENCE)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body, time.perf_counter() - started)

    def close(self):
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


def _encoded(fields, files):
    if not files:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    mark = "----------bench"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        f"{value}\r\n".encode()
        for name, value in fields.items()
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; '
        f'filename="{filename}"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, filename, content in files
    ]
    return b"".join(parts) + f"--{mark}--\r\n".encode(), (
        f"multipart/form-data; boundary={mark}"
    )


async def _read(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {}
    for line in head[1:]:
        name, __, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(head[0].split()[1]), headers, body


async def _read_chunks(reader):
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
