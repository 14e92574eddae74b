"""The catalogue tool on a small project of its own."""

import gettext

import polib
import pytest

from tests.tools import messages

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext

def sentences(count):
    _("Locked since %(moment)s.")
    _("Two parts "
      "of one sentence")
    ngettext("%(count)d file", "%(count)d files", count)
    pgettext("of a vote", "Against")
    N_("a template of the engine: %(points)s")
    other("not a string to translate")
"""
TEMPLATE = """{% load i18n %}
    <p>{% translate "Sign in" %}</p>
  <p title="{% trans 'Locked' %}">
{% blocktranslate trimmed with name=agency.name %}
   File of {{ name }}, 50 % done
{% endblocktranslate %}</p>
{# Translators: shown beside the points #}
{% translate "of" context "points" %}
"""
SCRIPT = 'document.title = gettext("Saved at %(moment)s");'


@pytest.fixture
def project(tmp_path):
    """A folder with one module, one template and one script."""
    for name, content in {
        "scoring/states.py": CODE,
        "templates/scoring/page.html": TEMPLATE,
        "static/js/sheet.js": SCRIPT,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def catalogue(project, domain="django"):
    return polib.pofile(project / f"locale/vi/LC_MESSAGES/{domain}.po")


def translate(project, **by_domain):
    """Give every string its own text in capitals as translation, but for placeholders."""
    for domain in ("django", "djangojs"):
        po = catalogue(project, domain)
        for entry in po:
            filled = by_domain.get(entry.msgid, entry.msgid_plural or entry.msgid)
            if entry.msgid_plural:
                entry.msgstr_plural = {0: filled}
            else:
                entry.msgstr = filled
        po.save()
    list(messages.renew(project))


def test_finds_the_strings_of_code_templates_and_scripts(project):
    list(messages.renew(project))

    assert {(entry.msgctxt, entry.msgid) for entry in catalogue(project)} == {
        (None, "Locked since %(moment)s."),
        (None, "Two parts of one sentence"),
        (None, "%(count)d file"),
        ("of a vote", "Against"),
        (None, "a template of the engine: %(points)s"),
        (None, "Sign in"),
        (None, "Locked"),
        (None, "File of %(name)s, 50 %% done"),
        ("points", "of"),
    }
    assert [entry.msgid for entry in catalogue(project, "djangojs")] == [
        "Saved at %(moment)s"
    ]


def test_renewing_keeps_translations_drops_what_is_gone_and_is_stable(project):
    list(messages.renew(project))
    translate(project)
    before = messages.domains(project)[0].po.read_bytes()

    module = project / "scoring/states.py"
    module.write_text("\n\n\n" + CODE, encoding="utf-8")  # only lines move
    list(messages.renew(project))
    assert messages.domains(project)[0].po.read_bytes() == before

    module.write_text(CODE.replace("Two parts ", "Both parts "), encoding="utf-8")
    list(messages.renew(project))
    renewed = {entry.msgid: entry for entry in catalogue(project)}
    assert renewed["Locked"].msgstr == "Locked"
    assert renewed["Both parts of one sentence"].msgstr == ""
    assert "Two parts of one sentence" not in renewed
    assert not catalogue(project).obsolete_entries()


def test_complete_catalogues_pass_the_check_and_are_compiled(project):
    list(messages.renew(project))
    translate(project, Locked="Đã chốt")

    assert list(messages.check(project)) == []
    with (project / "locale/vi/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Locked") == "Đã chốt"
    assert compiled.ngettext("%(count)d file", "%(count)d files", 1) == (
        "%(count)d files"
    )
    assert compiled.pgettext("of a vote", "Against") == "Against"


@pytest.mark.parametrize(
    ("text", "translation", "problem"),
    [
        pytest.param("Locked", "", "has no translation", id="empty"),
        pytest.param("Locked", "  ", "has no translation", id="blank"),
        pytest.param(
            "Locked since %(moment)s.", "Đã chốt.", "placeholders", id="one lost"
        ),
        pytest.param(
            "Locked since %(moment)s.",
            "Đã chốt lúc %(time)s.",
            "placeholders",
            id="one renamed",
        ),
        pytest.param(
            "File of %(name)s, 50 %% done",
            "Hồ sơ của %(name)s, xong 50 %",
            "single %",
            id="a bare percent sign",
        ),
        pytest.param("Locked", "Đã chốt ", "white space", id="a blank at the end"),
    ],
)
def test_check_finds_a_bad_translation(project, text, translation, problem):
    list(messages.renew(project))
    translate(project, **{text: translation})

    (line,) = messages.check(project)

    assert text in line
    assert problem in line


def test_check_finds_a_fuzzy_translation(project):
    list(messages.renew(project))
    translate(project)
    po = catalogue(project)
    po.find("Locked").flags.append("fuzzy")
    po.save()
    list(messages.renew(project))

    assert [
        line.endswith('"Locked" is marked fuzzy') for line in messages.check(project)
    ]


def test_check_finds_new_strings_and_a_stale_compiled_file(project):
    list(messages.renew(project))
    translate(project)
    with (project / "scoring/states.py").open("a", encoding="utf-8") as module:
        module.write('    _("A new one")\n')
    assert any("django.po: out of date" in line for line in messages.check(project))

    list(messages.renew(project))
    translate(project)
    po = catalogue(project)
    po.find("Locked").msgstr = "Đã khóa"
    po.save()
    (line,) = messages.check(project)
    assert "django.mo: out of date" in line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%(points)s of %(maximum)s", {"%(points)s", "%(maximum)s"}),
        ("%d files", {"%d"}),
        ("90 % of 1.5", set()),
        ("100%% done", set()),
    ],
)
def test_placeholders(text, expected):
    assert messages.placeholders(text) == expected
