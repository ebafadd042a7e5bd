"""Chat manners: shorthand, emoji, hashtags, mentions, laughter, dropped vowels, messages cut up or sent twice."""

from __future__ import annotations

from collections.abc import Sequence

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import become_words, free_words, gate, insertions, noisy, put_at, sentence_ends, texts
from robustgen.perturbations._words import places_of, replace_listed

__all__ = [
    "contractions",
    "dropped_vowels",
    "edited_marker",
    "emoji",
    "emoji_for_words",
    "hashtags",
    "kaomoji",
    "laughter",
    "mention",
    "message_breaks",
    "sent_twice",
    "shorthand",
    "slang_tags",
]


@noisy(
    needs=["shorthand"],
    strength=1.0,
    mirrors="chat writes pls, thx, u",
    examples=[Example(before="Please confirm.", after="Pls confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def shorthand(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words as chat shortens them."""
    return replace_listed(case, draw, tools, places_of(case, tools, "shorthand", "form", "short"), "no word with a short form")


@noisy(
    needs=["contractions"],
    strength=1.0,
    mirrors="people write as they speak: gonna, y'all, kannste",
    examples=[Example(before="We are at home. Come soon.", after="We're at home. Come soon.", choices=[1]), Example(before="500 mg", after=None)],
)
def contractions(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write phrases as everyday speech runs them together."""
    return replace_listed(case, draw, tools, places_of(case, tools, "contractions", "form", "short"), "no phrase that speech runs together")


_VOWELS = frozenset("aeiouäöüáéíóúàèìòùâêîôûãõ")


def _consonants(word: str, language: Language) -> Sequence[str]:
    made = word[0] + "".join(c for c in word[1:-1] if c.lower() not in _VOWELS) + word[-1]
    return [made] if len(made) >= 3 and len(made) < len(word) else []


@noisy(
    strength=0.2,
    mirrors="agents' notes drop vowels: prcl, rfnd, msg",
    examples=[Example(before="Please confirm.", after="Plse confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def dropped_vowels(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave the vowels inside longer words out."""
    return become_words(case, draw, tools, _consonants, least=6)


@noisy(
    strength=0.5,
    mirrors="messages are sprinkled with emoji",
    examples=[Example(before="Please confirm.", after="Please confirm. 🙂", choices=[1]), Example(before="", after=None)],
)
def emoji(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put emoji at the ends of sentences."""
    if not case.text:
        return NotApplicable("an empty text")
    return put_at(draw, tools, sentence_ends(case, tools) or [len(case.text)], (" 🙂", " 🙏", " 😅", " 👍🏽", " 🤔", " 👩‍💻"), "no place")


@noisy(
    needs=["emoji_words"],
    strength=0.5,
    mirrors="words are followed or replaced by their picture: order 📦",
    examples=[Example(before="Please confirm the appointment.", after="Please confirm the appointment 📅.", choices=[1]), Example(before="500 mg", after=None)],
)
def emoji_for_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the picture of a thing behind its word."""
    places = [(start + len(old), " " + new[0]) for start, old, new in places_of(case, tools, "emoji_words", "form", "sign")]
    if not places:
        return NotApplicable("no word with a picture")
    return Proposal(edits=[Edit(at, at, "", sign) for at, sign in places] if gate(draw) else [])


@noisy(
    strength=0.5,
    mirrors="East Asian chats use faces of plain signs: (^_^)",
    examples=[Example(before="Please confirm.", after="Please confirm. (^_^)", choices=[1]), Example(before="", after=None)],
)
def kaomoji(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a face of plain signs behind the text."""
    end = len(case.text)
    faces = (" (^_^)", " <(_ _)>", " (´・ω・`)", " ¯\\_(ツ)_/¯", " (T_T)")
    return put_at(draw, tools, [end] if end else [], faces, "an empty text")


@noisy(
    needs=["laughter"],
    strength=0.5,
    mirrors="laughter is typed differently in every language: haha, jaja, www",
    examples=[Example(before="Please confirm.", after="Please confirm. haha", choices=[1]), Example(before="500 mg", after=None)],
)
def laughter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Laugh behind sentences as the language's chats do."""
    return put_at(draw, tools, sentence_ends(case, tools), [f" {t}" for t in texts(tools, "laughter")], "no end of a sentence")


@noisy(
    strength=0.1,
    mirrors="posts turn words into hashtags",
    examples=[Example(before="Please confirm.", after="#Please confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def hashtags(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a number sign before words."""
    return put_at(draw, tools, [w[0] for w in free_words(case.text, tools, 4)], "#", "no free word")


@noisy(
    strength=1.0,
    mirrors="posts end in tags of their own: #help #urgent",
    examples=[Example(before="Please confirm.", after="Please confirm. #help #thread #fyp", choices=[1]), Example(before="", after=None)],
)
def slang_tags(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a row of tags behind the text."""
    return insertions(case, draw, "", " #help #thread #fyp")


@noisy(
    strength=1.0,
    mirrors="chat tools put a mention before the message",
    examples=[Example(before="Please confirm.", after="@helpdesk Please confirm.", choices=[0, 1]), Example(before="", after=None)],
)
def mention(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a mention before the text."""
    name = ("@helpdesk ", "@frontdesk ", "@webmaster ")[draw.below(3)]
    return insertions(case, draw, name, "")


@noisy(
    strength=1.0,
    mirrors="chat tools mark changed and forwarded messages: (edited)",
    examples=[Example(before="Please confirm.", after="Please confirm. (edited)", choices=[1]), Example(before="", after=None)],
)
def edited_marker(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the marker of an edited message behind the text."""
    return insertions(case, draw, "", " (edited)")


@noisy(
    strength=1.0,
    mirrors="one thought arrives in several messages",
    examples=[Example(before="We are at home. Come soon.", after="We are at home.\n\nCome soon.", choices=[1]), Example(before="500 mg", after=None)],
)
def message_breaks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put every sentence into a message of its own."""
    places = [i for i in sentence_ends(case, tools) if i < len(case.text) and case.text[i] == " "]
    if not places:
        return NotApplicable("one sentence only")
    return Proposal(edits=[Edit(i, i + 1, " ", "\n\n") for i in places] if gate(draw) else [])


@noisy(
    strength=1.0,
    mirrors="an impatient finger or a retry sends the message twice; feeds duplicate lines",
    examples=[Example(before="Please confirm.", after="Please confirm.\n\nPlease confirm.", choices=[1]), Example(before="", after=None)],
)
def sent_twice(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Repeat the whole text behind itself."""
    text = case.text
    end = len(text)
    if not text.strip():
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    spans = {path: [*places, *((s + end + 2, e + end + 2) for s, e in places)] for path, places in case.spans.items() if places}
    return Proposal(edits=[Edit(end, end, "", f"\n\n{text}")], spans=spans)
