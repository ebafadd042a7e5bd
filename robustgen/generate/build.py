"""A recipe becomes a case: facts are said, perturbations applied in order, the expected answer recomputed, promises proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from robustgen.core.case import (
    Case,
    Effect,
    Envelope,
    Expected,
    Facts,
    Kind,
    Reading,
    Span,
    Step,
    apply_guarded,
    canonical,
    case_id,
    move_spans,
)
from robustgen.core.draw import RandomDraw, ReplayDraw, seed_of
from robustgen.core.plugins import PERTURBATIONS, NotApplicable, PerturbationSpec, Proposal, Realised
from robustgen.errors import EditError, GrammarError
from robustgen.generate.guard import joins
from robustgen.generate.recipe import Op, Recipe
from robustgen.generate.telling import untold
from robustgen.generate.tools import CaseTools
from robustgen.grammar.coverage import TRACE
from robustgen.grammar.read import agrees, read_text
from robustgen.grammar.say import ABSENT, Alternative
from robustgen.packs.pack import Ambiguity, Pack, load_pack
from robustgen.packs.tasks import Task

__all__ = ["MadeFrom", "Unfit", "Unproved", "apply_op", "build", "finished", "made_with"]


MadeFrom = tuple[int, int, str]
"""Seed, index and selection of a case."""


class Unfit(GrammarError):
    """This recipe makes no case: a perturbation does not apply, or a promise does not hold."""


class Unproved(Unfit):
    """A text does not have the number of readings that its catalogue entry promises."""


@lru_cache(maxsize=32)
def made_with(name: str) -> dict[str, str]:
    """Return the versions that a case of a pack depends on."""
    from importlib.metadata import version

    import robustgen

    return {
        "robustgen": robustgen.__version__,
        "pack": name,
        "pack_version": load_pack(name).version,
        "cldr": version("babel"),
        "num2words": version("num2words"),
    }


@lru_cache(maxsize=64)
def _oracle_ids(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return task to the ids of the pack's oracles that concern it."""
    found: dict[str, list[str]] = {}
    for oracle, entry in load_pack(name).meta.get("oracles", {}).items():
        for task in load_pack(name).tasks if "*" in entry.get("tasks", []) else entry.get("tasks", []):
            found.setdefault(task, []).append(oracle)
    return {k: tuple(v) for k, v in found.items()}


def build(
    recipe: Recipe,
    *,
    seed: int = 0,
    index: int = 0,
    selection: str = "",
    base: Case | None = None,
    said: tuple[Realised, Alternative] | None = None,
    proposed: tuple[Proposal, CaseTools] | None = None,
) -> Case:
    """Return the case of a recipe; raises ``Unfit`` when a step does not apply or a promise breaks.

    ``base`` is the clean case where it is known, ``said`` its text where that has just been made, ``proposed`` what the first
    perturbation proposes for it.
    """
    made_from = (seed, index, selection)
    if TRACE.on and (said is None or recipe.ops):
        TRACE.scope(recipe.domain, recipe.tag)
    pack = load_pack(recipe.domain)
    task = pack.task(recipe.task)
    if recipe.section == "ambiguous":
        case = _ambiguous(pack, task, recipe, made_from)
    elif base is not None and recipe.ops:
        case = base
    else:
        case = _clean(pack, task, recipe, made_from, said)
    if not recipe.ops:
        return case
    base = base or case
    for op in recipe.ops:
        case = apply_op(case, op, pack, task, proposed)
        proposed = None
    return finished(case, recipe, base, made_from)


def finished(case: Case, recipe: Recipe, base: Case, made_from: MadeFrom) -> Case:
    """Return the case of a recipe whose operations have been applied to its clean case one after the other."""
    asked = [Kind(k) for k in recipe.kinds if k not in {"clean", "settled"}]
    tags = [*case.tags, *(t for t in _reached(load_pack(recipe.domain), recipe) if t not in case.tags)]
    return msgspec.structs.replace(
        case,
        family=base.family,
        base=base.id,
        choices=recipe.as_choices(),
        id=_id(case, case.text, case.facts),
        kinds=asked or case.kinds,
        tags=tags,
        seed=made_from[0],
        index=made_from[1],
        selection=made_from[2],
    )


