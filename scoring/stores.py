"""Where evidence files lie when a server of S3's kind keeps them.

Loaded only when the settings name a bucket: the libraries behind it are large.
"""

from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

# A person waits: few and short tries. Stores of other makers know no newer checksums.
PATIENCE = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class StoreFailed(OSError):
    """The store did not do what it was asked; callers know it as any disk's failure."""


@contextmanager
def failing_as_a_disk():
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise StoreFailed(str(error)) from error


class PrivateStorage(S3Storage):
    """Files are read through the site's own views alone: there are no addresses."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.client_config = self.client_config.merge(PATIENCE)

    def _open(self, name, mode="rb"):
        with failing_as_a_disk():
            opened = super()._open(name, mode)
            if "r" in mode:
                opened.open()  # fetched now, so that it fails here and nowhere later
            return opened

    def _save(self, name, content):
        with failing_as_a_disk():
            return super()._save(name, content)

    def exists(self, name):
        with failing_as_a_disk():
            return super().exists(name)

    def delete(self, name):
        with failing_as_a_disk():
            super().delete(name)

    def url(self, name, parameters=None, expire=None, http_method=None):
        raise NotImplementedError("evidence has no public address")
