"""Templates of documents: what one may say, its check on upload, and its rendering.

A template is a .docx with the marks of docxtpl: ``{{ agency }}``, ``{%p if draft %}``,
``{%tr for row in rows %}``. It gets plain texts, lists and dicts, and may print them,
choose and repeat: no calls, no arithmetic, no attributes of objects. So a template
that passed the check can neither run code nor run on.
"""

import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from scoring.actions import reports
from scoring.exchange.fixed_zip import fixed
from scoring.exchange.template_package import MAIN_PART, read_package
from scoring.refusals import ManyRefused

MAX_TAGS = 400
MAX_TAG_LENGTH = 200
# How far the end of a mark is looked for: else a text of braces alone takes hours.
FARTHEST = 10 * MAX_TAG_LENGTH
MAX_NESTING = 12
MAX_RENDERED = 20 * 1024 * 1024

FILTERS = ("upper", "lower", "trim", "length")
TESTS = ("defined",)
LOOP_FACTS = frozenset({"index", "first", "last", "length"})
# Parts in which marks are rendered; anywhere else they would be printed as they are.
RENDERED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
OPENING = re.compile(r"\{[{%#]")
TAG = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#(.*?)#\}", re.DOTALL)
# What a part's tag may begin with: the row, paragraph or cell that it stands for.
WRONG_PLACE = re.compile(r"\{\{(p|r|tr|tc)\s")
# What XML cannot hold.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

ALLOWED = (
    nodes.And,
    nodes.Compare,
    nodes.Const,
    nodes.Filter,
    nodes.For,
    nodes.Getattr,
    nodes.If,
    nodes.Name,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Template,
    nodes.TemplateData,
    nodes.Test,
)


# --- rendering ----------------------------------------------------------------------


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with less in it: keys of dicts, facts of loops, four filters."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)
    intercepted_unops = frozenset(ImmutableSandboxedEnvironment.default_unop_table)

    def __init__(self):
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_printed)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def getattr(self, obj, attribute):
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP_FACTS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    getitem = getattr

    def call(self, *args, **kwargs):
        raise SecurityError("a template calls nothing")

    def call_binop(self, context, operator, left, right):
        raise SecurityError("a template computes nothing")

    def call_unop(self, context, operator, arg):
        raise SecurityError("a template computes nothing")


