"""A template that the city uploads: what is refused, and that nothing of it ever runs."""

import time
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from jinja2.exceptions import SecurityError, UndefinedError

from scoring.exchange.document_templates import (
    TemplateEnvironment,
    clean,
    faults_of,
    render,
)
from scoring.exchange.report_document import TEXT, sample_context
from scoring.exchange.report_template import DEFAULT_TEMPLATE, build
from tests.scoring.exchange.docx_files import (
    in_body,
    paragraph,
    template,
    texts_of,
    with_parts,
    with_relationship,
)

AT = datetime(2026, 3, 20, tzinfo=UTC)
SAMPLE = sample_context()


def faults(content):
    return faults_of(content, SAMPLE)


def rendered(content, **more):
    return render(content, {**SAMPLE, **more}, title="Báo cáo", at=AT)


# --- what is accepted ------------------------------------------------------------------


def test_the_default_template_has_no_fault():
    assert faults(DEFAULT_TEMPLATE.read_bytes()) == []


def test_the_shipped_template_is_what_is_built():
    """Members, not bytes: another zlib packs the same differently."""
    built, shipped = (
        zipfile.ZipFile(BytesIO(content))
        for content in (build(), DEFAULT_TEMPLATE.read_bytes())
    )

    assert built.namelist() == shipped.namelist()
    assert all(built.read(name) == shipped.read(name) for name in built.namelist())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(template("{{ agency }}", "{{ signer.post|upper }}"), id="texts"),
        pytest.param(
            template("{%p if draft %}", "{{ draft }}", "{%p endif %}"), id="a choice"
        ),
        pytest.param(
            template(
                table=("{%tr for row in rows %}", "{{ row.code }}", "{%tr endfor %}")
            ),
            id="rows",
        ),
        pytest.param(
            template("{% for row in rows %}{{ loop.index }}{% endfor %}"), id="the loop"
        ),
        pytest.param(
            template("{% if rows and not proposals %}x{% endif %}"), id="empty lists"
        ),
    ],
)
def test_a_template_may_print_choose_and_repeat(content):
    assert faults(content) == []


# --- what a template may not say -------------------------------------------------------

ATTACKS = {
    "classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "class of a name": "{{ agency.__class__ }}",
    "globals": "{{ self.__init__.__globals__ }}",
    "a method": "{{ agency.format(agency) }}",
    "a method of a dict": "{{ signer.items() }}",
    "an item": "{{ signer['post'] }}",
    "a function": "{{ range(10) }}",
    "lipsum": "{{ lipsum.__globals__ }}",
    "endless": "{% for x in range(10**9) %}x{% endfor %}",
    "a power": "{{ 9**9**9 }}",
    "a product": "{{ 'a' * 10**10 }}",
    "a sum": "{{ 1 + 1 }}",
    "a filter": "{{ agency|attr('x') }}",
    "filling": "{{ agency|center(1000000000) }}",
    "a safe text": "{{ agency|safe }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}",
    "a block": "{% block x %}{% endblock %}",
    "a macro": "{% macro x() %}{% endmacro %}",
    "set": "{% set x = 1 %}",
    "unescaped": "{% autoescape false %}{{ agency }}{% endautoescape %}",
    "unknown": "{{ agancy }}",
    "unknown of a row": "{% for row in rows %}{{ row.cod }}{% endfor %}",
    "a row outside its loop": "{{ row.code }}",
    "a list printed": "{{ rows }}",
    "rows times rows": (
        "{% for a in rows %}{% for b in rows %}{{ b.code }}{% endfor %}{% endfor %}"
    ),
    "through letters": "{% for a in agency %}{{ a }}{% endfor %}",
    "not closed": "{{ agency",
    "without an end": "{% if draft %}",
    "parentheses": "{{ " + "(" * 60 + "agency" + ")" * 60 + " }}",
    "long": "{{ agency " + "|upper" * 60 + " }}",
    "a whole row as value": "{{tr agency }}",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_named_and_runs_nowhere(attack):
    began = time.monotonic()

    found = faults(template(attack))

    assert found
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__ }}",
        "{{ x.__class__ }}",
        "{{ x.upper() }}",
        "{{ range(3) }}",
        "{{ 2**9 }}",
        "{{ 'a' * 9 }}",
        "{{ -1 }}",
        "{{ y.items }}",
    ],
)
def test_the_sandbox_refuses_even_what_was_not_checked(attack):
    program = TemplateEnvironment().from_string(attack)

    with pytest.raises((SecurityError, UndefinedError)):
        program.render(x="x", y={"a": "b"})


def test_every_fault_is_listed():
    found = faults(template("{{ agancy }}", "{{ 1 + 1 }}", "{{ signer.nam }}"))

    assert len(found) == 3
    assert "agancy" in found[0]
    assert "signer.nam" in found[2]


def test_marks_cut_into_runs_are_read_as_people_see_them():
    """Word cuts a mark into runs wherever somebody went back to correct it."""
    cut = "<w:p><w:r><w:t>{{ agan</w:t></w:r><w:r><w:t>cy }}</w:t></w:r></w:p>"

    assert any("agancy" in fault for fault in faults(in_body(cut)))


def test_too_many_marks_are_refused():
    assert faults(template("{{ agency }}" * 401))


@pytest.mark.parametrize("name", ["word/styles.xml", "docProps/core.xml"])
def test_marks_elsewhere_are_refused(name):
    def put(text):
        end = text.rindex("</")
        return f"{text[:end]}<x>{{{{ agency }}}}</x>{text[end:]}"

    assert any(name in fault for fault in faults(with_parts(parts={name: put})))


def test_a_text_of_braces_is_counted_alone():
    """To look for the end of each of its marks would take hours."""
    [fault] = faults(template("{" * 200_000))

    assert "100000" in fault


