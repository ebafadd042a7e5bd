"""What every perturbation owes, run over the registry and the languages that it fits.

Cases of all packs and bare texts in ten languages are made once; every perturbation sees those that fit it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest

from robustgen.core.case import Case, Effect, apply_edits, replay, undo_edits
from robustgen.core.draw import RandomDraw, ReplayDraw, seed_of
from robustgen.core.plugins import PERTURBATIONS, NotApplicable, PerturbationSpec, Proposal
from robustgen.errors import RobustgenError, UnknownName, UsageError
from robustgen.generate import Cell, Generator, Op, Selection
from robustgen.generate.build import apply_op, build
from robustgen.generate.examples import examples_of
from robustgen.generate.free_text import bare_case, perturb_text
from robustgen.generate.prove import prove
from robustgen.generate.tools import CaseTools, TextTools
from robustgen.packs.language import load_language
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import load_pack

PACKS = [load_pack(name) for name in pack_names()]
RULES = [pack.rules for pack in PACKS]
"""Loaded first: packs bring perturbations of their own."""
SPECS = [s for _, s in PERTURBATIONS.items()]
OWN = {s.name for s in SPECS if PERTURBATIONS.origin(s.name).startswith("robustgen.perturbations.")}
PRESERVING = [s for s in SPECS if s.effect is Effect.preserves]
CASES, DRAWS = 2, 40
TEXTS = {
    "en": "Dear team,\nI'm writing about order RG-48213. Going to the clinic's office at 14:30, please confirm the fee of $1,299.50 & 0.5 g (4.5%).\nName: Ann\nCity: Rome\n"
    'Is "well-known" café colour fine for his friend? Thanks, receive 500 mL.',
    "es": "¿Está abierto mañana? Mi hermana tiene una cita a las 14:30, gracias. El pedido cuesta 1.299,50 € y pesa 500 g. También había tiempo.",
    "de": "Guten Morgen, vielleicht können wir die Bestellung prüfen. Grüße aus der Straße. Der Termin ist um 14:30, das Paket wiegt 500 g (4,5 %).",
    "fr": "Bonjour, ma sœur attend la commande depuis la semaine dernière. Le café coûte 4,50 € et pèse 500 g. Merci beaucoup pour votre accueil !",
    "pt": "Bom dia, minha irmã está esperando o pedido. O café custa R$ 1.299,50 e pesa 500 g. Obrigado pela atenção, você também é ótimo!",
    "it": "Buongiorno, mia sorella aspetta l'ordine. Il caffè costa 1.299,50 € e pesa 500 g. Grazie della cortesia, perché qual è il tempo?",
    "zh": "您好，今天天气很好。我姐姐在停车场，谢谢医生的服务。药每次500毫克，费用1299元。",
    "ja": "こんにちは、今日は天気がよいですね。姉は駐車場にいます。カードの注文は500円です。ありがとうございます。",
    "ar": "صباح الخير، أختي تكتب من القطار. الطقس جميل هذا الأسبوع. السعر 1,299 والوزن 500 غرام. شكراً على الهاتف.",
    "hi": "नमस्ते, मेरी बहन ट्रेन में है। आज मौसम बहुत अच्छा है। कीमत 1,299 रुपये और वज़न 500 ग्राम है। हाँ, धन्यवाद।",
}
Sample = tuple[Case, TextTools]


def fits(spec: PerturbationSpec, tag: str) -> bool:
    """Tell whether a perturbation fits a language."""
    language = load_language(tag)
    return (not spec.languages or tag in spec.languages or language.base in spec.languages) and all(language.rows(n) for n in spec.needs)


@cache
def clean_cases() -> tuple[Case, ...]:
    """Return some clean cases of every pack and language."""
    made = []
    for name in pack_names():
        for tag in load_pack(name).tags:
            try:
                generator = Generator(Selection.of([name], languages=[tag], kinds=["clean"]))
            except UsageError:
                continue  # a region that says nothing of its own
            made += [build(generator.recipe(Cell(c.domain, c.task, c.tag), i)) for i, c in enumerate((generator.cells * CASES)[:CASES])]
    return tuple(made)


def tools_of(case: Case, strength: float) -> CaseTools:
    """Return the tools for a case of a pack."""
    pack = load_pack(case.domain)
    return CaseTools(pack, pack.task(case.task), case, strength)


def samples(spec: PerturbationSpec) -> Iterator[Sample]:
    """Yield bare texts and cases in the languages that a perturbation fits."""
    if not spec.over_facts:
        for tag, text in TEXTS.items():
            if fits(spec, tag):
                yield bare_case(text, tag), TextTools(text, load_language(tag), spec.strength)
    for case in clean_cases():
        if fits(spec, case.tag) and spec.domain in {"", case.domain}:
            yield case, tools_of(case, spec.strength)


@cache
def drawn_of(name: str) -> list[tuple[Case, TextTools, RandomDraw, Proposal]]:
    """Return what a perturbation proposes, kept for all tests."""
    return list(_drawn(PERTURBATIONS.get(name)))


def drawn(spec: PerturbationSpec) -> list[tuple[Case, TextTools, RandomDraw, Proposal]]:
    """Return what the perturbation proposes for the samples it applies to."""
    return drawn_of(spec.name)


def _drawn(spec: PerturbationSpec) -> Iterator[tuple[Case, TextTools, RandomDraw, Proposal]]:
    """Yield what the perturbation proposes for the samples it applies to, several draws each when they are few."""
    fitting = [(c, t) for c, t in samples(spec) if isinstance(spec.fn(c, RandomDraw(1), t), Proposal)]
    for i in range(DRAWS if fitting else 0):
        case, tools = fitting[i % len(fitting)]
        draw = RandomDraw(seed_of(spec.name, i))
        made = spec.fn(case, draw, tools)
        if isinstance(made, Proposal):
            yield case, tools, draw, made


def many(spec: PerturbationSpec) -> Iterator[tuple[Case, TextTools, RandomDraw, Proposal]]:
    """Yield proposals; where none of the samples fits, look through many more cases."""
    found = drawn(spec)
    if found:
        yield from found
        return
    for name in [spec.domain] if spec.domain else pack_names():
        for tag in [t for t in load_pack(name).tags if fits(spec, t)]:
            try:
                generator = Generator(Selection.of([name], languages=[tag], kinds=["clean"]))
            except UsageError:
                continue
            for i, cell in enumerate((generator.cells * 40)[: 480 if spec.domain else 160]):  # a pack's own may fit one task in thirty
                case = build(generator.recipe(cell, i))
                tools = tools_of(case, spec.strength)
                for again in range(8):  # a place that hardly any case offers is drawn at several times
                    draw = RandomDraw(seed_of(spec.name, name, tag, i, again))
                    made = spec.fn(case, draw, tools)
                    if not isinstance(made, Proposal):
                        break
                    yield case, tools, draw, made


def texts_after(case: Case, made: Proposal) -> str:
    """Return the text after a proposal's edits."""
    return apply_edits(case.text, [e for e in made.edits if e.old != e.new])


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_it_is_declared(spec: PerturbationSpec) -> None:
    """Effect, kinds, strength, a sentence on what it does and one on the failure that it mirrors; examples where bare text suffices."""
    assert spec.doc
    assert spec.mirrors
    assert spec.kinds
    assert 0 <= spec.strength <= 1
    if spec.name in OWN and not spec.over_facts and spec.default:
        assert any(e.after for e in examples_of(spec)), "an example of what it does"
        assert any(e.after is None for e in examples_of(spec)), "a near miss"


