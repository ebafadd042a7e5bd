"""``python -m robustgen.generate.catalogue``: the table of all perturbations for the documentation, made from the code."""

from __future__ import annotations

import sys
from itertools import groupby

from robustgen.core.plugins import PERTURBATIONS, Example, PerturbationSpec
from robustgen.core.report import visible
from robustgen.generate.examples import examples_of

__all__ = ["perturbation_table"]

HEAD = """# Perturbations

Made by `python -m robustgen.generate.catalogue > docs/perturbations.md`; `robustgen perturb --list` prints a shorter list.

A perturbation changes a document; its [effect](concepts.md#perturbations-and-their-effects) says what the change does to the right answer. Below each table stands,
for each of its perturbations:

- *strength*: the share of places that are changed at most, and the source of that share where one is published;
- *needs*: the word lists of a language (`corpora/<tag>/`) without which it does not apply; *facts*: it works on generated cases only, not on any text;
- *mirrors*: the failure of real life that it stands for.

The examples are run by the tests; invisible characters are shown by their names. Packs bring perturbations of their own (`domains/<name>/perturbations.py`), which are
not listed here.
"""
WIDEST = 100


def _shown(example: Example) -> str:
    text = f"{example.before} → {example.after}".replace("\n", " ⏎ ")
    text = visible(text)
    return _plain(text if len(text) <= WIDEST else f"{text[:WIDEST]}…")


def _plain(text: str) -> str:
    """Return text as Markdown that shows it as it is: an example of a hostile link or picture is neither on the page."""
    return "".join(f"&#{ord(c)};" if c in "&<>[]*_`|!~#" else c for c in text)


def _row(spec: PerturbationSpec) -> str:
    kinds = ", ".join(k.value for k in spec.kinds)
    first = next((e for e in examples_of(spec) if e.after is not None), None)
    cells = (f"`{spec.name}`", f"{spec.effect.value}; {kinds}", _plain(spec.doc.splitlines()[0]), _shown(first) if first else "")
    return f"| {' | '.join(cells)} |"


def _details(spec: PerturbationSpec) -> str:
    said = [f"strength {spec.strength:g}" + (f" ({_plain(spec.rate_source)})" if spec.rate_source else "")]
    said += [f"needs {', '.join(spec.needs)}"] if spec.needs else []
    said += ["needs facts"] if spec.over_facts else []
    said += [f"mirrors: {_plain(spec.mirrors)}"] if spec.mirrors else []
    return f"- `{spec.name}`: {'; '.join(said)}"


def perturbation_table() -> str:
    """Return the page as Markdown; only what the package itself brings."""
    specs = [s for n, s in PERTURBATIONS.items() if PERTURBATIONS.origin(n).startswith("robustgen.perturbations.")]
    pages = [HEAD]
    for family, members in groupby(sorted(specs, key=lambda s: (s.family, s.name)), key=lambda s: s.family):
        own = list(members)
        pages.append(f"\n## {family}\n\n| name | effect; kinds | what it does | example |\n|---|---|---|---|\n")
        pages.append("\n".join([*map(_row, own), "", *map(_details, own), ""]))
    return "".join(pages)


if __name__ == "__main__":
    sys.stdout.write(perturbation_table())
