"""The decorators that make a function a plug-in, and the shapes they accept.

A plug-in is a typed callable, never a class to inherit. Importing its module registers it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from robustgen.core.case import Case, Edit, Effect, Facts, Kind, Reading, Severity, Span
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.registry import Registry
from robustgen.core.report import Report
from robustgen.core.verdict import Response, Trial, Verdict

__all__ = [
    "EXPORTERS",
    "ORACLES",
    "PACKS",
    "PERTURBATIONS",
    "RULES",
    "TARGETS",
    "Example",
    "Field",
    "Form",
    "NotApplicable",
    "OracleSpec",
    "PerturbationSpec",
    "Proposal",
    "Realised",
    "RuleSet",
    "Target",
    "TargetSpec",
    "Tools",
    "exporter",
    "oracle",
    "perturbation",
    "rule",
    "target",
]

F = TypeVar("F", bound=Callable[..., Any])
PACKS = "robustgen_pack_"
"""A pack's code is imported as the package with this prefix and the pack's name."""


def _domain_of(module: str) -> str:
    """Return the pack that a plug-in belongs to, empty for one that serves every domain."""
    head = module.partition(".")[0]
    return head.removeprefix(PACKS) if head.startswith(PACKS) else ""


class NotApplicable(msgspec.Struct, frozen=True):
    """The perturbation has nothing to change here, and why."""

    why: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Edits that a perturbation proposes; the core applies them.

    ``facts`` are the new facts of a ``shifts``; ``lost`` the fact paths that a ``degrades`` took away; ``readings`` what a
    ``splits`` text can mean; ``allow`` the protected spans that were re-rendered on purpose from the facts (exact spans);
    ``tags`` catalogue ids reached; ``language`` the tag of another language that the edits brought in, ``whole`` when nothing of
    the first one is left; ``spans`` where the facts stand afterwards, if the edits wrote them anew.
    """

    edits: Sequence[Edit] = ()
    facts: Facts | None = None
    lost: Sequence[str] = ()
    readings: Sequence[Reading] = ()
    allow: Sequence[Span] = ()
    tags: Sequence[str] = ()
    language: str = ""
    whole: bool = False
    spans: Mapping[str, Sequence[Span]] = {}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """What the pack knows of the value at a fact path.

    ``kind`` is ``int``, ``decimal``, ``bool``, ``one`` (enumeration), ``row`` (key of a table), ``date``, ``time``, ``datetime``,
    ``text`` (names), ``id``; ``unit`` its unit or currency code. ``loose`` tells that its wordings are examples of the value: one does
    not say the same as another.
    """

    path: str
    kind: str
    value: Any
    unit: str = ""
    table: str = ""
    depends: bool = False
    loose: bool = False


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One wording of a value: its mark is empty, ``brand``, ``abbreviation``, ``synonym`` or starts with ``error-prone``."""

    text: str
    value: Any = None
    mark: str = ""
    register: str = ""
    variant: str = ""


class Realised(msgspec.Struct, frozen=True, kw_only=True):
    """Facts as text, with the spans of every fact in it."""

    text: str
    spans: dict[str, list[Span]]


class Tools(Protocol):
    """What a perturbation may ask for; filled by ``generate``, so that neighbours never meet.

    Everything that depends on a pack answers empty for text that no pack generated.
    """

    language: Language
    strength: float
    clock: None

    def lang(self, tag: str) -> Language | None:
        """Return another language's resources, if present."""

    def languages(self) -> Sequence[str]:
        """Return the tags of all languages that have resources."""

    def tags(self) -> Sequence[str]:
        """Return the tags that this case's facts can be said in."""

    def protected(self) -> Sequence[Span]:
        """Return the spans that no edit may touch, merged and sorted."""

    def field(self, path: str) -> Field | None:
        """Return what is known of the value at a fact path."""

    def forms(self, path: str) -> Sequence[Form]:
        """Return every wording of the value at a path, error-prone ones too."""

    def shared(self, path: str, text: str) -> Sequence[Any]:
        """Return all values that ``text`` can stand for at this path."""

    def render(self, path: str, style: str, tag: str = "") -> str | None:
        """Return the value at a path in a format (``number``, ``words``, ``iso`` ...), None when it does not fit."""

    def say(self, facts: Facts, tag: str, draw: Draw) -> Realised | None:
        """Return these facts as a document of the same task in a language."""

    def part(self, path: str, tag: str, draw: Draw) -> Realised | None:
        """Return the record at a path as its own text in a language (for code-switching)."""

    def read(self, text: str) -> Sequence[Facts] | None:
        """Return all facts that a text can mean, None where the reader does not cover it."""

    def with_value(self, path: str, value: Any) -> Facts | None:
        """Return the facts with one value changed and derived fields recomputed; None when the constraints forbid it."""

    def render_value(self, path: str, facts: Facts, style: str) -> str | None:
        """Return the value that other facts have at a path in a format, None when it does not fit."""

    def differs(self, path: str, facts: Facts) -> bool:
        """Tell whether other facts have another value at a path."""

    def typical(self, path: str, draw: Draw) -> Any:
        """Return another plausible value for a path (for distractors, contradictions and stale copies)."""

    def names(self, text: str) -> bool:
        """Tell whether a text that is put beside the document names anything that the pack has words for."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """What a perturbation does to a bare text: ``after`` for these choices, or None where it must not apply."""

    before: str
    after: str | None
    choices: Sequence[int] = ()
    language: str = "en"


Perturb = Callable[[Case, Draw, Tools], Proposal | NotApplicable]


class PerturbationSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A perturbation with what it declares; ``domain`` names the pack that it comes with, empty for all."""

    name: str
    family: str
    fn: Perturb
    effect: Effect
    kinds: Sequence[Kind]
    doc: str
    languages: Sequence[str] = ()
    needs: Sequence[str] = ()
    strength: float = 0.1
    rate_source: str = ""
    mirrors: str = ""
    examples: Sequence[Example] = ()
    over_facts: bool = False
    default: bool = True
    domain: str = ""

    def lacks(self, language: Language) -> str:
        """Return why a perturbation is not for a language: another is named, or a resource is missing; empty when it fits."""
        if self.languages and language.tag not in self.languages and language.base not in self.languages:
            return f"it is for {', '.join(self.languages)}"
        missing = [name for name in self.needs if not language.rows(name)]
        return f"corpora/{language.tag}/{missing[0]}.csv is missing" if missing else ""