@pytest.mark.parametrize("spec", [s for s in SPECS if examples_of(s)], ids=lambda s: s.name)
def test_examples_hold(spec: PerturbationSpec) -> None:
    """The positive example gives its text, the near miss is declined."""
    for example in examples_of(spec):
        tools = TextTools(example.before, load_language(example.language), spec.strength)
        made = spec.fn(bare_case(example.before, example.language), ReplayDraw(example.choices), tools)
        if example.after is None:
            assert isinstance(made, NotApplicable)
            assert made.why
        else:
            assert isinstance(made, Proposal)
            assert texts_after(bare_case(example.before, example.language), made) == example.after


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_it_applies_somewhere_and_then_changes_four_of_five(spec: PerturbationSpec) -> None:
    """It changes at least 80 % of the texts that it applies to, and its edits can be undone."""
    changed, total = 0, 0
    for case, _, _, made in islice(many(spec), 200):
        text = texts_after(case, made)
        assert undo_edits(text, [e for e in made.edits if e.old != e.new]) == case.text
        changed, total = changed + (text != case.text), total + 1
    assert changed >= 0.8 * total
    assert changed


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_same_choices_same_text_and_zero_changes_nothing(spec: PerturbationSpec) -> None:
    """Replaying the recorded choices proposes the same edits; all-zero choices leave the text as it is."""
    for case, tools, draw, made in islice(drawn(spec), 12):
        again = spec.fn(case, ReplayDraw(draw.choices), tools)
        assert isinstance(again, Proposal)
        assert list(again.edits) == list(made.edits)
        plainest = spec.fn(case, ReplayDraw(), tools)
        if isinstance(plainest, Proposal):
            assert texts_after(case, plainest) == case.text


