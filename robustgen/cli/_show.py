"""How a case looks in a terminal: edits marked, expected answer, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from robustgen.core.case import Case, Envelope

__all__ = ["console", "envelope_text", "marked", "show_case", "visible"]

_HIDDEN = {"\u200b": "␣ZWSP", "\u200c": "␣ZWNJ", "\u200d": "␣ZWJ", "\u00ad": "␣SHY", "\ufeff": "␣BOM", "\u202e": "␣RLO", "\u202d": "␣LRO"}


def console(*, err: bool = False) -> Console:
    """Return a console that is plain where it is no terminal."""
    from rich.console import Console

    return Console(stderr=err, highlight=False, soft_wrap=True)


def visible(text: str) -> str:
    """Return text with control, bidi and zero-width characters shown instead of obeyed."""
    out = []
    for c in text:
        if c in _HIDDEN:
            out.append(_HIDDEN[c])
        elif c != "\n" and c != "\t" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069):
            out.append(f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}")
        elif 0xD800 <= ord(c) <= 0xDFFF:
            out.append(f"\\u{ord(c):04x}")
        else:
            out.append(c)
    return "".join(out)


def marked(case: Case) -> Text:
    """Return the text with what the last step inserted in bold and what it removed struck out."""
    from rich.text import Text

    made = Text()
    if not case.trail:
        return Text(visible(case.text))
    shift = at = 0
    for edit in sorted(case.trail[-1].edits, key=lambda e: (e.start, e.end)):
        start = edit.start + shift
        made.append(visible(case.text[at:start]))
        if edit.old:
            made.append(f"[-{visible(edit.old)}-]", style="red strike")
        if edit.new:
            made.append("{+" + visible(edit.new) + "+}", style="bold green")
        at = start + len(edit.new)
        shift += len(edit.new) - len(edit.old)
    made.append(visible(case.text[at:]))
    return made


def envelope_text(envelope: Envelope) -> str:
    """Return an answer in one line."""
    if envelope.status != "answer":
        return envelope.status + (f" ({', '.join(envelope.missing)})" if envelope.missing else "")
    if envelope.label:
        return envelope.label
    value = envelope.value if isinstance(envelope.value, str) else msgspec.json.encode(envelope.value).decode()
    return " ".join(str(p) for p in (value, envelope.unit or envelope.currency) if p)


def show_case(out: Console, case: Case) -> None:
    """Print a case for a reader."""
    from rich.text import Text

    kinds = ", ".join(k.value for k in case.kinds)
    head = f"{case.id}  {case.domain} {case.task} {case.language}  [{kinds}]"
    out.print(Text(f"── {head} " + "─" * max(2, 90 - len(head)), style="cyan"))
    out.print(Text(visible(case.messages[0]["content"]), style="dim"))
    out.print(marked(case))
    answers = " | ".join(dict.fromkeys(envelope_text(e) for e in case.expected.accept))
    out.print(Text("expected: ", style="bold") + Text(visible(answers)))
    if case.trail:
        out.print(Text("why: ", style="bold") + Text("; ".join(f"{s.perturbation} ({s.effect.value})" for s in case.trail)))
    elif len(case.readings) > 1:
        readings = " | ".join(envelope_text(r.expected.accept[0]) for r in case.readings)
        out.print(Text("why: ", style="bold") + Text(f"{len(case.readings)} readings: {visible(readings)}"))
    out.print()
