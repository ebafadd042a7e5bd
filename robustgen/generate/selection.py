"""What a user asked for: domains, tasks, languages, kinds, perturbations; checked once, with a digest that seeds every case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b

import msgspec

from robustgen.core.case import Kind
from robustgen.core.plugins import PERTURBATIONS
from robustgen.errors import UnknownName, UsageError
from robustgen.packs.language import load_language
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import Pack, load_pack

__all__ = ["Cell", "Selection"]

ALL = "all"


class Cell(msgspec.Struct, frozen=True):
    """One task in one language."""

    domain: str
    task: str
    tag: str


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A checked choice; empty means everything (languages: base English alone)."""

    domains: Sequence[str]
    tasks: Sequence[str] = ()
    languages: Sequence[str] = ("en",)
    kinds: Sequence[str] = ()
    perturbations: Sequence[str] = ()
    strength: float | None = None
    cover: str = "none"
    profile: Mapping[str, Mapping[str, Decimal]] = {}
    """Language to perturbation to its rate: how the users of a log write, which noisy cases follow."""

    @staticmethod
    def of(
        domains: Sequence[str],
        *,
        tasks: Sequence[str] = (),
        languages: Sequence[str] = (),
        kinds: Sequence[str] = (),
        perturbations: Sequence[str] = (),
        strength: float | None = None,
        cover: str = "none",
        profile: Mapping[str, Mapping[str, Decimal]] | None = None,
    ) -> Selection:
        """Check every name; raises ``UnknownName`` or ``UsageError`` with the mend."""
        names = pack_names()
        chosen = names if ALL in domains or not domains else list(dict.fromkeys(domains))
        for name in chosen:
            if name not in names:
                raise UnknownName("domain", name, names)
        packs = [load_pack(n) for n in chosen]
        for pack in packs:
            _ = pack.functions  # their plug-ins are known from here on
        if strength is not None and not 0 <= strength <= 1:
            raise UsageError(f"strength {strength} is outside 0..1", mend="use --strength between 0 (nothing) and 1 (the most)")
        made = Selection(
            domains=chosen,
            tasks=_tasks(packs, tasks),
            languages=_languages(packs, languages),
            kinds=_kinds(kinds),
            perturbations=_perturbations(perturbations),
            strength=strength,
            cover=cover,
        )
        _spoken(made)
        return made if profile is None else msgspec.structs.replace(made, profile=_profile(made, profile))

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that name the selection."""
        fields = msgspec.structs.asdict(self)
        if not self.profile:  # what no profile decides keeps its name
            del fields["profile"]
        return blake2b(msgspec.json.encode(fields), digest_size=8).hexdigest()

    def cells(self) -> list[Cell]:
        """Return every task in every language that speaks it, tasks of all domains interleaved."""
        columns = []
        for name in self.domains:
            pack = load_pack(name)
            tags = [t for t in self.languages if t in pack.tags]
            tasks = [t for t in pack.tasks if not self.tasks or t in self.tasks]
            columns.append([Cell(name, task, tag) for task in tasks for tag in tags if pack.speaks(tag, task)])
        longest = max(map(len, columns), default=0)
        made = [column[i] for i in range(longest) for column in columns if i < len(column)]
        if not made:
            raise UsageError("nothing fits: none of the chosen tasks is spoken in the chosen languages", mend="see: robustgen domains")
        return made


def _tasks(packs: Sequence[Pack], tasks: Sequence[str]) -> list[str]:
    known = [t for p in packs for t in p.tasks]
    for task in tasks:
        if task not in known and task != ALL:
            raise UnknownName("task", task, known)
    return [] if ALL in tasks else list(dict.fromkeys(tasks))


def _languages(packs: Sequence[Pack], languages: Sequence[str]) -> list[str]:
    known = sorted({t for p in packs for t in p.tags})
    if ALL in languages:
        return known
    for tag in languages:
        if tag not in known:
            raise UnknownName("language", tag, known, mend=f"languages of {', '.join(p.name for p in packs)}: {', '.join(known)}")
    return list(dict.fromkeys(languages)) or ["en"]


def _kinds(kinds: Sequence[str]) -> list[str]:
    known = [k.value for k in Kind]
    if ALL in kinds or not kinds:
        return known
    for kind in kinds:
        if kind not in known:
            raise UnknownName("kind", kind, known, mend=f"kinds: {', '.join(known)}")
    return list(dict.fromkeys(kinds))


def _perturbations(names: Sequence[str]) -> list[str]:
    if ALL in names:
        return []
    for name in names:
        PERTURBATIONS.get(name)
    return list(dict.fromkeys(names))


def _spoken(selection: Selection) -> None:
    """Raise ``UsageError`` for a perturbation that is for none of the chosen languages."""
    for name in selection.perturbations:
        spec = PERTURBATIONS.get(name)
        reasons = [spec.lacks(load_language(tag)) for tag in selection.languages]
        if all(reasons):
            raise UsageError(f"'{name}' is not for '{selection.languages[0]}': {reasons[0]}", mend="name another language with --lang, or another perturbation")


def _profile(selection: Selection, profile: Mapping[str, Mapping[str, Decimal]]) -> dict[str, dict[str, Decimal]]:
    """Return the rates of the chosen languages in one order; raises ``UsageError`` where they could not be followed."""
    if Kind.noisy.value not in selection.kinds:
        raise UsageError("a profile shapes noisy cases, and none are asked for", mend="add noisy to --kind, or leave --profile out")
    other = {"--perturb": selection.perturbations, "--strength": selection.strength is not None, "--cover": selection.cover != "none"}
    for option, given in other.items():
        if given:
            raise UsageError(f"--profile says which perturbations and how strong, so does {option}", mend="leave one of them out")
    for tag in selection.languages:
        if not any(profile.get(tag, {}).values()):
            raise UsageError(f"the profile holds no slips in '{tag}'", mend="mine a log in that language, or name another with --lang")
        for name in profile[tag]:
            PERTURBATIONS.get(name)
    return {tag: dict(sorted(profile[tag].items())) for tag in sorted(selection.languages)}
