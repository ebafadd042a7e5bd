"""``python -m robustgen.generate.catalogue``: the table of all perturbations for the documentation, made from the code."""

from __future__ import annotations

import sys

from robustgen.core.plugins import PERTURBATIONS

__all__ = ["perturbation_table"]

HEAD = """# Perturbations

Made by `python -m robustgen.generate.catalogue > docs/perturbations.md`. *Facts* says that a perturbation needs the facts of a generated case; the others
work on any text. A strength is the share of places that are changed at most; the source of a rate stands with it where one is published.

| family | name | effect | kinds | facts | strength | what it does | real failure that it mirrors |
|---|---|---|---|---|---|---|---|
"""


def perturbation_table() -> str:
    """Return the page as Markdown."""
    rows = []
    for spec in sorted((s for _, s in PERTURBATIONS.items() if not s.domain), key=lambda s: (s.family, s.name)):
        kinds = ", ".join(k.value for k in spec.kinds)
        strength = f"{spec.strength:g}" + (f" ({spec.rate_source})" if spec.rate_source else "")
        cells = (spec.family, f"`{spec.name}`", spec.effect.value, kinds, "yes" if spec.over_facts else "", strength, spec.doc.splitlines()[0], spec.mirrors)
        rows.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(perturbation_table())
