import pytest
from django.utils import translation


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield
