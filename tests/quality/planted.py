"""A hundred planted faults, made from whatever the packs hold: each knows the smallest trigger that must be found for it.

A fault is an answerer that is right everywhere but where ``hits`` holds of the case. ``head`` must match the trigger up to its needs
(what was done to the text), ``needs`` the needs, one pattern each and none besides.
"""

# long: one table of faults and the features that they are planted on; apart, a fault and its trigger would drift

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import msgspec

from robustgen.campaign import session
from robustgen.campaign.run import Limits
from robustgen.core.case import Case, canonical
from robustgen.core.draw import RandomDraw, ReplayDraw
from robustgen.core.plugins import PERTURBATIONS
from robustgen.core.report import Report
from robustgen.core.verdict import Finding
from robustgen.errors import RobustgenError
from robustgen.generate import Generator, Selection
from robustgen.generate.build import build
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op
from robustgen.generate.tools import CaseTools
from robustgen.grammar.schema import Field, walk_paths
from robustgen.packs.pack import load_pack
from robustgen.targets._base import CallTarget
from tests.quality.answerer import answer, wrong

__all__ = ["DOMAINS", "Planted", "Stacked", "exact", "hunt", "planted"]

DOMAINS = ("clinical", "finance", "legal", "retail")
OTHERS = "one more value, where the schema couples the two"


class Planted(NamedTuple):
    """A fault with the selection that reaches it and the smallest trigger to be found."""

    name: str
    effect: str
    hits: Callable[[Case], bool]
    selection: Selection
    head: str = ""
    needs: tuple[str, ...] = ()
    answers: Callable[[Case], Any] = wrong
    stacked: bool = False


class Stacked(Generator):
    """A generator whose variants carry up to two more perturbations, so that there is something to drop."""

    NOISE = ("padding", "double_spaces", "final_stop_lost", "greeting_before", "no_break_spaces")

    def case(self, index: int) -> Case:
        """Return the case with more perturbations before its own, where they fit."""
        made = super().case(index)
        if not made.trail or not made.base:
            return made
        recipe = self.recipe_of(made)
        try:
            base = build(msgspec.structs.replace(recipe, ops=()))
            if made.id != build(recipe, base=base).id:
                return made
        except RobustgenError:
            return made
        for place, name in enumerate((self.NOISE[index % 5], self.NOISE[(index + 2) % 5])):
            more = msgspec.structs.replace(recipe, ops=(drawn(name, base, index + place), *recipe.ops))
            try:
                stacked = build(more, seed=self.seed, index=index, selection=self.digest, base=base)
            except RobustgenError:
                continue
            if not prove(base, stacked):
                recipe, made = more, msgspec.structs.replace(stacked, family=made.family, base=made.base)
        return made


def drawn(name: str, base: Case, seed: int) -> Op:
    """Return a perturbation with fresh choices on a clean case."""
    spec, pack, draw = PERTURBATIONS.get(name), load_pack(base.domain), RandomDraw(seed)
    spec.fn(base, draw, CaseTools(pack, pack.task(base.task), base, spec.strength))
    return Op(name, spec.strength, draw.choices)


def hunt(fault: Planted, *, count: int = 60, shrink: int = 60) -> tuple[Report, int]:
    """Run a whole campaign on the faulty answerer; return its report and how many distinct questions were put to it."""
    seen: set[str] = set()

    async def opened(address: str, options: object) -> CallTarget:
        async def call(case: Case) -> Any:
            seen.add(case.text)
            return fault.answers(case) if fault.hits(case) else answer(case)

        return CallTarget(call, name=address)

    generator = (Stacked if fault.stacked else Generator)(fault.selection)
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(session, "open_target", opened):
        report = session.Session(generator, "python:planted", Path(folder), count=count, limits=Limits(concurrency=8), shrink=shrink).go()
    return report, len(seen)


def exact(fault: Planted, finding: Finding) -> bool:
    """Tell whether a finding is the fault's smallest trigger: it sets the fault off, one step at most, and it needs just what it must."""
    head, when, rest = finding.trigger.partition(" when ")
    needs = finding.needs if when or not finding.case.trail else []
    if not finding.case.trail and finding.needs and not fault.head:
        head = ""
    must = [p for p in fault.needs if p != OTHERS]
    others = [n for n in needs if not any(re.fullmatch(p, n) for p in must)]
    fits = all(any(re.fullmatch(p, n) for n in needs) for p in must) and len(others) <= (1 if OTHERS in fault.needs else 0)
    steps = len(finding.case.trail) <= 1 or not _alone(fault, finding.case)
    return (
        fault.hits(finding.case)
        and steps
        and fits
        and bool(re.fullmatch(rf"(?:.*; )?(?:{fault.head})" if fault.stacked else fault.head, head, re.DOTALL))
        and (not when or bool(rest))
    )


