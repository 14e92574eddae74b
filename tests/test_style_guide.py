"""The page of all components: complete, and nowhere but on a developer's machine."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from par_index import style_guide

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"


def test_every_component_stands_in_the_style_guide():
    assert {path.stem for path in COMPONENTS.glob("*.html")} == set(
        style_guide.samples()
    )


@pytest.mark.django_db
def test_each_state_is_shown():
    request = RequestFactory().get("/style-guide/")
    request.user = AnonymousUser()

    shown = style_guide.page(request).content.decode()

    for sentence in (style_guide.SENTENCE, *style_guide.STATES.values()):
        assert sentence in shown
    assert "1,25" in shown
    assert 'aria-invalid="true"' in shown


@pytest.mark.django_db
@pytest.mark.parametrize("code", style_guide.ERRORS)
def test_every_error_page_can_be_looked_at(code):
    request = RequestFactory().get(f"/style-guide/{code}/")

    shown = style_guide.error_page(request, code).content.decode()

    assert f'class="fault-code">{code[:3]}' in shown


def test_the_style_guide_exists_with_debug_only():
    with pytest.raises(NoReverseMatch):
        reverse("style-guide")
