"""What ``robustgen check`` proves of a pack: it loads, every wording compiles, clean cases have one reading, catalogued ambiguities
what they promise, golden cases hold, and documents state what their task depends on.

Problems are collected, never raised, so that an author sees all of them at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from robustgen.core.case import Case, canonical
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.errors import GrammarError, PackError, RobustgenError, TooAmbiguous
from robustgen.generate.build import Unproved, build
from robustgen.generate.catalogued import catalogued
from robustgen.generate.generator import Generator
from robustgen.generate.recipe import Recipe
from robustgen.generate.selection import Cell, Selection
from robustgen.grammar.read import agrees, read_text
from robustgen.grammar.say import Alternative
from robustgen.packs.grading import check_entries
from robustgen.packs.pack import Ambiguity, Pack, load_pack
from robustgen.packs.tasks import Task

__all__ = ["Problem", "Report", "check_pack"]


class Problem(msgspec.Struct, frozen=True):
    """One thing to mend: where, what, how."""

    where: str
    what: str
    mend: str = ""


class Proof(msgspec.Struct):
    """How many texts of a catalogued ambiguity kept its promise: ``open`` ones have two readings or more, ``one`` exactly one."""

    type: str
    open: list[int]
    one: list[int]

    @property
    def holds(self) -> bool:
        """Whether every text made kept its promise, and there was at least one of each that the type asks for."""
        wanted = {"split": [self.open], "settled": [self.open, self.one], "trap": [self.one]}[self.type]
        return all(kept == made and kept for kept, made in wanted)


class Report(msgspec.Struct):
    """What was proved, and what was not."""

    pack: str
    cells: int = 0
    clean: int = 0
    one_reading: int = 0
    ambiguous: dict[str, Proof] = {}
    golden: int = 0
    edges: int = 0
    problems: list[Problem] = []
    variety: dict[str, dict[str, Any]] = {}

    def add(self, where: str, error: RobustgenError) -> None:
        """Keep an error as a problem, once."""
        what = error.bare if isinstance(error, PackError) else error.what
        place = ":".join(str(p) for p in (error.file, error.line) if p) if isinstance(error, PackError) else ""
        made = Problem(place or where, what, error.mend)
        if made not in self.problems:
            self.problems.append(made)


def check_pack(name: str, count: int, tags: Sequence[str] = (), *, tick: Callable[[int], None] = lambda n: None) -> Report:
    """Check a pack; ``count`` clean cases per task and language."""
    report = Report(name)
    pack = load_pack(name)
    parts: list[tuple[str, Callable[[], Any]]] = [
        ("tables", lambda: pack.tables),
        ("rules.py", lambda: pack.functions),
        ("facts.yaml", pack.schema),
        ("tasks.yaml", lambda: pack.tasks),
        ("ambiguities.yaml", lambda: pack.ambiguities),
        ("edges.yaml", lambda: pack.edges),
        ("golden.jsonl", lambda: pack.golden),
    ]
    if not all(_try(report, where, fn) for where, fn in parts):
        return report
    _golden(pack, report)
    report.problems += [Problem(f"{name}/pack.toml", what) for what in check_entries(name)]
    for tag in [t for t in pack.tags if not tags or t in tags]:
        if _try(report, f"{tag}/say.yaml", partial(pack.say, tag)):
            _language(pack, tag, count, report, tick)
    return report


def _try(report: Report, where: str, fn: Callable[[], Any]) -> bool:
    try:
        fn()
    except RobustgenError as error:
        report.add(where, error)
        return False
    return True


def _golden(pack: Pack, report: Report) -> None:
    for record in pack.golden:
        where = f"{pack.folder / 'golden.jsonl'}:{record['line']}"
        try:
            task = pack.task(str(record.get("task")))
            facts = task.type.typed(record.get("facts", {}))
            got = [msgspec.to_builtins(e) for e in task.expected(facts).accept]
        except RobustgenError as error:
            report.add(where, error)
            continue
        wanted = record.get("expected", {})
        if not any(_holds(wanted, g) for g in got):
            report.problems.append(Problem(where, f"{task.name}: expected {wanted}, the pack computes {got[:2]}"))
        report.golden += 1


def _holds(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    return all(_equal(v, got.get(k)) for k, v in wanted.items())


def _equal(wanted: Any, got: Any) -> bool:
    a, b = canonical(wanted), canonical(got)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_equal(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) <= set(b) and all(_equal(v, b[k]) for k, v in a.items())
    return bool(_plain(a) == _plain(b))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        from decimal import Decimal, InvalidOperation

        try:
            return Decimal(value).normalize()
        except InvalidOperation:
            return value
    return value


def _language(pack: Pack, tag: str, count: int, report: Report, tick: Callable[[int], None]) -> None:
    for task in pack.tasks.values():
        if not _try(report, f"{pack.name} {task.name} {tag}", partial(pack.speaks, tag, task.name)):
            continue
        if not pack.speaks(tag, task.name):
            continue
        report.cells += 1
        _compile_all(pack, task, tag, report)
        _cell(pack, task, tag, count, report)
        tick(1)
    for entry in pack.ambiguities.values():
        _ambiguity(pack, entry, tag, max(count // 5, 5), report)


def _compile_all(pack: Pack, task: Task, tag: str, report: Report) -> None:
    """Compile every wording of a task, drawn or not."""
    say, type_ = pack.say(tag), pack.schema(tag).types[task.type.name]
    for section in ("documents", "ask"):
        for alternative in say.alternatives(section, task.name):
            _try(report, f"{tag}/say.yaml {task.name}", partial(say.compiled, alternative, type_, alternative.register))


def _cell(pack: Pack, task: Task, tag: str, count: int, report: Report) -> None:
    say, type_ = pack.say(tag), pack.schema(tag).types[task.type.name]
    wordings = say.alternatives("documents", task.name)
    texts: list[str] = []
    labels: Counter[str] = Counter()
    for i, case in enumerate(_sample(pack, task, tag, count, report)):
        report.clean += 1
        where = f"{pack.name} {task.name} {tag} case {i}"
        texts.append(case.text)
        labels.update(str(e.label) for e in case.expected.accept[:1])
        _stated(task, case, where, report)
        try:
            found = read_text(say, wordings, type_, case.text)
        except TooAmbiguous as error:
            report.add(where, error)
            continue
        if len(found) == 1 and not agrees(found[0], case.facts):
            report.one_reading += 1
        else:
            report.problems.append(Problem(where, _misread(found, case), "make the wordings tell the two apart"))
    report.variety[f"{task.name} {tag}"] = _variety(texts, labels, len(wordings))


def _sample(pack: Pack, task: Task, tag: str, count: int, report: Report) -> Iterator[Case]:
    generator = Generator(Selection(domains=[pack.name], tasks=[task.name], languages=[tag], kinds=["clean"]))
    cell = Cell(pack.name, task.name, tag)
    for i in range(count):
        try:
            yield build(generator.recipe(cell, seed_of("check", task.name, tag, i)))
        except RobustgenError as error:
            report.add(f"{pack.name} {task.name} {tag}", error)


def _misread(found: Sequence[Mapping[str, Any]], case: Case) -> str:
    text = " ".join(case.text.split())[:160]
    if not found:
        return f"no reading of its own text: '{text}'"
    if len(found) == 1:
        path = agrees(found[0], case.facts)
        return f"reads back another {path}: {found[0].get(path)!r} in '{text}'"
    first, second = found[:2]
    differing = [p for p in {*first, *second} if first.get(p) != second.get(p)][:3]
    shown = ", ".join(f"{p}: {first.get(p)!r} or {second.get(p)!r}" for p in differing)
    return f"{len(found)} readings ({shown}) of '{text}'"


def _stated(task: Task, case: Case, where: str, report: Report) -> None:
    """Every field that the answer depends on is stated, where it is there at all."""
    stated = {p.replace("[", ".").replace("]", "").split(".")[0] for p in case.spans}
    for path in task.depends:
        head = path.split(".")[0].split("[")[0]
        value = case.facts.get(head)
        if head not in stated and value not in (None, False, []):
            asked = case.messages[0]["content"]
            if str(value) not in asked and not _implied(case, head):
                made = Problem(f"{task.name} {case.language}", f"a document does not state '{head}'", "state it in every document, or drop it from 'depends'")
                if made not in report.problems:
                    report.problems.append(made)


def _implied(case: Case, head: str) -> bool:
    """A truth value may be stated by the wording alone; reading back proves it."""
    return isinstance(case.facts.get(head), (bool, dict)) or head in case.choices.get("implied", ())


def _variety(texts: Sequence[str], labels: Counter[str], wordings: int) -> dict[str, Any]:
    grams = [g for t in texts for g in _grams(t)]
    return {
        "wordings": wordings,
        "distinct_4grams": round(len(set(grams)) / len(grams), 3) if grams else 0,
        "duplicates_per_1000": round(1000 * (1 - len(set(texts)) / len(texts))) if texts else 0,
        "longest": max(map(len, texts), default=0),
        "labels": dict(labels),
    }


def _grams(text: str) -> Iterator[tuple[str, ...]]:
    words = text.split()
    yield from zip(words, words[1:], words[2:], words[3:], strict=False)


def _ambiguity(pack: Pack, entry: Ambiguity, tag: str, count: int, report: Report) -> None:
    """Prove a catalogued ambiguity: ``split`` has two readings or more, ``settled`` without its fact too and with it one, ``trap`` one."""
    say = pack.say(tag)
    wordings = say.alternatives("ambiguous", entry.id)
    if entry.form and not wordings:
        _shared_form(pack, entry, tag, report)
    tasks = [t for t in entry.tasks if pack.speaks(tag, t)]
    if not wordings or not tasks:
        return
    proof = report.ambiguous[f"{entry.id} {tag}"] = Proof(entry.type, [0, 0], [0, 0])
    modes = {"split": [False], "settled": [False, True], "trap": [False]}[entry.type]
    last: GrammarError | None = None
    for i in range(count * len(modes)):
        task, settled = tasks[i // len(modes) % len(tasks)], modes[i % len(modes)]
        counted = proof.one if settled or entry.type == "trap" else proof.open
        generator = Generator(Selection(domains=[pack.name], tasks=[task], languages=[tag], kinds=["ambiguous"]))
        try:
            build(_entry_recipe(generator, pack, entry, task, tag, i, settled=settled))
        except Unproved as error:
            counted[1] += 1
            report.add(f"{pack.name} {entry.id} {tag}", error)
        except GrammarError as error:  # these facts make no such text; others may
            last = error
        else:
            counted[0] += 1
            counted[1] += 1
    if not proof.holds and not any(made > kept for kept, made in (proof.open, proof.one)):
        report.problems.append(_never_made(f"{pack.name} {entry.id} {tag}", entry, proof, wordings, last))


def _never_made(where: str, entry: Ambiguity, proof: Proof, wordings: Sequence[Alternative], last: GrammarError | None) -> Problem:
    """Explain why not one text of an ambiguity could be made."""
    if entry.type == "settled" and not any(a.settled for a in wordings):
        return Problem(where, "no wording with the fact that settles it", "add one with 'settled: yes'")
    if entry.type == "settled" and all(a.settled for a in wordings):
        return Problem(where, "no wording without the fact that settles it", "add one that leaves it open")
    kind = "with one reading" if not proof.one[0] and entry.type != "split" else "with two readings"
    return Problem(where, f"no text {kind} could be made: {last.what if last else 'no facts fit'}", last.mend if last else "")


def _shared_form(pack: Pack, entry: Ambiguity, tag: str, report: Report) -> None:
    """Prove an ambiguity that lies in a word: the form marked with its id stands for two values or more."""
    say = pack.say(tag)
    tasks = [t for t in entry.tasks if pack.speaks(tag, t)]
    if not tasks:
        return
    try:
        _, field, _ = say._resolve(pack.task(tasks[0]).type, entry.form)
    except GrammarError as error:
        report.add(f"ambiguities.yaml {entry.id}", error)
        return
    words = say.leaves.words_of(field)
    forms = {e.form for entries in (words.by_value.values() if words else ()) for e in entries if entry.id in e.mark.split()}
    if not forms and tag != "en":
        return  # the notation is not used in this language
    shared = [f for f in forms if words and len({e.value for e in words.by_form[f]}) > 1]
    report.ambiguous[f"{entry.id} {tag}"] = Proof("split", [len(shared), max(len(forms), 1)], [0, 0])
    if not shared:
        what = f"no form of '{entry.form}' marked 'error-prone {entry.id}' stands for two values"
        report.problems.append(Problem(f"{tag}/words.csv {entry.id}", what, "give the same form to both values, each with the mark"))


def _entry_recipe(generator: Generator, pack: Pack, entry: Ambiguity, task: str, tag: str, i: int, *, settled: bool) -> Recipe:
    cell = Cell(pack.name, task, tag)
    recipe = generator.recipe(cell, seed_of("check", entry.id, tag, i))
    return catalogued(recipe, entry, RandomDraw(seed_of("entry", entry.id, tag, i)), settled=settled)
