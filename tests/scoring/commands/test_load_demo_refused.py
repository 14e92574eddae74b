"""Where the demonstration is not loaded: in earnest, and beside a real round."""

import io

import pytest
from django.core.management import CommandError, call_command

from scoring.models import Agency, Round, User

pytestmark = pytest.mark.django_db


def load():
    call_command("load_demo", stdout=io.StringIO())


def test_the_demonstration_is_refused_in_earnest():
    with pytest.raises(CommandError, match="DEBUG=1"):
        load()

    assert not Round.objects.exists()
    assert not User.objects.exists()


def test_a_real_round_is_never_touched(settings):
    settings.DEMO = True
    Round.objects.create(year=2026, name_vi="Chỉ số CCHC năm 2026")

    with pytest.raises(
        CommandError, match="2026 đã có và không phải là dữ liệu mô phỏng"
    ):
        load()

    assert Round.objects.count() == 1
    assert not Agency.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize("value", ["2026", "2026:lunch", "x:council"])
def test_a_phase_that_does_not_exist_is_named(value):
    with pytest.raises(CommandError, match="YEAR:PHASE"):
        call_command("load_demo", "--open", value, stdout=io.StringIO())