def _alone(fault: Planted, case: Case) -> bool:
    """Tell whether one perturbation alone, at any of many places, can set the fault off on the clean text of a case."""
    generator = Generator(fault.selection)
    recipe = generator.recipe_of(case)
    for op in recipe.ops:
        for seed in range(20):
            try:
                base = build(msgspec.structs.replace(recipe, ops=()))
                if fault.hits(build(msgspec.structs.replace(recipe, ops=(drawn(op.perturbation, base, seed),)), base=base)):
                    return True
            except RobustgenError:
                continue
    return False


def planted() -> list[Planted]:
    """Return every planted fault that the present packs can meet."""
    turn = cycle(DOMAINS)
    return [*_features(turn), *_effects(), *_lists(), *_languages(), *_numbers(), *_closed(), *_entries(), *_wordings(), *_pairs()]


# --- features that a perturbation brings into the text ------------------------------------------------------------------

FEATURES: Sequence[tuple[str, str, str]] = (
    ("full-width digits", "[０-９]", "full_width_digits"),
    ("zero-width space", "\u200b", "zero_width"),
    ("word joiner", "\u2060", "word_joiner"),
    ("soft hyphen", "\u00ad", "soft_hyphens"),
    ("byte order mark", "\ufeff", "byte_order_mark"),
    ("direction mark", "[\u200e\u200f]", "direction_marks"),
    ("no-break space", "\u00a0", "no_break_spaces"),
    ("narrow no-break space", "\u202f", "thin_unit_space|thin_space_groups"),
    ("Cyrillic letter", "[а-яѕіј]", "confusable"),
    ("combining mark", "[\u0300-\u036f]", "combining_marks|decomposed"),
    ("bold letters", "[\U0001d400-\U0001d7ff]", "bold_letters"),
    ("full-width letters", "[Ａ-Ｚａ-ｚ]", "full_width_letters"),
    ("ligature", "[ﬀ-ﬆ]", "ligatures"),
    ("mojibake", "Ã|â€|Â", "mojibake"),
    ("tab", "\t", "tabs"),
    ("carriage return", "\r\n", "crlf_lines"),
    ("empty line", r"\n\n\n?", "empty_lines"),
    ("ruled line", r"(?m)^[-=_*]{3,}$", "ruled_lines"),
    ("bullet", r"(?m)^(?:[-*•·]) ", "bullets"),
    ("quoted line", "(?m)^> ", "email_quote"),
    ("code fence", "```", "code_fence"),
    ("JSON string", r'^\{"message"', "json_string"),
    ("HTML bold", "<b>", "bold_html_fact"),
    ("HTML span", "<span", "span_fact"),
    ("HTML comment", "<!--", "html_comment"),
    ("HTML paragraph", "<p>", "html_paragraph"),
    ("BBCode", r"\[b\]", "bbcode_fact"),
    ("Markdown bold", r"\*\*(?=\S)", "bold_markdown_fact"),
    ("Markdown link", r"\]\(", "markdown_link_fact"),
    ("LaTeX", r"\\text|\$", "latex_fact"),
    ("XML element", r"^<\w+>", "xml_element"),
    ("table cell", r"\|", "table_cell"),
    ("mail header", r"(?mi)^(?:subject|from): ", "mail_header"),
    ("emoji", "[\U0001f300-\U0001faff\u2600-\u27bf]", "emoji"),
    ("hashtag", r"#\w{3,}", "hashtags"),
    ("mention", r"@\w", "mention"),
    ("template marker", r"\{\{|\*\*\*|<<", "template_marker"),
    ("space before a full stop", r" [.,;:!?](?:\s|$)", "space_before_punctuation"),
    ("repeated marks", r"!!|\?\?|\.\.\.?", "repeated_marks"),
    ("quoted fact", '"', "quoted_fact"),
    ("HTML entity", r"&(?:amp|#\d+|[a-z]+);", "html_entities|nbsp_entities"),
    ("currency code first", r"\b(?:EUR|USD|GBP) \d", "currency_code"),
    ("full caps word", r"^(?:\W*[A-Z][A-Z]+\b)", "shouted_words"),
)
ATTACKS = ("comment_injection", "delimiter_attack", "document_injection", "fake_answer", "foreign_injection", "role_confusion")
LOSSES = ("blank_fact", "illegible_fact", "placeholder_fact")


