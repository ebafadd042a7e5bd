"""``python -m tests.quality.answers``: confusion matrices per language and status, of all lines, the tuned and the held-out ones."""

from __future__ import annotations

import sys

from tests.quality.answers.measure import STATUSES, Read, confusion, read_all, scores


def show(title: str, reads: list[Read]) -> None:
    """Print one matrix with its scores."""
    table, marks = confusion(reads), scores(reads)
    print(f"\n{title}: {len(reads)} answers")
    print(f"{'label / read':>12}" + "".join(f"{s:>10}" for s in STATUSES) + f"{'precision':>11}{'recall':>8}")
    for status in STATUSES:
        counts = "".join(f"{table[status][s] or '.':>10}" for s in STATUSES)
        print(f"{status:>12}{counts}{marks[status].precision:>11.3f}{marks[status].recall:>8.3f}")
    for name in ("disclaimer", "value"):
        print(f"{name:>12}  precision {marks[name].precision:.3f}, recall {marks[name].recall:.3f} ({marks[name].right} of {marks[name].owed})")


def main() -> None:
    """Print everything; ``--wrong`` lists what was misread among the lines that may be tuned on."""
    reads = read_all()
    tags = sorted({r.tag for r in reads})
    if "--wrong" in sys.argv:
        for r in reads:
            seen = r.disclaimer == bool(r.row.get("disclaimer"))
            if not r.held_out and (r.status != r.row["status"] or (r.status == "answer" and not r.exact) or not seen):
                print(
                    r.tag,
                    r.number,
                    r.row["question"],
                    "|",
                    repr(r.row["text"][:110]),
                    "| want",
                    r.row["status"],
                    r.row.get("value", r.row.get("label", "")),
                    "| got",
                    r.got,
                    "" if seen else "| disclaimer",
                )
        return
    for tag in tags:
        show(tag, [r for r in reads if r.tag == tag])
    show("all languages", reads)
    show("all languages, lines the rules may be tuned on", [r for r in reads if not r.held_out])
    show("all languages, held-out third", [r for r in reads if r.held_out])
    show("recorded from a small real model", [r for r in reads if r.recorded])
    show("all languages, held-out third of the lines written after the first rules", [r for r in reads if r.held_out and r.fresh])
    for half, held in (("half that rules may be tuned on", False), ("held-out half", True)):
        show(f"written without sight of the rules, {half}", [r for r in reads if r.other_hand and r.held_out == held])
        show(f"written later, before its writer worked on the rules, {half}", [r for r in reads if r.later_hand and r.held_out == held])
        show(f"in the style of vendors' chat models, {half}", [r for r in reads if r.vendor_style and r.held_out == held])
        show(f"recorded in free text, labelled by hand, {half}", [r for r in reads if "style" in r.row and r.held_out == held])


main()
