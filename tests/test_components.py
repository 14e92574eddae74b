"""The small included files that pages are made of, and the frame around them."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import timezone, translation


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def component(name, **context):
    text = render_to_string(f"components/{name}.html", context)
    return re.sub(r"\s+", " ", text).strip()


def words_of(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


class EvidenceForm(forms.Form):
    number = forms.CharField(label="Số, ký hiệu", help_text="125/KH-UBND")
    pages = forms.CharField(label="Trang", required=False)
    option = forms.ChoiceField(
        label="Mức", choices=[("a", "Đúng hạn")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Không áp dụng")
    version = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"points": "1,25", "maximum": "1,5"}, "1,25 / 1,5", id="points"),
        pytest.param({"points": 0, "maximum": "1,5"}, "0 / 1,5", id="zero is a figure"),
        pytest.param({"points": None, "maximum": "1,5"}, "— / 1,5", id="not scored"),
        pytest.param({"maximum": "1,5"}, "— / 1,5", id="nothing given"),
        pytest.param(
            {"points": "0", "maximum": "1,5", "not_applicable": True},
            "N/A",
            id="not applicable",
        ),
    ],
)
def test_a_figure_tells_zero_from_nothing(given, expected):
    assert words_of(component("figure", **given)) == expected


def test_time_left_is_told_with_its_moment():
    ends_at = timezone.now() + timedelta(days=3, hours=4, minutes=30)

    shown = component("deadline", ends_at=ends_at)

    assert "3 days 4 hours left, until" in shown.replace("\xa0", " ")
    assert f'datetime="{timezone.localtime(ends_at).isoformat()[:16]}' in shown


def test_what_is_over_says_since_when():
    shown = component("deadline", ends_at=datetime(2026, 1, 9, 10, 0, tzinfo=UTC))

    assert words_of(shown) == "Ended on 17:00 9/1/2026"


@pytest.mark.parametrize(
    "layer",
    ["self", "appraised", "explained", "council", "survey", "bonus", "lost"],
)
def test_a_layer_has_a_sign_and_its_full_words(layer):
    shown = component("layer", layer=layer)

    assert f'class="layer-mark layer-{layer}"' in shown
    assert re.search(r'title="[a-zA-Z -]{8,}"', shown)
    assert words_of(shown)


def test_layers_have_different_signs():
    layers = ["self", "appraised", "explained", "council", "survey", "bonus", "lost"]

    assert len({words_of(component("layer", layer=layer)) for layer in layers}) == 7


def test_a_notice_escapes_what_it_is_given():
    shown = component("alert", text="<b>1</b>", items=["A & B"])

    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert "<li>A &amp; B</li>" in shown


@pytest.mark.parametrize(
    ("kind", "role"),
    [("ok", "status"), ("info", "status"), ("warn", "alert"), ("", "alert")],
)
def test_a_notice_interrupts_only_for_what_went_wrong(kind, role):
    assert f'role="{role}"' in component("alert", text="…", kind=kind)


def test_every_field_ties_label_help_and_error_to_its_input():
    shown = component("form", form=EvidenceForm({"pages": "3"}))

    assert '<label for="id_number">Số, ký hiệu</label>' in shown
    assert 'aria-describedby="id_number_helptext id_number_error"' in shown
    assert 'id="id_number_helptext"' in shown
    assert 'id="id_number_error"' in shown
    assert '<a href="#id_number">Số, ký hiệu</a>' in shown
    assert "<legend>Mức</legend>" in shown
    assert shown.count('name="version"') == 1
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert sorted(ids) == sorted(set(ids))


def test_a_form_without_errors_has_no_summary():
    shown = component("form", form=EvidenceForm())

    assert "error-summary" not in shown
    assert "(optional)" in shown


def test_pages_keep_the_other_parameters():
    page = Paginator(range(45), 20).page(2)

    shown = component("pagination", page_obj=page, query="&group=ward")

    assert 'href="?page=1&amp;group=ward"' in shown
    assert 'href="?page=3&amp;group=ward"' in shown
    assert "Page 2 of 3, 45 lines" in shown


def test_a_single_page_needs_no_pagination():
    assert component("pagination", page_obj=Paginator(range(3), 20).page(1)) == ""


def test_an_empty_list_says_what_comes_and_leads_on():
    shown = component(
        "empty", title="No evidence yet", text="Who", url="/x/", action="Add"
    )

    assert words_of(shown) == "No evidence yet Who Add"
    assert 'href="/x/"' in shown


# --- the frame ------------------------------------------------------------------------


def frame(rf, **context):
    request = rf.get("/somewhere/?year=2026")
    request.user = AnonymousUser()
    request.shown_round = None  # what the frame shows comes from the test
    return render_to_string("base.html", context, request=request)


def a_round(**changes):
    return SimpleNamespace(
        **{
            "name": "Round of 2026",
            "phase_label": "Self-assessment",
            "phase_ends_at": timezone.now() + timedelta(days=2),
            "is_simulated": False,
            **changes,
        }
    )


def test_the_frame_names_round_phase_and_time_left(rf):
    words = words_of(frame(rf, current_round=a_round()))

    assert "Round of 2026" in words
    assert "Phase: Self-assessment" in words
    assert "left, until" in words


@pytest.mark.parametrize("is_simulated", [True, False])
def test_invented_scores_are_marked_and_only_they(rf, is_simulated):
    page = frame(rf, current_round=a_round(is_simulated=is_simulated))

    assert ("SIMULATED DATA" in page) is is_simulated


def test_the_frame_shows_where_one_is(rf):
    page = frame(rf, nav_items=[("My work", "/a/", False), ("Results", "/b/", True)])

    assert '<a href="/a/">My work</a>' in page
    assert '<a href="/b/" aria-current="page">Results</a>' in page


def test_changing_the_language_comes_back_to_the_same_page(rf):
    assert 'name="next" value="/somewhere/?year=2026"' in frame(rf)