class OracleSpec(msgspec.Struct, frozen=True, kw_only=True):
    """An oracle with what it declares; ``judges`` is ``answer``, ``pair``, ``family`` or ``run``."""

    name: str
    fn: Callable[[Trial], Verdict]
    judges: str
    effects: Sequence[Effect]
    severity: Severity
    doc: str
    regulations: Sequence[str] = ()
    source: str = ""
    needs: Sequence[str] = ()
    domain: str = ""


class Target(Protocol):
    """An open connection to a system under test."""

    can: frozenset[str]

    async def __call__(self, case: Case) -> Response:
        """Answer one case; never raises for what the system under test does."""

    async def close(self) -> None:
        """Release what is held."""


OpenTarget = Callable[[str, Mapping[str, Any]], Awaitable[Target]]


class TargetSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of target: ``open(rest of the address, options)``."""

    name: str
    open: OpenTarget
    doc: str
    extra: str = ""


PERTURBATIONS: Registry[PerturbationSpec] = Registry("perturbation", "robustgen.perturbations")
ORACLES: Registry[OracleSpec] = Registry("oracle", "robustgen.oracles")
TARGETS: Registry[TargetSpec] = Registry("target", "robustgen.targets")
EXPORTERS: Registry[Callable[[Report], str]] = Registry("exporter", "robustgen.exporters")


class RuleSet(dict[str, Callable[..., Any]]):
    """Functions that a pack's ``rules.py`` offers to its expressions."""


RULES: dict[str, RuleSet] = {}
"""Rules by module name; the pack loader takes those of its own module."""


def perturbation(
    *,
    effect: Effect | str,
    kinds: Sequence[Kind | str],
    languages: Sequence[str] = (),
    needs: Sequence[str] = (),
    strength: float = 0.1,
    rate_source: str = "",
    mirrors: str = "",
    examples: Sequence[Example] = (),
    over_facts: bool = False,
    default: bool = True,
    name: str = "",
) -> Callable[[F], F]:
    """Make a function a perturbation: ``(case, draw, tools) -> Proposal | NotApplicable``.

    ``needs`` names language resources without which it does not apply; ``over_facts`` says that it needs facts and cannot
    work on text that no pack generated; ``default=False`` that it is used only when named; ``strength`` is the default in [0, 1], by ``rate_source`` where one is published.
    """

    def wrap(fn: F) -> F:
        module = fn.__module__
        spec = PerturbationSpec(
            name=name or fn.__name__,
            family=module.rpartition(".")[2],
            fn=fn,
            effect=Effect(effect),
            kinds=[Kind(k) for k in kinds],
            doc=(fn.__doc__ or "").strip(),
            languages=languages,
            needs=needs,
            strength=strength,
            rate_source=rate_source,
            mirrors=mirrors,
            examples=examples,
            over_facts=over_facts,
            default=default,
            domain=_domain_of(module),
        )
        PERTURBATIONS.register(spec.name, spec, module)
        return fn

    return wrap


def oracle(
    *,
    judges: str = "answer",
    effects: Sequence[Effect | str] = tuple(Effect),
    severity: Severity | str = Severity.high,
    regulations: Sequence[str] = (),
    source: str = "",
    needs: Sequence[str] = (),
    name: str = "",
) -> Callable[[F], F]:
    """Make a function an oracle: ``(trial) -> Verdict``."""

    def wrap(fn: F) -> F:
        spec = OracleSpec(
            name=name or fn.__name__,
            fn=fn,
            judges=judges,
            effects=[Effect(e) for e in effects],
            severity=Severity(severity),
            doc=(fn.__doc__ or "").strip(),
            regulations=regulations,
            source=source,
            needs=needs,
            domain=_domain_of(fn.__module__),
        )
        ORACLES.register(spec.name, spec, fn.__module__)
        return fn

    return wrap


def target(*, name: str = "", extra: str = "") -> Callable[[F], F]:
    """Make an async function ``(rest, options) -> Target`` a kind of target; its name is the address's scheme."""

    def wrap(fn: F) -> F:
        spec = TargetSpec(
            name=name or fn.__module__.rpartition(".")[2].replace("_", "-"),
            open=fn,
            doc=(fn.__doc__ or "").strip(),
            extra=extra,
        )
        TARGETS.register(spec.name, spec, fn.__module__)
        return fn

    return wrap


def exporter(*, name: str = "") -> Callable[[F], F]:
    """Make a function ``(Report) -> str`` a form of report; its name is its file's."""

    def wrap(fn: F) -> F:
        EXPORTERS.register(name or fn.__module__.rpartition(".")[2].replace("_", "-"), fn, fn.__module__)
        return fn

    return wrap


def rule(fn: F) -> F:
    """Offer a function of a pack's ``rules.py`` to the expressions of its data files."""
    RULES.setdefault(fn.__module__, RuleSet())[fn.__name__] = fn
    return fn
