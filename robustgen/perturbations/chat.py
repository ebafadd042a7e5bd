"""Chat manners: shorthand, emoji, hashtags, mentions, laughter."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import free_words, how_many, sentence_ends

__all__ = ["emoji", "hashtags", "mention", "message_breaks", "shorthand"]


@perturbation(effect="preserves", kinds=["noisy"], needs=["shorthand"], strength=1.0, mirrors="chat writes pls, thx, u")
def shorthand(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words as chat shortens them."""
    table = {k.casefold(): v for k, v in tools.language.mapping("shorthand", "form", "short").items()}
    words = [w for w in free_words(case.text, tools, 2) if w[2].casefold() in table]
    if not words:
        return NotApplicable("no word with a short form")
    chosen = {words[draw.below(len(words))] for _ in range(how_many(draw, len(words), tools.strength))}
    return Proposal(edits=[Edit(s, e, w, table[w.casefold()][0]) for s, e, w in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="messages are sprinkled with emoji")
def emoji(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put emoji at the ends of sentences."""
    places = sentence_ends(case, tools) or [len(case.text)]
    signs = ("🙂", "🙏", "😅", "👍🏽", "🤔", "👩‍💻")
    chosen = {places[draw.below(len(places))]: signs[draw.below(len(signs))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i, "", f" {chosen[i]}") for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="posts turn words into hashtags")
def hashtags(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a number sign before words."""
    words = free_words(case.text, tools, 4)
    if not words:
        return NotApplicable("no free word")
    chosen = {words[draw.below(len(words))][0] for _ in range(how_many(draw, len(words), tools.strength))}
    return Proposal(edits=[Edit(i, i, "", "#") for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="chat tools put a mention before the message")
def mention(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a mention before the text."""
    return Proposal(edits=[Edit(0, 0, "", "@helpdesk ")] if case.text and draw.below(2) else [])


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="one thought arrives in several messages")
def message_breaks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put every sentence into a message of its own."""
    places = [i for i in sentence_ends(case, tools) if i < len(case.text) and case.text[i] == " "]
    if not places:
        return NotApplicable("one sentence only")
    return Proposal(edits=[Edit(i, i + 1, " ", "\n\n") for i in places] if draw.below(2) else [])
