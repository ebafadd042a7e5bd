"""Perturbing text that we did not generate: protected spans are found, and what cannot be guaranteed is said to be unverified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import regex

from robustgen.core.case import Case, Edit, Effect, Expected, Kind, Span, Step, apply_edits
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.language import Language
from robustgen.core.plugins import PERTURBATIONS, NotApplicable, PerturbationSpec
from robustgen.errors import EditError, UsageError
from robustgen.generate.prove import vocabulary_for
from robustgen.generate.tools import TextTools
from robustgen.packs.language import load_language
from robustgen.safety import differences

__all__ = ["Variant", "perturb_text"]

TRIES = 24
NEEDED = ("negations", "modals", "units")
"""Resources without which a language's texts cannot be checked."""


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a given text.

    ``guarantee`` is ``checked`` when the independent checker found numbers, units, dates, negations and modals unchanged, and
    ``unverified`` when it could not look at all of them; there are no facts here that could prove more.
    """

    text: str
    base_text: str
    trail: list[Step]
    guarantee: str
    language: str


def perturb_text(
    text: str,
    *,
    language: str = "en",
    perturbations: Sequence[str] = (),
    strength: float | None = None,
    count: int = 1,
    seed: int = 0,
    keep: Sequence[str] = (),
) -> list[Variant]:
    """Return up to ``count`` different variants of a text that keep what it says.

    ``keep`` are regular expressions of what must stay; ``perturbations`` names which to use (default: all that need no facts). Fewer variants come
    back where the text offers fewer. Raises ``UsageError`` for an empty text or a bad pattern, ``UnknownName`` for an unknown name.
    """
    if not text.strip():
        raise UsageError("an empty text cannot be perturbed")
    if strength is not None and not 0 <= strength <= 1:
        raise UsageError(f"strength {strength} is outside 0..1")
    spoken = load_language(language)
    specs = _fitting(spoken, perturbations)
    kept = _kept(text, keep)
    found: dict[str, Variant] = {}
    for i in range(count * TRIES):
        if len(found) >= count:
            break
        draw = RandomDraw(seed_of(seed, "text", i))
        variant = _one(text, specs[draw.below(len(specs))], spoken, kept, strength, draw)
        if variant is not None:
            found.setdefault(variant.text, variant)
    return list(found.values())


def _fitting(language: Language, names: Sequence[str]) -> list[PerturbationSpec]:
    chosen = [PERTURBATIONS.get(n) for n in names] or [s for _, s in PERTURBATIONS.items()]
    for spec in chosen:
        if names and spec.over_facts:
            raise UsageError(f"'{spec.name}' needs the facts of a generated case", mend="use it with: robustgen generate --perturb")
    specs = [
        s
        for s in chosen
        if not s.over_facts
        and s.effect is Effect.preserves
        and (not s.languages or language.tag in s.languages or language.base in s.languages)
        and all(language.rows(n) for n in s.needs)
        and (names or (s.default and Kind.adversarial not in s.kinds))
    ]
    if not specs:
        raise UsageError(f"none of the perturbations fits '{language.tag}'", mend="see: robustgen perturb --list")
    return specs


def _kept(text: str, patterns: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    for pattern in patterns:
        try:
            spans += [m.span() for m in regex.finditer(pattern, text, timeout=2)]
        except regex.error as error:
            raise UsageError(f"--keep '{pattern}': {error}", mend="write a regular expression") from None
        except TimeoutError:
            raise UsageError(f"--keep '{pattern}' takes too long on this text") from None
    return spans


def _one(text: str, spec: PerturbationSpec, language: Language, kept: Sequence[Span], strength: float | None, draw: RandomDraw) -> Variant | None:
    tools = TextTools(text, language, spec.strength if strength is None else strength, kept)
    made = spec.fn(bare_case(text, language.tag), draw, tools)
    if isinstance(made, NotApplicable):
        return None
    edits = [e for e in made.edits if e.old != e.new]
    allowed = set(made.allow)
    guard = [s for s in tools.protected() if not any(a[0] <= s[0] and s[1] <= a[1] for a in allowed)]
    try:
        after = apply_edits(text, edits, guard)
    except EditError:
        return None
    if after == text or differences(text, after, vocabulary_for(language)):
        return None
    step = Step(spec.name, {"strength": tools.strength}, spec.effect, _sorted(edits))
    guarantee = "checked" if all(language.rows(n) for n in NEEDED) else "unverified"
    return Variant(text=after, base_text=text, trail=[step], guarantee=guarantee, language=language.tag)


def _sorted(edits: Sequence[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda e: (e.start, e.end))


def bare_case(text: str, tag: str) -> Case:
    """Return a case that holds a text and nothing else."""
    nothing: dict[str, Any] = {}
    return Case(
        id="",
        family="",
        domain="",
        task="",
        language=tag,
        kinds=[Kind.clean],
        text=text,
        base_text=text,
        messages=[],
        facts=nothing,
        expected=Expected(accept=[]),
    )


def documented() -> Iterator[PerturbationSpec]:
    """Yield all perturbations in order of family and name."""
    yield from sorted((s for _, s in PERTURBATIONS.items()), key=lambda s: (s.family, s.name))
