"""Perturbing text that we did not generate: protected spans are found, and what cannot be guaranteed is said to be unverified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import regex

from robustgen.core.case import Case, Edit, Effect, Expected, Kind, Span, Step
from robustgen.core.draw import Draw, RandomDraw, seed_of
from robustgen.core.language import Language
from robustgen.core.plugins import PERTURBATIONS, NotApplicable, PerturbationSpec
from robustgen.errors import UsageError
from robustgen.generate.outside import Augmenter, outside
from robustgen.generate.prove import vocabulary_for
from robustgen.generate.tools import TextTools
from robustgen.packs.language import load_language
from robustgen.safety import Vocabulary, differences

__all__ = ["Variant", "bare_case", "documented", "drawn", "perturb_text", "variants"]

TRIES = 24
MISSES = 200
BESIDE = 48
"""Letters at least that are looked at on both sides of a single edit."""
LONGEST = 1_000_000
"""Characters of one text."""
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
    augmenter: Augmenter | None = None,
) -> list[Variant]:
    """Return up to ``count`` different variants of a text that keep what it says.

    ``keep`` are regular expressions of what must stay; ``perturbations`` names which to use (default: all that need no facts). An
    ``augmenter`` is a function of your own, text to text: it sees unprotected text only, and what it changes becomes verified edits.
    Fewer variants come back where the text offers fewer. Raises ``UsageError`` for an empty text or a bad pattern, ``UnknownName`` for an unknown name.
    """
    _refuse(text, strength)
    spoken = load_language(language)
    specs = _fitting(spoken, perturbations) if perturbations or augmenter is None else []
    if augmenter is not None:
        specs = [*specs, outside(augmenter)]
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


def drawn(
    text: str, draw: Draw, *, language: str = "en", perturbations: Sequence[str] = (), strength: float | None = None, keep: Sequence[str] = ()
) -> Variant | None:
    """Return one variant whose every choice comes from ``draw``; None where the text stays as it is.

    The first choice is between the text itself, 0, and the perturbations; raises as ``perturb_text`` does.
    """
    _refuse(text, strength)
    spoken = load_language(language)
    specs = _fitting(spoken, perturbations)
    chosen = draw.below(len(specs) + 1)
    return _one(text, specs[chosen - 1], spoken, _kept(text, keep), strength, draw) if chosen else None


def variants(
    text: str,
    perturbation: str,
    count: int,
    *,
    language: str = "en",
    strength: float | None = None,
    seed: int = 0,
    keep: Sequence[str] = (),
    check: bool = False,
) -> Iterator[Variant]:
    """Yield ``count`` variants of one text by one perturbation: the text is analysed once, each variant costs its draws.

    The fast way for large amounts: protected text stays protected, but the independent checker looks only with ``check``, so that
    variants are ``unverified`` without it; equal variants may come twice. Fewer come back where the text offers no place.
    """
    _refuse(text, strength)
    spoken = load_language(language)
    spec = _only(spoken, perturbation)
    tools = TextTools(text, spoken, spec.strength if strength is None else strength, _kept(text, keep))
    case, fn, args = bare_case(text, spoken.tag), spec.fn, {"strength": tools.strength}
    guard, start = tools.protected(), _start(seed, spec.name)
    guarantee = _guarantee(spoken) if check else "unverified"
    found, misses, vocabulary = 0, 0, vocabulary_for(spoken)
    while found < count and misses < MISSES:
        start += 1
        made = fn(case, RandomDraw(start), tools)
        if isinstance(made, NotApplicable):
            return
        edits = list(made.edits)
        after = _quick(text, edits, guard) if not made.allow else _guarded(text, edits, made.allow, tools)
        if after is None or after == text or (check and differences(text, after, vocabulary)):
            misses += 1
            continue
        found, misses = found + 1, 0
        yield Variant(text=after, base_text=text, trail=[Step(spec.name, args, spec.effect, edits)], guarantee=guarantee, language=spoken.tag)


def _quick(text: str, edits: list[Edit], guard: Sequence[Span]) -> str | None:
    """Return the text after edits; None when one does not fit, overlaps another or touches protected text."""
    pieces, at = [], 0
    for edit in edits:
        start, end = edit.start, edit.end
        if start < at:
            return _quick(text, ordered, guard) if (ordered := _sorted(edits)) != edits else None
        pieces.append(text[at:start])
        pieces.append(edit.new)
        at = end
    pieces.append(text[at:])
    return None if _touched(text, edits, guard) else "".join(pieces)


def _touched(text: str, edits: Sequence[Edit], guard: Sequence[Span]) -> bool:
    """Tell whether an edit changes a protected letter or stands between two."""
    if len(edits) * len(guard) > BESIDE:
        mask = bytearray(len(text))
        for start, end in guard:
            mask[start:end] = b"\x01" * (end - start)
        return any(mask.find(1, e.start, e.end) >= 0 or (e.start == e.end and 0 < e.start < len(mask) and mask[e.start - 1] and mask[e.start]) for e in edits)
    for edit in edits:
        start, end = edit.start, edit.end
        if start == end:
            inside = [s for s in guard if s[0] <= start <= s[1] and s[0] < s[1]]
            if any(s[0] < start for s in inside) and any(s[1] > start for s in inside):
                return True
        else:
            for first, last in guard:
                if first < end and last > start and first < last:
                    return True
    return False


def _guarded(text: str, edits: Sequence[Edit], allow: Sequence[Span], tools: TextTools) -> str | None:
    """Return the text after edits of which some may write protected places anew; None when another protected place is touched."""
    allowed = set(allow)
    guard = [s for s in tools.protected() if s not in allowed]
    if any(s[1] > a[0] and s[0] < a[1] for s in guard for a in allowed) if len(allowed) * len(guard) < BESIDE**3 else False:
        guard = [s for s in guard if not any(a[0] <= s[0] and s[1] <= a[1] for a in allowed)]
    return _quick(text, list(edits), guard)


@lru_cache(maxsize=64)
def _guarantee(language: Language) -> str:
    return "checked" if all(language.rows(n) for n in NEEDED) else "unverified"


def _refuse(text: str, strength: float | None) -> None:
    """Raise ``UsageError`` for a text or strength that nothing can be done with."""
    if not text.strip():
        raise UsageError("an empty text cannot be perturbed")
    if len(text) > LONGEST:
        raise UsageError(f"the text has {len(text):,} characters, more than {LONGEST:,}", mend="split it")
    if strength is not None and not 0 <= strength <= 1:
        raise UsageError(f"strength {strength} is outside 0..1", mend="give one between 0 (nothing) and 1 (the most)")


def _fitting(language: Language, names: Sequence[str]) -> list[PerturbationSpec]:
    chosen = [PERTURBATIONS.get(n) for n in names] or [s for _, s in PERTURBATIONS.items() if not s.domain]
    for spec in chosen:
        if names and spec.over_facts:
            raise UsageError(f"'{spec.name}' needs the facts of a generated case", mend="use it with: robustgen generate --perturb")
        if names and (why := spec.lacks(language)):
            raise UsageError(f"'{spec.name}' is not for '{language.tag}': {why}", mend="see: robustgen perturb --list")
        if names and spec.effect is not Effect.preserves:
            raise UsageError(f"'{spec.name}' {spec.effect.value} what a text says", mend="use it with: robustgen generate --perturb")
    specs = [
        s
        for s in chosen
        if not s.over_facts and s.effect is Effect.preserves and not s.lacks(language) and (names or (s.default and Kind.adversarial not in s.kinds))
    ]
    if not specs:
        raise UsageError(f"none of the perturbations fits '{language.tag}'", mend="see: robustgen perturb --list")
    return specs


@lru_cache(maxsize=4096)
def _only(language: Language, name: str) -> PerturbationSpec:
    return _fitting(language, (name,))[0]


@lru_cache(maxsize=1024)
def _start(seed: int, name: str) -> int:
    return seed_of(seed, "variants", name)


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


def _one(text: str, spec: PerturbationSpec, language: Language, kept: Sequence[Span], strength: float | None, draw: Draw) -> Variant | None:
    tools = TextTools(text, language, spec.strength if strength is None else strength, kept)
    made = spec.fn(bare_case(text, language.tag), draw, tools)
    if isinstance(made, NotApplicable):
        return None
    edits = [e for e in made.edits if e.old != e.new]
    after = _guarded(text, edits, made.allow, tools) if made.allow else _quick(text, edits, tools.protected())
    if after is None or after == text:
        return None
    if differences(text, after, vocabulary_for(language)):
        edits = _harmless(text, edits, vocabulary_for(language)) if _apart(edits) and not made.allow else []
        after = _quick(text, edits, tools.protected())
        if not edits or after is None or differences(text, after, vocabulary_for(language)):
            return None
    step = Step(spec.name, {"strength": tools.strength}, spec.effect, _sorted(edits))
    return Variant(text=after, base_text=text, trail=[step], guarantee=_guarantee(language), language=language.tag)


def _apart(edits: Sequence[Edit]) -> bool:
    """Tell whether edits stand for themselves: two insertions may be the two marks of a pair."""
    return len(edits) > 2 or (len(edits) == 2 and any(e.old for e in edits))


def _harmless(text: str, edits: Sequence[Edit], vocabulary: Vocabulary) -> list[Edit]:
    """Return the edits that, each alone and seen with the words beside it, change nothing that the text says."""
    kept = []
    for edit in edits:
        left = text.rfind(" ", 0, max(edit.start - BESIDE, 0)) + 1
        right = text.find(" ", min(edit.end + BESIDE, len(text)))
        right = len(text) if right < 0 else right
        before = text[left:right]
        if not differences(before, f"{text[left : edit.start]}{edit.new}{text[edit.end : right]}", vocabulary):
            kept.append(edit)
    return kept


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
    """Yield the perturbations that serve every domain, in order of family and name."""
    yield from sorted((s for _, s in PERTURBATIONS.items() if not s.domain), key=lambda s: (s.family, s.name))