def test_a_mark_in_an_attribute_is_refused():
    xml = '<w:p w:rsidR="{{ agency }}"><w:r><w:t>x</w:t></w:r></w:p>'

    assert faults(in_body(xml))


# --- what a package may not hold -------------------------------------------------------

FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    "<w:r><w:instrText>{0}</w:instrText></w:r>"
    "<w:r><w:instrText>{1}</w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
PACKAGES = {
    "an external picture": with_relationship(
        "image", "https://example.com/x.png", mode="External"
    ),
    "a share on the network": with_relationship(
        "image", "file://host/share/x.png", mode="External"
    ),
    "an address without its mode": with_relationship("image", "http://example.com/x"),
    "a link": with_relationship("hyperlink", "https://example.com", mode="External"),
    "an attached template": with_relationship(
        "attachedTemplate",
        "https://example.com/x.dotm",
        mode="External",
        content=with_parts(
            parts={
                "word/_rels/settings.xml.rels": b'<?xml version="1.0"?><Relationships '
                b'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                b"</Relationships>"
            }
        ),
        part="settings",
    ),
    "an object": with_relationship("oleObject", "embeddings/oleObject1.bin"),
    "foreign text": with_relationship("aFChunk", "afchunk.htm"),
    "macros": with_parts(parts={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "an embedded file": with_parts(parts={"word/embeddings/a.xlsx": b"PK"}),
    "a document with macros": with_parts(
        parts={
            "[Content_Types].xml": lambda text: text.replace(
                "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "vnd.ms-word.document.macroEnabled.main+xml",
            )
        }
    ),
    "a template of Word": with_parts(
        parts={
            "[Content_Types].xml": lambda text: text.replace(
                "wordprocessingml.document.main", "wordprocessingml.template.main"
            )
        }
    ),
    "entities": with_parts(
        parts={
            "word/document.xml": lambda text: text.replace(
                "<w:document", '<!DOCTYPE d [<!ENTITY a "b">]><w:document', 1
            )
        }
    ),
    "another encoding": with_parts(
        parts={
            "word/footer1.xml": '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode(
                "utf-16"
            )
        }
    ),
    "damaged": with_parts(parts={"word/document.xml": b"<w:document>"}),
    "a control": in_body("<w:p><w:r><w:object/></w:r></w:p>"),
    "a picture from elsewhere": in_body(FIELD.format("INCLUDE", "PICTURE x")),
    "a command": in_body(FIELD.format(" DDE", "AUTO cmd")),
    "a field in short": in_body('<w:fldSimple w:instr=" INCLUDETEXT x "/>'),
    "a path outside": with_parts(parts={"../x.xml": b"<a/>"}),
    "no document": with_parts(parts={"word/document.xml": b""}),
    "many parts": with_parts(parts={f"word/x{n}.xml": b"<a/>" for n in range(301)}),
    "a bomb": with_parts(parts={"word/x.xml": b" " * (21 * 1024 * 1024)}),
    "text": b"not a zip at all",
    "nothing": b"",
    "half": DEFAULT_TEMPLATE.read_bytes()[:9000],
    "big": b"PK" + bytes(5 * 1024 * 1024),
}


@pytest.mark.parametrize("content", PACKAGES.values(), ids=PACKAGES)
def test_a_package_that_reaches_out_or_hides_something_is_refused(content):
    found = faults(content)

    assert found
    assert all(isinstance(fault, str) and fault for fault in found)


def test_the_page_number_is_a_field_that_stays():
    assert faults(in_body(FIELD.format(" PA", "GE "))) == []


def test_what_the_archive_says_of_its_sizes_is_not_believed():
    content = bytearray(with_parts(parts={"word/x.xml": b" " * (21 * 1024 * 1024)}))
    size = (21 * 1024 * 1024).to_bytes(4, "little")
    small = (10).to_bytes(4, "little")
    assert size in content

    assert faults(bytes(content).replace(size, small))


# --- what is rendered ------------------------------------------------------------------

HOSTILE = "A & B < C > D \"E\" 'F' “G” {{ agency }} {% x %} {_{ }_} <w:t>"


def test_texts_come_through_as_they_were_written():
    content = rendered(template("{{ agency }}"), agency=HOSTILE)

    assert texts_of(content) == [HOSTILE]


def test_new_lines_become_lines_and_controls_go():
    content = rendered(template("{{ agency }}"), agency="một\r\nhai\x0b\x00\x1fba")

    assert texts_of(content) == ["một\nhaiba"]
    assert clean("a\ud800b") == "ab"


def test_the_sample_is_as_bad_as_can_be():
    assert "&" in TEXT
    assert "<w:t>" in TEXT
    assert "\n" in TEXT


def test_same_data_same_bytes_and_other_data_other_bytes():
    one, same = (rendered(DEFAULT_TEMPLATE.read_bytes()) for __ in range(2))
    other = rendered(DEFAULT_TEMPLATE.read_bytes(), year="2027")

    assert one == same
    assert one != other
    assert Document(BytesIO(one)).core_properties.modified == AT


def test_a_name_without_value_is_never_printed_as_nothing():
    with pytest.raises(UndefinedError):
        rendered(template("{{ agancy }}"))


def test_a_row_is_repeated_with_its_own_values():
    rows = [{**SAMPLE["rows"][0], "code": code} for code in ("1.1", "1.2")]
    content = rendered(
        template(table=("{%tr for row in rows %}", "{{ row.code }}", "{%tr endfor %}")),
        rows=rows,
    )

    assert texts_of(content) == ["1.1", "1.2"]


def test_paragraph_helper_is_plain_text():
    assert texts_of(in_body(paragraph("x"), template("y"))) == ["x", "y"]
