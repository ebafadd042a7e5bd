"""How a case looks in a terminal: edits marked, expected answer, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustgen.core.report import expected_text, marks, one_line, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from robustgen.core.case import Case

__all__ = ["console", "marked", "show_case"]


def console(*, err: bool = False) -> Console:
    """Return a console that is plain where it is no terminal."""
    from rich.console import Console

    return Console(stderr=err, highlight=False, soft_wrap=True)


def marked(case: Case) -> Text:
    """Return the text with what was inserted in bold and what was removed struck out."""
    from rich.text import Text

    made = Text()
    for piece in marks(case.base_text, case):
        if piece.kind == "old":
            made.append(f"[-{visible(piece.text)}-]", style="red strike")
        elif piece.kind == "new":
            made.append("{+" + visible(piece.text) + "+}", style="bold green")
        else:
            made.append(visible(piece.text))
    return made


def show_case(out: Console, case: Case) -> None:
    """Print a case for a reader."""
    from rich.text import Text

    kinds = ", ".join(k.value for k in case.kinds)
    head = f"{case.id}  {case.domain} {case.task} {case.language}  [{kinds}]"
    out.print(Text(f"── {head} " + "─" * max(2, 90 - len(head)), style="cyan"))
    out.print(Text(visible(case.messages[0]["content"]), style="dim"))
    out.print(marked(case))
    answers = expected_text(case.expected.accept)
    out.print(Text("expected: ", style="bold") + Text(visible(answers)))
    if case.trail:
        out.print(Text("why: ", style="bold") + Text("; ".join(f"{s.perturbation} ({s.effect.value})" for s in case.trail)))
    elif len(case.readings) > 1:
        readings = " | ".join(one_line(r.expected.accept[0]) for r in case.readings)
        out.print(Text("why: ", style="bold") + Text(f"{len(case.readings)} readings: {visible(readings)}"))
    out.print()