def _reached(pack: Pack, recipe: Recipe) -> list[str]:
    """Return the catalogue ids that the recipe's perturbations reach, by the pack's own word."""
    ops = [op.perturbation for op in recipe.ops]
    return [r.id for name in ops for r in pack.reached_by.get(name, ()) if r.by(recipe.task, recipe.tag)]


def _id(case: Case, text: str, facts: Facts) -> str:
    return case_id(case.domain, case.task, case.language, text, facts)


_FIXED: dict[tuple[str, str, str], str] = {}
"""Questions that are the same for all facts."""


def _ask(pack: Pack, task: Task, tag: str, facts: Facts) -> str:
    key = (pack.name, task.name, tag)
    fixed = _FIXED.get(key)
    if fixed is not None:
        return fixed
    say = pack.say(tag)
    wording = say.alternatives("ask", task.name)[0]
    text = say.write(wording, pack.schema(tag).types[task.type.name], facts, ReplayDraw()).text
    if "{" not in wording.source:
        _FIXED[key] = text
    return text


def _clean(pack: Pack, task: Task, recipe: Recipe, made_from: MadeFrom, said: tuple[Realised, Alternative] | None) -> Case:
    say, type_ = pack.say(recipe.tag), pack.schema(recipe.tag).types[task.type.name]
    if said is not None:
        return _case(pack, task, recipe, said[0], task.expected(recipe.facts), task.tags, said[1].doc, made_from)
    wordings = say.alternatives(recipe.section, recipe.entry or task.name)
    own = bool(wordings)
    if recipe.section == "edges" and not own:
        wordings = say.alternatives("documents", task.name)
    made, chosen = say.realise(wordings, type_, recipe.facts, ReplayDraw(recipe.surface))
    expected = task.expected(recipe.facts)
    if recipe.section == "edges" and not own:
        for name in untold(pack, task, recipe, chosen, made.text):
            raise Unfit(f"{recipe.entry}: the wording does not tell '{name}'")
    tags = [*task.tags, *([recipe.entry] if recipe.section == "edges" else [])]
    return _case(pack, task, recipe, made, expected, tags, chosen.doc, made_from)


class _Frame(NamedTuple):
    """What all cases of a task in a language with the same document type share."""

    kinds: list[Kind]
    oracles: list[str]
    tags: list[str]
    made_with: dict[str, str]


_FRAMES: dict[tuple[Any, ...], _Frame] = {}


def _frame(pack: Pack, task: Task, recipe: Recipe, tags: Sequence[str], doc: str) -> _Frame:
    key = (id(pack), task.name, recipe.tag, recipe.kinds, tuple(tags), doc)
    found = _FRAMES.get(key)
    if found is None:
        reached = [r.id for r in pack.reached_by.get("", ()) if r.by(recipe.task, recipe.tag)]
        found = _FRAMES[key] = _Frame(
            [Kind(k) for k in recipe.kinds] or [Kind.clean],
            [*task.oracles, *(o for o in _oracle_ids(recipe.domain).get(recipe.task, ()) if o not in task.oracles)],
            [*dict.fromkeys([*tags, *reached]), *([f"doc:{doc}"] if doc else [])],
            made_with(recipe.domain),
        )
    return found


def _case(pack: Pack, task: Task, recipe: Recipe, made: Realised, expected: Expected, tags: Sequence[str], doc: str, made_from: MadeFrom) -> Case:
    text, facts = made.text, recipe.facts
    number = case_id(recipe.domain, recipe.task, recipe.tag, text, facts)
    frame = _frame(pack, task, recipe, tags, doc)
    return Case(
        id=number,
        family=number,
        domain=recipe.domain,
        task=recipe.task,
        language=recipe.tag,
        kinds=frame.kinds,
        text=text,
        base_text=text,
        messages=[{"role": "system", "content": _ask(pack, task, recipe.tag, facts)}, {"role": "user", "content": text}],
        facts=facts,
        expected=expected,
        readings=[Reading(facts, expected, safe=True)],
        spans=made.spans,
        oracles=frame.oracles,
        tags=frame.tags,
        choices=recipe.as_choices(),
        made_with=frame.made_with,
        seed=made_from[0],
        index=made_from[1],
        selection=made_from[2],
    )