def _features(turn: Iterator[str]) -> Iterator[Planted]:
    for name, pattern, perturbations in FEATURES:
        known = [p for p in perturbations.split("|") if p in dict(PERTURBATIONS.items())]
        found = re.compile(pattern)
        for _ in DOMAINS:
            chosen = _choose(next(turn), known, found)
            if chosen is not None:
                yield Planted(name, "preserves", lambda c, f=found: bool(f.search(c.text)), chosen, rf"(?:{perturbations}): .*", stacked=True)  # type: ignore[misc]
                break


def _choose(domain: str, perturbations: Sequence[str], found: re.Pattern[str]) -> Selection | None:
    """Return a selection in which the perturbation brings the feature in and clean texts do not have it."""
    for name in perturbations:
        selection = Selection.of([domain], languages=["en"], kinds=["clean", PERTURBATIONS.get(name).kinds[0].value], perturbations=[name])
        try:
            cases = list(Generator(selection).cases(0, 48))
        except RobustgenError:
            continue
        if any(found.search(c.text) for c in cases if c.trail) and not any(found.search(c.text) for c in cases if not c.trail):
            return selection
    return None


def _effects() -> Iterator[Planted]:
    """Faults by effect: an injection obeyed, what is missing answered all the same, a changed fact misread, an error-prone form read as sure."""
    rows = [(ATTACKS, "adversarial", "obeys "), (LOSSES, "missing", "answers in spite of ")]
    turn = cycle(DOMAINS)
    for names, kind, verb in rows:
        for name in names:
            for _ in DOMAINS:
                domain = next(turn)
                selection = Selection.of([domain], languages=["en"], kinds=["clean", kind], perturbations=[name])
                if _made(selection) and name in dict(PERTURBATIONS.items()):
                    effect = PERTURBATIONS.get(name).effect.value
                    yield Planted(verb + name, effect, lambda c, n=name: _did(c, n), selection, rf"{name}: .*")  # type: ignore[misc]
                    break
    yield from islice((f for domain in DOMAINS for f in _changed(domain, "another_value", ("int", "decimal", "date"))), 4)
    yield from islice((f for domain in DOMAINS for f in _changed(domain, "another_name", ("faker",))), 2)
    for domain in DOMAINS:
        selection = Selection.of([domain], languages=["en"], kinds=["clean", "ambiguous"], perturbations=["error_prone_form"])
        if _made(selection):
            yield Planted(f"reads error-prone forms as sure ({domain})", "splits", lambda c: _did(c, "error_prone_form"), selection, "error_prone_form: .*")