@pytest.mark.parametrize("spec", PRESERVING, ids=lambda s: s.name)
def test_spans_still_name_their_slot_and_the_trail_replays(spec: PerturbationSpec) -> None:
    """Applied by the core, a preserving edit leaves facts where the spans say, and the trail replays both ways."""
    for case, tools, draw, made in drawn(spec)[:20]:
        if not isinstance(tools, CaseTools) or not any(e.old != e.new for e in made.edits):
            continue
        try:
            variant = apply_op(case, Op(spec.name, spec.strength, draw.choices), tools.pack, tools.task)
        except RobustgenError:
            continue
        assert replay(case.text, variant.trail) == variant.text
        assert undo_edits(variant.text, variant.trail[-1].edits) == case.text
        if variant.language != case.language:
            continue  # written anew; read back by the proof
        for path, places in case.spans.items():
            for (s, e), (a, b) in zip(places, variant.spans[path], strict=False):
                rewritten = any(x < e and s < y for x, y in made.allow)
                if tools.field(path) is not None and not rewritten:
                    assert case.text[s:e] in variant.text[a:b]


@pytest.mark.parametrize("spec", PRESERVING, ids=lambda s: s.name)
def test_a_preserving_variant_passes_the_independent_checker(spec: PerturbationSpec) -> None:
    """Nine of ten variants pass as they come; the others are refused by the proof and never leave."""
    refused, total = [], 0
    for case, tools, draw, made in drawn(spec)[:20]:
        if isinstance(tools, CaseTools) and any(e.old != e.new for e in made.edits):
            try:
                variant = apply_op(case, Op(spec.name, spec.strength, draw.choices), tools.pack, tools.task)
            except RobustgenError:
                continue
            total += 1
            refused += prove(case, variant)
    assert len(refused) <= 0.1 * total, refused[:5]


PAIRS = [(a, b) for i, a in enumerate(PRESERVING) for b in PRESERVING[(i * 37 + 11) % len(PRESERVING) :: 97] if a.default and b.default]


@pytest.mark.parametrize("pair", PAIRS[:: max(1, len(PAIRS) // 120)], ids=lambda p: f"{p[0].name}+{p[1].name}")
def test_two_in_a_row_keep_all(pair: tuple[PerturbationSpec, PerturbationSpec]) -> None:
    """Two perturbations on one case: the trail holds both, replays both ways, and the facts stay where the spans say."""
    for i, base in enumerate(clean_cases()):
        case = base
        for spec in pair:
            if not fits(spec, case.tag):
                break
            draw = RandomDraw(seed_of(spec.name, i))
            try:
                spec.fn(case, draw, tools_of(case, spec.strength))
                case = apply_op(case, Op(spec.name, spec.strength, draw.choices), load_pack(case.domain), load_pack(case.domain).task(case.task))
            except RobustgenError:
                break
        else:
            assert [s.perturbation for s in case.trail] == [s.name for s in pair]
            assert replay(base.text, case.trail) == case.text
            text = case.text
            for step in reversed(case.trail):
                text = undo_edits(text, step.edits)
            assert text == base.text
            assert case.facts == base.facts
            assert case.expected == base.expected
            assert case.text.strip()
            assert all(0 <= s < e <= len(case.text) for places in case.spans.values() for s, e in places)
            return
    pytest.skip("no clean case here offers both a place")


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_outside_is_refused(strength: float) -> None:
    """Strength lies in 0..1."""
    with pytest.raises(UsageError, match=r"strength .* outside 0\.\.1"):
        perturb_text("Please confirm.", strength=strength)


def test_bad_input_is_told() -> None:
    """Unknown names are told with the nearest; empty text, facts that are not there and languages without resources too."""
    with pytest.raises(UnknownName, match="neighbour_key"):
        perturb_text("Please confirm.", perturbations=["neighbor_key"])
    with pytest.raises(UsageError, match="empty"):
        perturb_text("  \n")
    with pytest.raises(UsageError, match="needs the facts"):
        perturb_text("Please confirm.", perturbations=["brand_name"])
    with pytest.raises(UsageError, match=r"'other_kana' is not for 'en'"):
        perturb_text("Please confirm.", perturbations=["other_kana"])
    assert perturb_text("500 mg", perturbations=["neighbour_key"]) == []


def test_there_is_breadth() -> None:
    """At least 120 mechanisms without those that wrap another library, in at least 20 families."""
    own = [s for s in SPECS if s.name in OWN and ":" not in s.name]
    assert len(own) >= 120
    assert len({s.family for s in own}) >= 20
