"""Characters that look the same, or like nothing: confusable letters, invisible characters, direction marks, other spaces."""

from __future__ import annotations

from collections.abc import Sequence

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import Become, become_words, free_places, free_words, gate, insertions, noisy, put_at, replace_places, sentence_ends

__all__ = [
    "broken_emoji",
    "confusable",
    "control_characters",
    "direction_marks",
    "exotic_spaces",
    "isolates",
    "line_separators",
    "no_break_spaces",
    "null_characters",
    "private_use_bullets",
    "tag_characters",
    "variation_selectors",
    "word_joiner",
    "zero_width",
]


def _alike(word: str, language: Language) -> Sequence[str]:
    table = language.mapping("confusables", "char", "looks_like")
    return [word[:at] + new + word[at + 1 :] for at, c in enumerate(word) for new in table.get(c, ())]


@noisy(
    needs=["confusables"],
    strength=0.1,
    mirrors="text pasted from elsewhere carries letters of another script (Unicode TR39)",
    examples=[Example(before="Please confirm.", after="Plеase confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def confusable(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace a letter by one of another script that looks the same."""
    return become_words(case, draw, tools, _alike)


def _inside(sign: str) -> Become:
    def become(word: str, language: Language) -> Sequence[str]:
        return [f"{word[:at]}{sign}{word[at:]}" for at in range(1, len(word))]

    return become


_ZERO, _JOIN, _TAG, _SELECT = (_inside(s) for s in ("\u200b", "\u2060", "\U000e0061", "\ufe0f"))


@noisy(
    strength=0.1,
    mirrors="web pages leave zero-width spaces inside words",
    examples=[Example(before="Please confirm.", after="P\u200blease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def zero_width(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a zero-width space inside a word."""
    return become_words(case, draw, tools, _ZERO)


@noisy(
    strength=0.1,
    mirrors="word processors put word joiners around dashes and words",
    examples=[Example(before="Please confirm.", after="P\u2060lease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def word_joiner(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put an invisible word joiner inside a word."""
    return become_words(case, draw, tools, _JOIN)


@noisy(
    strength=0.1,
    mirrors="invisible tag characters smuggle bytes through copy and paste",
    examples=[Example(before="Please confirm.", after="P\U000e0061lease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def tag_characters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put an invisible tag character inside a word."""
    return become_words(case, draw, tools, _TAG)


@noisy(
    strength=0.1,
    mirrors="emoji keyboards leave variation selectors behind letters",
    examples=[Example(before="Please confirm.", after="P️lease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def variation_selectors(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a variation selector behind a letter."""
    return become_words(case, draw, tools, _SELECT)


@noisy(
    strength=0.1,
    mirrors="editors of right-to-left text leave direction marks",
    examples=[Example(before="Please confirm.", after="Please\u200e confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def direction_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put left-to-right or right-to-left marks behind words."""
    places = [w[1] for w in free_words(case.text, tools)]
    return put_at(draw, tools, places, "\u200f" if tools.language.rtl else "\u200e", "no free word")


@noisy(
    strength=1.0,
    mirrors="templating wraps inserted text in direction isolates",
    examples=[Example(before="Please confirm.", after="\u2068Please confirm.\u2069", choices=[1]), Example(before="", after=None)],
)
def isolates(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Wrap the text in direction isolates."""
    return insertions(case, draw, "\u2068", "\u2069")


def _spaces(case: Case, tools: Tools) -> list[int]:
    return free_places(case, tools, [i for i, c in enumerate(case.text) if c == " "])


@noisy(
    strength=0.2,
    mirrors="word processors turn spaces into no-break spaces",
    examples=[Example(before="Please confirm.", after="Please\xa0confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def no_break_spaces(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn spaces between words into no-break spaces."""
    return replace_places(case, draw, tools, _spaces(case, tools), "\u00a0", "no space that may be changed")


@noisy(
    strength=0.2,
    mirrors="typeset and East Asian text is spaced with em, thin and ideographic spaces",
    examples=[Example(before="Please confirm.", after="Please\u2003confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def exotic_spaces(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn spaces into em, thin, hair or ideographic spaces."""
    return replace_places(case, draw, tools, _spaces(case, tools), ("\u2003", "\u2009", "\u200a", "\u3000", "\u205f"), "no space that may be changed")


@noisy(
    strength=1.0,
    mirrors="JavaScript and word processors separate lines with U+2028",
    examples=[Example(before="Name: Ann\nCity: Rome", after="Name: Ann\u2028City: Rome", choices=[1]), Example(before="500 mg", after=None)],
)
def line_separators(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write line breaks as Unicode line separators."""
    places = free_places(case, tools, [i for i, c in enumerate(case.text) if c == "\n"])
    return replace_places(case, draw, tools, places, "\u2028", "one line only")


@noisy(
    strength=1.0,
    mirrors="bullets of word processors arrive as private-use characters",
    examples=[Example(before="Please confirm.", after="\uf0b7 Please confirm.", choices=[1]), Example(before="", after=None)],
)
def private_use_bullets(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a private-use bullet before every line."""
    if not case.text:
        return NotApplicable("an empty text")
    places = [0, *(i + 1 for i, c in enumerate(case.text) if c == "\n")]
    return Proposal(edits=[Edit(i, i, "", "\uf0b7 ") for i in places] if gate(draw) else [])


@noisy(
    strength=0.5,
    mirrors="terminals and printers leave form feeds, bells and escapes",
    examples=[Example(before="Please confirm.", after="Please confirm.\x0c", choices=[1]), Example(before="500 mg", after=None)],
)
def control_characters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put control characters between sentences."""
    return put_at(draw, tools, sentence_ends(case, tools), ("\f", "\v", "\x07", "\x1b", "\x08"), "no place between sentences")


@noisy(
    strength=0.5,
    mirrors="fixed-width fields are padded with NUL",
    default=False,
    examples=[Example(before="Please confirm.", after="Please confirm.\x00\x00\x00", choices=[1]), Example(before="", after=None)],
)
def null_characters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put NUL characters behind the text."""
    return insertions(case, draw, "", "\x00\x00\x00")


@noisy(
    strength=1.0,
    mirrors="a field cut inside an emoji ends in a lone surrogate",
    default=False,
    examples=[Example(before="Please confirm.", after="Please confirm. \ud83d", choices=[1]), Example(before="", after=None)],
)
def broken_emoji(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """End the text in half an emoji: a lone surrogate."""
    return insertions(case, draw, "", " \ud83d")