def _changed(domain: str, name: str, kinds: Sequence[str]) -> Iterator[Planted]:
    """A fault that a changed fact sets off where the clean text has none: a value beyond the usual, a name too long. It hangs on what the text says alone."""
    for task in load_pack(domain).tasks:
        plain, fields = _plainest(domain, task), [f.name for f in _fields(domain, task, kinds)]
        selection = Selection.of([domain], tasks=[task], languages=["en"], kinds=["edge"], perturbations=[name])
        try:
            cases = list(Generator(selection).cases(0, 40)) if plain and fields else []
        except RobustgenError:
            continue
        for field in fields:
            sizes = sorted(_size(c.facts[field]) for c in cases if c.trail and c.spans.get(field))
            most = sizes[len(sizes) // 2] if len(sizes) > 9 else None
            if most is None or not _size(plain[field]) <= most < sizes[-1]:
                continue
            hits = partial(_beyond, field, most)
            if any(hits(c) and not hits(build(msgspec.structs.replace(Generator(selection).recipe_of(c), ops=()))) for c in cases if c.trail):
                yield Planted(f"{domain} {task}: misreads {field} beyond {canonical(most)} ({name})", "shifts", hits, selection, f"{name}: .*")
                break
        else:
            continue
        break


def _beyond(field: str, most: Any, case: Case) -> bool:
    return bool(case.spans.get(field)) and bool(_size(case.facts[field]) > most)


def _size(value: Any) -> Any:
    return len(value) if isinstance(value, str) else value


def _did(case: Case, name: str) -> bool:
    return any(s.perturbation == name for s in case.trail)


def _made(selection: Selection) -> bool:
    try:
        return any(c.trail for c in Generator(selection).cases(0, 16))
    except RobustgenError:
        return False


# --- lists, languages ---------------------------------------------------------------------------------------------------


def _lists() -> Iterator[Planted]:
    clean = Selection.of(["basket"], tasks=["B1"], kinds=["clean"])
    for most in (1, 2, 3, 4, 5):
        yield Planted(f"stops reading after {most} items", "list length", lambda c, m=most: len(c.facts["lines"]) > m, clean, needs=(f"{most + 1} lines",))  # type: ignore[misc]
    for least in (10, 13, 37):
        yield Planted(
            f"cannot count past {least - 1}",
            "boundary",
            lambda c, n=least: any(line["number"] >= n for line in c.facts["lines"]),  # type: ignore[misc]
            clean,
            needs=(f"lines.number ≥ {least}",),
        )
    gift = Selection.of(["basket"], tasks=["B2"], kinds=["clean"])
    yield Planted("overlooks 'not'", "negation", lambda c: c.task == "B2" and "not" not in c.text, gift, needs=("gift = true",))
    yield Planted("mixes up goods", "closed value", lambda c: any(x["good"] == "salt" for x in c.facts["lines"]), clean, needs=("lines.good = salt",))


def _languages() -> Iterator[Planted]:
    for domain in DOMAINS:
        tags = [t for t in load_pack(domain).tags if t.partition("-")[0] != "en"]
        for tag in tags[:3]:
            selection = Selection.of([domain], languages=["en", tag], kinds=["clean"])
            if any(c.tag == tag for c in selection.cells()):
                yield Planted(f"cannot read {tag} ({domain})", "language", lambda c, t=tag: c.tag == t, selection, needs=(f"in {tag}",))  # type: ignore[misc]


# --- values -------------------------------------------------------------------------------------------------------------


def _drawn(domain: str) -> Iterator[tuple[str, Selection, list[Case]]]:
    for task in load_pack(domain).tasks:
        try:
            selection = Selection.of([domain], tasks=[task], languages=["en"], kinds=["clean"])
            yield task, selection, list(Generator(selection).cases(0, 40))
        except RobustgenError:
            continue


def _fields(domain: str, task: str, kinds: Sequence[str]) -> list[Field]:
    return [f for f in load_pack(domain).task(task).type.fields.values() if f.kind in kinds and not f.spec.absent and not f.spec.when]


def _numbers() -> Iterator[Planted]:
    """Faults from some value of a number or date on: the smallest failing value is the first that the field can take."""
    for domain in DOMAINS:
        left = 6
        for task, selection, cases in _drawn(domain):
            if not left:
                break
            plain = _plainest(domain, task)
            for field in _fields(domain, task, ("int", "decimal", "date", "pick"))[:2]:
                shown = [c for c in cases if c.spans.get(field.name)]
                values = sorted({c.facts[field.name] for c in shown if isinstance(c.facts[field.name], (int, Decimal)) or field.kind == "date"})
                if not left or len(values) < 6 or plain is None:
                    continue
                left -= 1
                least = next((v for v in values[len(values) // 2 :] if v > plain[field.name]), None)
                if least is None:
                    continue
                yield Planted(
                    f"{domain} {task}: fails from {field.name} {canonical(least)} on",
                    "boundary",
                    lambda c, f=field.name, v=least: c.facts[f] >= v and bool(c.spans.get(f)),  # type: ignore[misc]
                    selection,
                    needs=_reached(domain, task, field, least, plain, shown=len(shown) == len(cases)),
                )


def _reached(domain: str, task: str, field: Field, least: Any, plain: Any, *, shown: bool) -> tuple[str, ...]:
    """Return the needs of a bound: the value itself, and what other value the schema asks for with it."""
    unit = f" {field.unit}" if field.unit else ""
    if not shown:
        return (rf"{field.name} [≥=] {re.escape(str(canonical(least)))}", OTHERS)
    one = rf"{field.name} [≥=] {re.escape(str(canonical(least)))}{re.escape(unit)}"
    if field.kind == "pick":
        return (rf"{field.name} [≥=] [\d.]+{re.escape(unit)}", OTHERS)
    type_ = load_pack(domain).schema("en").types[load_pack(domain).task(task).type.name]
    try:
        made = type_.with_value(plain, field.name, least, ReplayDraw())
    except RobustgenError:
        return (one, OTHERS)
    moved = [n for n, f in type_.fields.items() if n != field.name and f.kind != "derived" and made[n] != plain[n]]
    return (one,) if made[field.name] == least and not moved else (one, OTHERS)  # what moves along is no choice of the shrinker


def _closed() -> Iterator[Planted]:
    """Faults on one option of a closed field."""
    for domain in DOMAINS:
        left = 4
        for task, selection, cases in _drawn(domain):
            if not left:
                break
            for field in _fields(domain, task, ("row", "one", "bool"))[:2]:
                plain = (_plainest(domain, task) or {}).get(field.name, _first(field, cases[0]))
                values = [v for v in dict.fromkeys(c.facts[field.name] for c in cases) if not isinstance(v, (int, Decimal)) or isinstance(v, bool)]
                shown = {c.facts[field.name] for c in cases if c.spans.get(field.name)}
                options = [v for v in values if v != plain and v is not False and v in shown]
                if left and options:
                    left -= 1
                    said = str(canonical(options[0])).lower() if isinstance(options[0], bool) else canonical(options[0])
                    yield Planted(
                        f"{domain} {task}: wrong for {field.name} {said}",
                        "closed value",
                        lambda c, f=field.name, v=options[0]: c.facts[f] == v and bool(c.spans.get(f)),  # type: ignore[misc]
                        selection,
                        needs=(rf"{field.name} = {re.escape(str(said))}",),
                    )


def _first(field: Field, case: Case) -> Any:
    """Return a closed field's plainest value: its first, whatever the task's rules make of the others."""
    return field.draw(ReplayDraw(), load_pack(case.domain).task(case.task).type.view(case.facts))


def _plainest(domain: str, task: str) -> Any:
    """Return the simplest record of a task, None where the plainest of all choices breaks a rule."""
    type_ = load_pack(domain).schema("en").types[load_pack(domain).task(task).type.name]
    try:
        return type_.draw(ReplayDraw())
    except RobustgenError:
        return None


# --- catalogue entries, wordings, pairs of causes -----------------------------------------------------------------------


def _entries() -> Iterator[Planted]:
    for domain in DOMAINS:
        selection = Selection.of([domain], languages=["en"], kinds=["clean", "ambiguous"])
        try:
            cases = list(Generator(selection).cases(0, 60))
        except RobustgenError:
            continue
        entries = list(dict.fromkeys(str(c.choices["entry"]) for c in cases if c.choices.get("entry") and len(c.readings) > 1))
        for entry in entries[:3]:
            yield Planted(f"sure of {entry}", "ambiguous", lambda c, e=entry: c.choices.get("entry") == e and len(c.readings) > 1, selection, re.escape(entry))  # type: ignore[misc]


def _wordings() -> Iterator[Planted]:
    """Faults on a word that a task's plainest wording does not use."""
    for domain in DOMAINS:
        left = 3
        for task, selection, cases in _drawn(domain):
            if not left:
                break
            type_ = load_pack(domain).schema("en").types[load_pack(domain).task(task).type.name]
            try:
                plain = load_pack(domain).say("en").realise(_wordings_of(domain, task), type_, cases[0].facts, ReplayDraw())[0].text
            except RobustgenError:
                continue
            values = {str(v).casefold() for c in cases for _, v in walk_paths(c.facts)}
            words = [w for c in cases for w in re.findall(r"\b[a-z]{4,}\b", c.text) if not any(w in v for v in values)]
            telling = [w for w in dict.fromkeys(words) if w not in plain.casefold() and 4 <= sum(w in c.text for c in cases) <= 24]
            if left and telling:
                left -= 1
                yield Planted(
                    f"{domain} {task}: stumbles over '{telling[0]}'",
                    "wording",
                    lambda c, w=telling[0]: re.search(rf"\b{w}\b", c.text) is not None,  # type: ignore[misc]
                    selection,
                    needs=("wording .*",),
                )


def _wordings_of(domain: str, task: str) -> Any:
    return load_pack(domain).say("en").alternatives("documents", task)


def _pairs() -> Iterator[Planted]:
    """Faults that need two things at once: a feature of the text and a value, or two values."""
    gift = Selection.of(["basket"], tasks=["B2"], kinds=["clean"])
    yield Planted("a gift of three items", "two values", lambda c: c.facts["gift"] and len(c.facts["lines"]) >= 3, gift, needs=("3 lines", "gift = true"))
    bold = Selection.of(["basket"], tasks=["B1"], kinds=["clean", "noisy"], perturbations=["bold_markdown_fact"])
    yield Planted(
        "Markdown in long orders",
        "feature and value",
        lambda c: "**" in c.text and len(c.facts["lines"]) >= 3,
        bold,
        "bold_markdown_fact: .*",
        ("3 lines",),
        stacked=True,
    )


def dump(fault: Planted) -> str:
    """Return a fault's selection in one line, for messages."""
    return msgspec.json.encode(fault.selection).decode()