def _ambiguous(pack: Pack, task: Task, recipe: Recipe, made_from: MadeFrom) -> Case:
    entry = pack.ambiguities[recipe.entry]
    say, type_ = pack.say(recipe.tag), pack.schema(recipe.tag).types[task.type.name]
    every = say.alternatives("ambiguous", entry.id)
    wanted = [a for a in every if a.settled == ("settled" in recipe.kinds)] or every
    draw = ReplayDraw(recipe.surface)
    made, chosen = say.realise(wanted, type_, recipe.facts, draw)
    found = read_text(say, every, type_, made.text)
    one = entry.type == "trap" or chosen.settled
    if (one and len(found) != 1) or (not one and len(found) < 2):
        raise Unproved(f"{entry.id}: {len(found)} readings where {'1' if one else 'at least 2'} are promised, in '{' '.join(made.text.split())[:120]}'")
    plain = msgspec.structs.replace(recipe, kinds=("ambiguous",))
    if one:
        expected = _trap_answer(pack, task, entry, recipe.facts)
        return _case(pack, task, plain, made, expected, [*task.tags, entry.id], chosen.doc, made_from)
    readings = _readings(pack, task, type_, recipe, found)
    if len({msgspec.json.encode(r.expected.accept) for r in readings}) < 2:
        raise Unfit(f"{entry.id}: the readings have the same answer here")
    expected = _split_answer(task, entry, readings)
    case = _case(pack, task, plain, made, expected, [*task.tags, entry.id], chosen.doc, made_from)
    return msgspec.structs.replace(case, readings=readings)


def _readings(pack: Pack, task: Task, type_: Any, recipe: Recipe, found: Sequence[Mapping[str, Any]]) -> list[Reading]:
    """Return the readings as whole facts with their answers; those that agree with the drawn facts come first."""
    made = []
    for stated in sorted(found, key=lambda r: bool(agrees(r, recipe.facts))):
        facts = recipe.facts
        for path, value in stated.items():
            if path.endswith("#"):
                continue
            target = None if value is ABSENT else value
            try:
                facts = type_.with_value(facts, path, target, ReplayDraw())
            except GrammarError:
                continue
        made.append(Reading(facts, task.expected(facts)))
    return made


def _split_answer(task: Task, entry: Ambiguity, readings: Sequence[Reading]) -> Expected:
    differing = sorted({p for r in readings for p in r.facts if any(o.facts.get(p) != r.facts.get(p) for o in readings)})
    missing = list(entry.missing) or differing
    accept = [Envelope(status=s, missing=missing if s == "ask" else []) for s in entry.accept if s in {"ask", "both", "escalate", "refuse"}]
    if task.abstain:
        accept.append(Envelope(label=task.abstain))
    return Expected(accept=accept or [Envelope(status="ask", missing=missing)], tolerance=task.tolerance)


def _trap_answer(pack: Pack, task: Task, entry: Ambiguity, facts: Facts) -> Expected:
    if entry.answer is None or entry.type != "trap":
        return task.expected(facts)
    node: Any = entry.answer
    part = task._part(node, top=True)
    from robustgen.packs.tasks import _envelopes, _value

    return Expected(accept=list(_envelopes(_value(part, task.type.view(facts)))), tolerance=task.tolerance)


def apply_op(case: Case, op: Op, pack: Pack, task: Task, proposed: tuple[Proposal, CaseTools] | None = None) -> Case:
    """Return the case after one perturbation; raises ``Unfit`` when nothing changes or a promise breaks."""
    spec = PERTURBATIONS.get(op.perturbation)
    proposal: Proposal | NotApplicable
    if proposed is None:
        tools = CaseTools(pack, task, case, op.strength)
        proposal = spec.fn(case, ReplayDraw(op.choices), tools)
    else:
        proposal, tools = proposed
    if isinstance(proposal, NotApplicable):
        raise Unfit(f"{spec.name}: {proposal.why}")
    edits = [e for e in proposal.edits if e.old != e.new]
    if not edits:
        raise Unfit(f"{spec.name}: changed nothing")
    allowed = set(proposal.allow)
    guard = _guard(spec, tools, case, allowed)
    try:
        text = apply_guarded(case.text, edits, guard)
    except EditError as error:
        raise Unfit(f"{spec.name}: {error.what}") from None
    if text == case.text:
        raise Unfit(f"{spec.name}: changed nothing")
    if not text.strip():
        raise Unfit(f"{spec.name}: would leave an empty document")
    if spec.effect is Effect.preserves and (joined := joins(case.text, edits, tools.protected())):
        raise Unfit(f"{spec.name}: would run into {joined!r}")
    return _after(case, spec, op, proposal, edits, text, tools, task)


