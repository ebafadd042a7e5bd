"""``python -m robustgen.generate.catalogue``: the table of all perturbations for the documentation, made from the code."""

from __future__ import annotations

import sys

from robustgen.core.plugins import PERTURBATIONS, Example, PerturbationSpec
from robustgen.core.report import visible
from robustgen.generate.examples import examples_of

__all__ = ["perturbation_table"]

HEAD = """# Perturbations

Made by `python -m robustgen.generate.catalogue > docs/perturbations.md`. *Facts* says that a perturbation needs the facts of a generated case; the others
work on any text. A strength is the share of places that are changed at most; the source of a rate stands with it where one is published. *Needs* names the
resources of a language (`corpora/<tag>/`) without which it does not apply. An example is run by the tests; invisible characters are shown by their names.
Packs bring perturbations of their own (`domains/<name>/perturbations.py`); they are not in this table.

| family | name | effect | kinds | facts | needs | strength | what it does | example | real failure that it mirrors |
|---|---|---|---|---|---|---|---|---|---|
"""
WIDEST = 100


def _shown(example: Example) -> str:
    text = f"{example.before} → {example.after}".replace("\n", " ⏎ ")
    text = visible(text)
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"


def _row(spec: PerturbationSpec) -> str:
    kinds = ", ".join(k.value for k in spec.kinds)
    strength = f"{spec.strength:g}" + (f" ({spec.rate_source})" if spec.rate_source else "")
    first = next((e for e in examples_of(spec) if e.after is not None), None)
    example = _shown(first).replace("`", "'") if first else ""
    doc = spec.doc.splitlines()[0]
    cells = (
        spec.family,
        f"`{spec.name}`",
        spec.effect.value,
        kinds,
        "yes" if spec.over_facts else "",
        ", ".join(spec.needs),
        strength,
        doc,
        example,
        spec.mirrors,
    )
    return "| " + " | ".join(c.replace("|", "\\|").replace("<", "&lt;") for c in cells) + " |"


def perturbation_table() -> str:
    """Return the page as Markdown; only what the package itself brings."""
    specs = [s for n, s in PERTURBATIONS.items() if PERTURBATIONS.origin(n).startswith("robustgen.perturbations.")]
    return HEAD + "\n".join(_row(s) for s in sorted(specs, key=lambda s: (s.family, s.name))) + "\n"


if __name__ == "__main__":
    sys.stdout.write(perturbation_table())
