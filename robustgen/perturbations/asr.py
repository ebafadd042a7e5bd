"""What dictation and speech recognition do: fillers, repeats, corrections, spoken marks, no punctuation at all."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import become_words, free_places, free_words, gate, how_many, noisy, pick, put_at, rewrite_found, texts, word_gaps
from robustgen.perturbations._words import places_of, replace_listed

__all__ = [
    "dictation_commands",
    "false_starts",
    "fillers",
    "no_commas",
    "run_on",
    "self_correction",
    "sound_alike_words",
    "sounds_noted",
    "spoken_punctuation",
    "spoken_signs",
    "stutter",
]

DISFLUENCY = (
    "Lickley 2017: about 6 disfluencies in 100 fluent words; how they split into fillers, repeats and restarts "
    "(2.6, 1.5 and 1.9, given from memory after Bortfeld et al. 2001) is to be reviewed"
)


@noisy(
    needs=["fillers"],
    strength=0.026,
    rate_source=DISFLUENCY,
    mirrors="voice messages are full of um and er",
    examples=[Example(before="Please confirm.", after="um Please confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def fillers(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put fillers before words."""
    places = [w[0] for w in free_words(case.text, tools)]
    return put_at(draw, tools, places, [f"{t} " for t in texts(tools, "fillers")], "no free word")


def _twice(word: str, language: Language) -> Sequence[str]:
    return [f"{word} {word}"]


@noisy(
    strength=0.015,
    rate_source=DISFLUENCY,
    mirrors="speakers repeat a word while they think",
    examples=[Example(before="Please confirm.", after="Please Please confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def stutter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Say a word twice."""
    return become_words(case, draw, tools, _twice)


def _begun(word: str, language: Language) -> Sequence[str]:
    return [f"{word[:n]}- {word}" for n in (1, 2, 3)]


@noisy(
    strength=0.019,
    rate_source=DISFLUENCY,
    mirrors="speakers break a word off and begin again: ap- appointment",
    examples=[Example(before="Please confirm.", after="P- Please confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def false_starts(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Begin a word, break off and say it whole."""
    return become_words(case, draw, tools, _begun, least=5)


@noisy(
    needs=["corrections"],
    strength=0.05,
    mirrors="speakers correct themselves and say the same again",
    examples=[Example(before="Please confirm.", after="Please, I mean, Please confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def self_correction(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Say a word, correct oneself, and say the same word again."""
    words = free_words(case.text, tools, 4)
    if not words:
        return NotApplicable("no free word")
    said = texts(tools, "corrections")
    edits = []
    for index in pick(draw, how_many(draw, len(words), tools.strength), len(words)):
        _, end, word = words[index]
        edits.append(Edit(end, end, "", f", {said[draw.below(len(said))]}, {word}"))
    return Proposal(edits=edits)


@noisy(
    needs=["homophones"],
    strength=1.0,
    mirrors="recognition writes a word that sounds the same: there, their",
    examples=[Example(before="Please confirm.", after="Pleas confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def sound_alike_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words of the sentence's frame as others that sound the same."""
    return replace_listed(case, draw, tools, places_of(case, tools, "homophones", "form", "other"), "no word with a harmless homophone")


@noisy(
    needs=["sounds"],
    strength=0.2,
    mirrors="transcripts note what is heard beside the words: [pause], (background noise)",
    examples=[Example(before="Please confirm.", after="Please [pause] confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def sounds_noted(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the transcriber's notes of sounds between words; none says that a word is lost."""
    return put_at(draw, tools, word_gaps(case, tools), [f" {t}" for t in texts(tools, "sounds")], "no space between two free words")


def _marks(case: Case, tools: Tools, marks: str) -> list[int]:
    text = case.text
    places = [i for i in range(1, len(text)) if text[i] in marks and text[i - 1].isalpha() and (i + 1 == len(text) or text[i + 1].isspace())]
    return free_places(case, tools, places)


@noisy(
    strength=1.0,
    mirrors="speech recognition sets no commas",
    examples=[Example(before="Thanks, my friend.", after="Thanks my friend.", choices=[1]), Example(before="500 mg", after=None)],
)
def no_commas(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out commas after words."""
    places = _marks(case, tools, ",、،")
    if not places:
        return NotApplicable("no comma after a word")
    chosen = [places[i] for i in pick(draw, how_many(draw, len(places), tools.strength), len(places))]
    return Proposal(edits=[Edit(i, i + 1, case.text[i], "") for i in chosen])


@noisy(
    strength=1.0,
    mirrors="voice-to-text delivers one long line without marks or capitals",
    examples=[Example(before="Please confirm.", after="please confirm", choices=[1]), Example(before="500 mg", after=None)],
)
def run_on(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out all marks after words and write every free word small; abbreviations in capitals stay."""
    text = case.text
    edits = [Edit(i, i + 1, text[i], "") for i in _marks(case, tools, ".,;:!?。、，！？؟،।")]
    words = [(s, w) for s, _, w in free_words(text, tools, 1) if w[0].isupper() and (w[1:].islower() or (w == "I" and tools.language.spaced))]
    edits += [Edit(s, s + 1, w[0], w[0].lower()) for s, w in words if len(w[0].lower()) == 1]
    if not edits:
        return NotApplicable("no mark and no capital")
    return Proposal(edits=sorted(edits, key=lambda e: e.start) if gate(draw) else [])


@noisy(
    needs=["spoken"],
    strength=0.5,
    mirrors="dictated punctuation arrives as words",
    examples=[Example(before="Please confirm.", after="Please confirm full stop", choices=[1]), Example(before="500 mg", after=None)],
)
def spoken_punctuation(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write commas and full stops as words."""
    names = {r["mark"]: r["word"] for r in tools.language.rows("spoken") if r["kind"] == "stop"}
    places = _marks(case, tools, "".join(names))
    if not places:
        return NotApplicable("no comma or full stop after a word")
    chosen = [places[i] for i in pick(draw, how_many(draw, len(places), tools.strength), len(places))]
    return Proposal(edits=[Edit(i, i + 1, case.text[i], f" {names[case.text[i]]}") for i in chosen])


@noisy(
    needs=["spoken"],
    strength=1.0,
    mirrors="dictated signs arrive as words: 5 percent",
    examples=[Example(before="Fee: 4.5%.", after="Fee: 4.5 percent.", choices=[1]), Example(before="500 mg", after=None)],
)
def spoken_signs(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the per cent sign behind a number as words."""
    names = {r["mark"]: r["word"] for r in tools.language.rows("spoken") if r["kind"] == "sign"}
    gap = " " if tools.language.spaced else ""
    return rewrite_found(case, draw, tools, _SIGN, lambda m: gap + names[m[1]] if m[1] in names else None, "no sign behind a number")


_SIGN = regex.compile(r"(?<=\d)[ \u00a0\u202f]?([%٪])(?!\w)")


@noisy(
    needs=["dictation"],
    strength=0.3,
    mirrors="commands to the recogniser are written out: new line",
    examples=[Example(before="Please confirm.", after="Please confirm. new line", choices=[1]), Example(before="500 mg", after=None)],
)
def dictation_commands(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a spoken command where a line or sentence ends."""
    text = case.text
    ends = [i for i in range(1, len(text) + 1) if text[i - 1] in ".!?。！？؟।" and (i == len(text) or text[i].isspace())]
    ends += [i for i, c in enumerate(text) if c == "\n" and i and i not in ends]
    return put_at(
        draw, tools, free_places(case, tools, sorted(ends), insert=True), [f" {t}" for t in texts(tools, "dictation")], "no end of a line or sentence"
    )