def _guard(spec: PerturbationSpec, tools: CaseTools, case: Case, allowed: set[tuple[int, int]]) -> Sequence[Span]:
    """Return what this perturbation must leave alone: everything protected, less what it may re-render."""
    if spec.effect is not Effect.preserves:
        return []
    if not allowed:
        return tools.protected()
    return [s for s in tools.protected() if not any(a[0] <= s[0] and s[1] <= a[1] for a in allowed)]


def _after(case: Case, spec: PerturbationSpec, op: Op, proposal: Proposal, edits: Sequence[Any], text: str, tools: CaseTools, task: Task) -> Case:
    facts = case.facts if proposal.facts is None else proposal.facts
    spans = move_spans(case.spans, edits)
    if proposal.spans:
        spans = {k: list(v) for k, v in proposal.spans.items()} if proposal.whole else {**spans, **{k: list(v) for k, v in proposal.spans.items()}}
    for path in proposal.lost:
        spans[path] = []
    expected, readings = case.expected, case.readings
    if spec.effect is Effect.shifts:
        expected = task.expected(facts)
        readings = [Reading(facts, expected, safe=True)]
    elif spec.effect is Effect.degrades:
        if not any(_matters(case, path, tools, task) for path in proposal.lost):
            raise Unfit(f"{spec.name}: the answer does not depend on {', '.join(proposal.lost)} here")
        expected = task.expected(facts, missing=sorted(_roots(proposal.lost)))
        readings = [Reading(facts, expected, safe=True)]
    elif spec.effect is Effect.splits:
        readings = _split_readings(task, proposal.readings)
        differing = sorted({p for r in readings for p in r.facts if any(o.facts.get(p) != r.facts.get(p) for o in readings)})
        accept = [Envelope(status="ask", missing=differing), Envelope(status="both")]
        expected = Expected(accept=[*accept, *([Envelope(label=task.abstain)] if task.abstain else [])], tolerance=task.tolerance)
    step = Step(spec.name, {"strength": op.strength}, spec.effect, list(edits))
    messages = [*case.messages[:-1], {"role": "user", "content": text}]
    return msgspec.structs.replace(
        case,
        text=text,
        language=_languages(case, proposal),
        messages=messages,
        facts=facts,
        expected=expected,
        readings=readings,
        spans=spans,
        trail=[*case.trail, step],
        kinds=list(dict.fromkeys([*(k for k in case.kinds if k is not Kind.clean), *spec.kinds[:1]])),
        tags=[*case.tags, *(t for t in proposal.tags if t not in case.tags)],
    )


def _matters(case: Case, path: str, tools: CaseTools, task: Task) -> bool:
    """Tell whether another value at a path would change the answer of this very case, what else is stated standing as it is."""
    draw, root, fields = RandomDraw(seed_of("matters", path)), path.partition(".")[0].partition("[")[0], task.type.fields
    for made in filter(None, (tools.with_value(path, tools.typical(path, draw)) for _ in range(12))):
        facts = {k: v if k == root or fields[k].kind == "derived" else case.facts.get(k) for k, v in made.items()}
        try:
            if task.expected(facts).accept != case.expected.accept:
                return True
        except GrammarError:
            continue
    return False


def _languages(case: Case, proposal: Proposal) -> str | list[str]:
    if not proposal.language or proposal.language == case.language:
        return case.language
    if proposal.whole:
        return proposal.language
    before = [case.language] if isinstance(case.language, str) else list(case.language)
    return [*before, *([] if proposal.language in before else [proposal.language])]


def _roots(paths: Sequence[str]) -> set[str]:
    """Return field paths without list positions, as tasks name them."""
    import re

    return {re.sub(r"\[\d+\]", "", p) for p in paths}


def _split_readings(task: Task, readings: Sequence[Reading]) -> list[Reading]:
    made = [Reading(r.facts, task.expected(r.facts), r.safe) for r in readings]
    if len({msgspec.json.encode(canonical(msgspec.to_builtins(r.expected.accept))) for r in made}) < 2:
        raise Unfit("the readings have the same answer here")
    return made
