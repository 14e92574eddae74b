"""Evidence in a store of S3's kind: a server on this machine answers as S3 does."""

import boto3
import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from moto.server import ThreadedMotoServer

from scoring.actions import evidence
from scoring.models import EvidenceDocument
from scoring.refusals import Unavailable
from tests.factories import World
from tests.papers import PDF, pdf

pytestmark = pytest.mark.django_db

BUCKET = "tai-lieu"
KEYS = {"region_name": "ap-southeast-1"}
DETAILS = {"title": "Kế hoạch"}


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(server, monkeypatch):
    made = boto3.resource(
        "s3",
        endpoint_url=server,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        **KEYS,
    ).create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": KEYS["region_name"]},
    )
    yield made
    made.objects.all().delete()
    made.delete()


@pytest.fixture
def s3(server, settings):
    """The store as the settings make it from the environment."""
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": server,
        "access_key": "key",
        "secret_key": "secret",
        "default_acl": None,
        "file_overwrite": False,
        **KEYS,
    }
    backend = {"BACKEND": "scoring.stores.PrivateStorage", "OPTIONS": options}
    with override_settings(STORAGES={**settings.STORAGES, "default": backend}):
        yield


@pytest.fixture
def world():
    return World()


def add(world):
    return evidence.add(
        world.file, details=DETAILS, upload=pdf("Kế hoạch.pdf"), by=world.officer()
    )


def names(bucket):
    return [item.key for item in bucket.objects.all()]


def test_a_file_is_stored_read_through_the_view_and_deleted_with_its_document(
    s3, bucket, world, client, django_capture_on_commit_callbacks
):
    document = add(world)
    assert names(bucket) == [document.current.file.name]

    client.force_login(world.officer())
    response = client.get(f"/evidence/{document.pk}/")
    assert b"".join(response.streaming_content) == PDF
    assert "K%E1%BA%BF%20ho%E1%BA%A1ch.pdf" in response["Content-Disposition"]

    with django_capture_on_commit_callbacks(execute=True):
        evidence.remove(document, by=world.officer())
    assert names(bucket) == []


def test_there_is_no_address_past_the_view(s3, bucket, world):
    document = add(world)

    with pytest.raises(NotImplementedError):
        document.current.file.url  # noqa: B018 asking for it is the test
    acl = bucket.Object(document.current.file.name).Acl().grants
    assert [grant["Grantee"].get("URI") for grant in acl] == [None]


def test_a_store_that_fails_is_a_sentence_and_leaves_no_row(s3, world):
    """There is no bucket of this name."""
    with pytest.raises(Unavailable, match=r"Kế hoạch\.pdf"):
        add(world)

    assert not EvidenceDocument.objects.exists()


def test_rows_that_are_undone_leave_nothing_in_store(s3, bucket, world, monkeypatch):
    def fail(*args):
        assert len(names(bucket)) == 1
        raise RuntimeError

    monkeypatch.setattr(evidence, "_add_version", fail)
    with pytest.raises(RuntimeError):
        add(world)

    assert names(bucket) == []


def test_a_file_that_the_store_lost_is_a_sentence_not_a_broken_answer(
    s3, bucket, world, client
):
    document = add(world)
    bucket.objects.all().delete()
    client.force_login(world.officer())

    response = client.get(
        f"/evidence/{document.pk}/", headers={"Accept": "application/json"}
    )

    assert response.status_code == 503
    assert "Kế hoạch.pdf" in response.json()["error"]
    assert not default_storage.exists(document.current.file.name)
