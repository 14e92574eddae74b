import ast
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from scoring.index.errors import DataError
from scoring.index.sentences import N_, Sentence, say

INDEX = Path(__file__).parents[3] / "scoring" / "index"


def test_english_writes_exact_figures():
    inner = say(N_("the %(name)s"), name="whole")
    sentence = say(
        N_("%(a)s of %(b)s is %(c)s, %(d)s times: 100 %%"),
        a=Decimal("1.50"),
        b=inner,
        c=Fraction(6, 4),
        d=3,
    )
    assert (
        sentence.english() == str(sentence) == "1.5 of the whole is 3/2, 3 times: 100 %"
    )
    assert sentence == Sentence(sentence.template, dict(sentence.values))


def test_a_refusal_is_located():
    refusal = DataError(say(N_("%(x)s is wrong."), x=1), "counts[2]")
    assert str(refusal) == "counts[2]: 1 is wrong."
    assert str(DataError(say(N_("Wrong.")))) == "Wrong."


def _calls(name):
    for path in sorted(INDEX.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield path, node


def test_every_template_is_a_marked_literal():
    """Extraction reads N_("…") only; a template built otherwise stays untranslated."""
    marked = list(_calls("N_"))
    assert len(marked) > 80
    for path, call in marked:
        (argument,) = call.args
        assert isinstance(argument, ast.Constant), (path.name, call.lineno)
        assert isinstance(argument.value, str)
    for path, call in _calls("say"):
        template = call.args[0]
        assert not isinstance(template, ast.Constant | ast.JoinedStr), (
            path.name,
            call.lineno,
        )


def test_every_sentence_gets_the_values_that_its_template_names():
    checked = 0
    for path, call in _calls("say"):
        template = call.args[0]
        if not (
            isinstance(template, ast.Call) and getattr(template.func, "id", "") == "N_"
        ):
            continue
        if any(keyword.arg is None for keyword in call.keywords):
            continue
        values = {keyword.arg: "x" for keyword in call.keywords}
        text = template.args[0].value
        assert text % values, (path.name, call.lineno)
        named = {name for name in values if f"%({name})s" in text}
        assert named == set(values), (path.name, call.lineno)
        checked += 1
    assert checked > 60
