"""Strict YAML and the template notation: what is read, and what is said of a mistake."""

from __future__ import annotations

import pytest

from robustgen.errors import PackError
from robustgen.grammar.notation import load_yaml, place_of
from robustgen.grammar.template import Choice, If, Literal, Select, Shuffle, Slot, parse_template


def test_every_scalar_is_text() -> None:
    """What other loaders turn into truth values and numbers stays text."""
    tree = load_yaml("a: no\nb: 012\nc: 12:30:45\nd: 2024-01-02\ne: 1_000", "x.yaml")
    assert list(tree.values()) == ["no", "012", "12:30:45", "2024-01-02", "1_000"]
    assert place_of(tree["c"]) == ("x.yaml", 3, 4)


@pytest.mark.parametrize(
    ("source", "line", "why"),
    [
        ("a: 1\na: 2", 2, "stands twice"),
        ("a: &x 1\nb: *x", 1, "anchors"),
        ("a: !!int 1", 1, "tags"),
        ("a: b: c", 1, "not valid YAML"),
        ("a: [1, 2", 1, "not valid YAML"),
        ("a: 1\n---\nb: 2", 2, "more than one document"),
        ("a:\n\t- x", 2, "not valid YAML"),
    ],
)
def test_mistakes_have_a_place(source: str, line: int, why: str) -> None:
    """Each mistake names file and line."""
    with pytest.raises(PackError, match=why) as caught:
        load_yaml(source, "x.yaml")
    assert caught.value.file == "x.yaml"
    assert abs(caught.value.line - line) <= 1


def test_template_nodes() -> None:
    """Each notation becomes its node."""
    nodes = parse_template('x {a.b:qty} [p|q] [r]{?f: yes}{!f: no}{n # one=tablet | other=tablets}{*u, v; ", "}{l -> part; "; "; " and "}').nodes
    assert nodes[0] == Literal("x ")
    assert nodes[1] == Slot("a.b", "qty")
    assert isinstance(nodes[3], Choice)
    assert len(nodes[3].options) == 2
    assert isinstance(nodes[5], Choice)
    assert nodes[5].options[0].nodes == ()
    assert isinstance(nodes[6], If)
    assert nodes[6].body.nodes == (Literal(" yes"),)
    assert isinstance(nodes[7], If)
    assert nodes[7].negated
    assert isinstance(nodes[8], Select)
    assert nodes[8].branches[0][1].nodes == (Literal("tablet"),)
    assert nodes[9] == Shuffle(("u", "v"), ", ")
    assert nodes[10] == Slot("l", "", "part", ("; ", " and "))


def test_doubled_marks_stand_for_themselves() -> None:
    """Doubled braces and brackets are literal."""
    assert parse_template("{{a}} [[b]] | c").nodes == (Literal("{a} [b] | c"),)


@pytest.mark.parametrize("source", ["{a", "a}", "[x", "x]", "{a b}", "{n # one tablet}", "{?f: x", "{l; x}"])
def test_template_mistakes(source: str) -> None:
    """A broken template says what and near which text."""
    with pytest.raises(PackError, match="template"):
        parse_template(source)
