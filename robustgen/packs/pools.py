"""``make pools``: freeze Faker's values per language into ``corpora/<tag>/pools/*.txt``, with its version and a digest.

Generation reads the frozen files by index, so that a case is the same whatever Faker is installed, and no case waits for Faker.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

from robustgen.packs.language import load_language
from robustgen.packs.locate import corpora, shipped

__all__ = ["PROVIDERS", "freeze", "main"]

SIZE = 400
SEED = 20260101
PROVIDERS: dict[str, Callable[[Any], str]] = {
    "name": lambda f: f"{f.first_name()} {f.last_name()}",
    "first_name": lambda f: str(f.first_name()),
    "last_name": lambda f: str(f.last_name()),
    "company": lambda f: str(f.company()),
    "street": lambda f: str(f.street_name()),
    "city": lambda f: str(f.city()),
    "bank": lambda f: f"{f.last_name()} Bank",  # houses that hold deposits and lend
    "broker": lambda f: f"{f.last_name()} Securities",  # houses that deal and manage for clients
    "listed": lambda f: f"{f.last_name()} Group",  # companies that have shares
}


def freeze(tag: str, root: Path) -> list[Path]:
    """Write the pools of one language; returns the files. Raises nothing for a provider that the locale lacks."""
    from importlib.metadata import version

    from faker import Faker

    language = load_language(tag)
    locale = language.settings.get("faker", language.locale)
    folder = root / "corpora" / tag / "pools"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, make in PROVIDERS.items():
        fake = Faker(locale, use_weighting=False)
        fake.seed_instance(SEED)
        own = language.settings.get(f"pool_{name}")  # the language's own, where Faker falls back to English
        drawn = _values(
            fake,
            name,
            partial(_of_pattern, own.split("|"), language.settings.get("pool_brand", "").split("|")) if own else make,
            family_first=language.settings.get("names") == "family_first",
        )
        avoid = [a for a in language.settings.get("avoid_names", "").split("|") if a]
        drawn = (v for v in drawn if not any(a in v for a in avoid))
        values = list(dict.fromkeys(drawn))[:SIZE]  # in the order drawn: sorted first, the end of the alphabet would be cut off
        if len(values) < 20:
            continue
        pools = {name: values} | (_by_sex(fake, values) if name == "name" else {})
        for pool, kept in pools.items():
            body = "\n".join(_plainest_first(kept)) + "\n"
            digest = blake2b(body.encode(), digest_size=8).hexdigest()
            file = folder / f"{pool}.txt"
            file.write_text(f"# faker {version('faker')} {locale} {pool} blake2b {digest}\n{body}", encoding="utf-8")
            written.append(file)
    return written


def _by_sex(fake: Any, names: list[str]) -> dict[str, list[str]]:
    """Return the names that only women bear, and those that only men bear, as pools of their own."""
    given = {sex: {getattr(fake, f"first_name_{sex}")() for _ in range(SIZE * 10)} for sex in ("female", "male")}
    found = {}
    for sex, other in (("female", "male"), ("male", "female")):
        kept = [n for n in names if _bears(n, given[sex]) and not _bears(n, given[other])]
        if len(kept) >= 20:
            found[f"{sex}_name"] = kept
    return found


def _bears(name: str, given: set[str]) -> bool:
    """Tell whether a name has one of the given names, before or after that of the family."""
    return name.split(" ", maxsplit=1)[0] in given or any(name.endswith(g) for g in given if " " not in name)


def _of_pattern(patterns: list[str], brands: list[str], fake: Any) -> str:
    """Fill one of a language's own patterns: a family name, or one of the invented brands."""
    pattern = str(fake.random_element(patterns))
    made = pattern.format(brand=fake.random_element(brands)) if "{brand}" in pattern else pattern.format(last=fake.last_name())
    return made[:1].upper() + made[1:]


def _values(fake: Any, name: str, make: Callable[[Any], str], *, family_first: bool) -> Iterator[str]:
    """Yield clean values: one line, no digits, no title, nothing that a template could mistake for its own text."""
    for _ in range(SIZE * 6):
        if name == "name" and family_first:
            value = f"{fake.last_name()}{fake.first_name()}"
        else:
            value = make(fake)
        value = " ".join(value.split())
        if value and not any(c.isdigit() or c in "\"'{}[]();:/&" for c in value) and 1 < len(value) <= 40:
            yield value


def _plainest_first(values: list[str]) -> list[str]:
    """Put the shortest value first: choice 0 is the simplest."""
    first = min(values, key=lambda v: (len(v), v))
    return [first, *(v for v in values if v != first)]


def main() -> None:
    """Freeze the pools of every language that has a folder of its own."""
    root = shipped()
    for tag in sys.argv[1:] or [t for t in corpora() if "-" not in t or t.startswith("pt-")]:
        for file in freeze(tag, root):
            sys.stdout.write(f"{file.relative_to(root)}\n")


if __name__ == "__main__":
    main()