def _printed(value):
    """Escaped, braces too: docxtpl takes some of them for its own afterwards."""
    text = str(escape(value))
    return Markup(text.replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704 escaped


def clean(text):
    """A text as XML can hold it: composed, without control characters."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", text)


def render(template, context, *, title, at):
    """The bytes of the document that a checked template gives with ``context``.

    context  texts, lists and dicts of them
    at       the moment that the document bears; same template, context and moment,
             same bytes
    """
    document = DocxTemplate(BytesIO(template))
    document.render(_cleaned(context), jinja_env=TemplateEnvironment(), autoescape=True)
    properties = document.docx.core_properties
    properties.title = clean(title)[:255]
    properties.author = properties.last_modified_by = ""
    properties.created = properties.modified = at.replace(tzinfo=None, microsecond=0)
    properties.revision = 1
    buffer = BytesIO()
    document.save(buffer)
    return fixed(buffer.getvalue())


def _cleaned(value):
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return clean(value)


# --- the check on upload ------------------------------------------------------------


def faults_of(content, sample):
    """Sentences, all that is wrong with a template; [] when it may be used.

    content  bytes of the upload
    sample   a context with every name that the document knows, lists not empty
    """
    package = read_package(content)
    if package.faults:
        return package.faults
    for name, tree in package.trees.items():
        _look_for_stray_marks(package, name, tree)
    if package.faults:
        return package.faults
    _look_at_programs(package, content, sample)
    if not package.faults:
        _try(package, content, sample)
    return package.faults


def receive(round_, kind, upload, sample, *, by):
    """Check an uploaded template and keep it as the round's next version."""
    content = upload.read(5 * 1024 * 1024 + 1)
    faults = faults_of(content, sample)
    if not upload.name.lower().endswith(".docx"):
        faults.insert(0, _("The name of the file must end in .docx."))
    if faults:
        raise ManyRefused(faults)
    return reports.store_template(
        round_, kind, content=content, name=upload.name, by=by
    )


def _look_for_stray_marks(package, name, tree):
    """Marks only where they are rendered, whole, short and not too many."""
    for element in tree.iter():
        values = element.attrib.values() if isinstance(element.tag, str) else ()
        if any(OPENING.search(value) for value in values):
            package.blame(
                _("In %(part)s a mark stands where no text is.") % {"part": name}
            )
    is_rendered = RENDERED.fullmatch(name) is not None
    count = 0
    for text in _texts(tree, is_rendered):
        if not OPENING.search(text):
            continue
        if not is_rendered:
            package.blame(
                _("In %(part)s marks are not filled in; take them out.")
                % {"part": name}
            )
            return
        count += len(OPENING.findall(text))
        if count <= MAX_TAGS:
            _look_at_tags(package, text)
    if count > MAX_TAGS:
        package.blame(
            _("%(part)s has %(number)s marks; at most %(limit)s are accepted.")
            % {"part": name, "number": count, "limit": MAX_TAGS}
        )


def _texts(tree, is_rendered):
    """The text of each paragraph, however it is cut into runs; else any text."""
    if not is_rendered:
        yield from tree.itertext()
        return
    for paragraph in tree.iter("{*}p"):
        yield "".join(paragraph.itertext())


def _look_at_tags(package, text):
    for opening in OPENING.finditer(text):
        tag = TAG.match(text, opening.start(), opening.start() + FARTHEST)
        shown = text[opening.start() : opening.start() + 60]
        if tag is None:
            package.blame(
                _("“%(mark)s”: the mark is not closed in its paragraph.")
                % {"mark": shown}
            )
        elif tag.end() - tag.start() > MAX_TAG_LENGTH or tag[0].count("(") > 8:
            package.blame(_("“%(mark)s …”: the mark is too long.") % {"mark": shown})
        elif WRONG_PLACE.match(tag[0]):
            package.blame(
                _("“%(mark)s”: only the marks {%% %%} may stand for a whole row.")
                % {"mark": shown}
            )


def _look_at_programs(package, content, sample):
    template = DocxTemplate(BytesIO(content))
    environment = TemplateEnvironment()
    for name, tree in package.trees.items():
        if not RENDERED.fullmatch(name):
            continue
        root = tree.find("{*}body") if name == MAIN_PART else tree
        source = template.patch_xml(etree.tostring(root, encoding="unicode"))
        try:
            program = environment.parse(source)
        except (TemplateError, RecursionError) as fault:
            package.blame(
                _("In %(part)s the marks do not fit together: %(fault)s")
                % {"part": name, "fault": str(fault)[:200]}
            )
            continue
        _Reader(package, name).read(program, sample)


@dataclass(slots=True)
class _Reader:
    """Walks through a template's program and names what it may not say."""

    package: object
    part: str

    def read(self, program, sample):
        self._walk(program, dict(sample), "", 0)

    def _walk(self, node, scope, innermost, depth):
        """scope: name → sample value; innermost: the loop variable that is nearest."""
        if not isinstance(node, ALLOWED) or depth > MAX_NESTING:
            self._blame_node(node)
            return
        if isinstance(node, nodes.For):
            self._loop(node, scope, innermost, depth)
            return
        if isinstance(node, nodes.Name | nodes.Getattr):
            if isinstance(self._value(node, scope), list | dict):
                self._blame_unprintable(node)
            return
        if isinstance(node, nodes.If):
            self._choice(node, scope, innermost, depth)
            return
        if isinstance(node, nodes.Filter | nodes.Test):
            self._look_at_names(node)
        for child in node.iter_child_nodes():
            self._walk(child, scope, innermost, depth)

    def _choice(self, node, scope, innermost, depth):
        self._condition(node.test, scope)
        for child in (*node.body, *node.elif_, *node.else_):
            self._walk(child, scope, innermost, depth + 1)

    def _condition(self, node, scope):
        """Conditions may ask for lists too: whether there is anything in them."""
        if not isinstance(node, ALLOWED):
            self._blame_node(node)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            self._value(node, scope)
        else:
            if isinstance(node, nodes.Filter | nodes.Test):
                self._look_at_names(node)
            for child in node.iter_child_nodes():
                self._condition(child, scope)

    def _loop(self, node, scope, innermost, depth):
        """Over a list; within a loop only over a list of the loop's own item, so that
        a document is never longer than its data."""
        if node.recursive or not isinstance(node.target, nodes.Name):
            self._blame_node(node)
            return
        items = None
        if isinstance(node.iter, nodes.Name | nodes.Getattr):
            items = self._value(node.iter, scope)
        if not isinstance(items, list) or (innermost and _root(node.iter) != innermost):
            self.package.blame(
                _("In %(part)s: “for %(name)s” does not run through a list it may use.")
                % {"part": self.part, "name": node.target.name}
            )
            return
        inner = {**scope, node.target.name: items[0], "loop": _LOOP}
        if node.test is not None:
            self._condition(node.test, inner)
        for child in node.body:
            self._walk(child, inner, node.target.name, depth + 1)
        for child in node.else_:
            self._walk(child, scope, innermost, depth + 1)

    def _value(self, node, scope):
        """The sample's value of a name; None and a fault where it has none."""
        if isinstance(node, nodes.Name):
            if node.name in scope:
                return scope[node.name]
        elif isinstance(node.node, nodes.Name | nodes.Getattr):
            owner = self._value(node.node, scope)
            if owner is None:
                return None
            if isinstance(owner, dict) and node.attr in owner:
                return owner[node.attr]
        else:
            self._blame_node(node)
            return None
        self.package.blame(
            _("In %(part)s: “%(name)s” is not known to this document.")
            % {"part": self.part, "name": _dotted(node)}
        )
        return None

    def _look_at_names(self, node):
        known = FILTERS if isinstance(node, nodes.Filter) else TESTS
        if node.name not in known or node.args or node.kwargs:
            self.package.blame(
                _("In %(part)s: “%(name)s” is not one of %(known)s.")
                % {"part": self.part, "name": node.name, "known": ", ".join(known)}
            )

    def _blame_node(self, node):
        self.package.blame(
            _(
                "In %(part)s: a template may print, choose and repeat, nothing else "
                "(%(kind)s)."
            )
            % {"part": self.part, "kind": type(node).__name__}
        )

    def _blame_unprintable(self, node):
        self.package.blame(
            _("In %(part)s: “%(name)s” is a list; repeat it with “for”.")
            % {"part": self.part, "name": _dotted(node)}
        )


_LOOP = dict.fromkeys(LOOP_FACTS, "")


def _dotted(node):
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return getattr(node, "name", "…")


def _root(node):
    while isinstance(node, nodes.Getattr):
        node = node.node
    return getattr(node, "name", "")


def _try(package, content, sample):
    """Render with sample data: what is checked must also work and be readable."""
    template = DocxTemplate(BytesIO(content))
    try:
        template.render(
            _cleaned(sample), jinja_env=TemplateEnvironment(), autoescape=True
        )
        buffer = BytesIO()
        template.save(buffer)
        Document(BytesIO(buffer.getvalue()))
    except (TemplateError, etree.XMLSyntaxError, KeyError, ValueError) as fault:
        package.blame(
            _("The document could not be made with sample data: %(fault)s")
            % {"fault": str(fault)[:200]}
        )
        return
    if len(template.get_xml()) > MAX_RENDERED:
        package.blame(
            _("With sample data the document becomes larger than %(limit)s MB.")
            % {"limit": MAX_RENDERED // 1024**2}
        )
