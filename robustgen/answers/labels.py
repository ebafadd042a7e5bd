"""Labels in an answer: those that the question lists, in their own spelling, spaced or cased otherwise, or in the words of the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import regex

from robustgen.answers.acts import sentences_of, turns_of
from robustgen.answers.choose import Candidate, choose, denied
from robustgen.answers.status import QUOTES, Cue, cues_in, words_in
from robustgen.core.case import Case
from robustgen.core.language import Language

__all__ = ["label_in", "labels_in", "labels_of", "listed_in"]

_EDGE, _END = r"(?<![\p{Latin}\d_])", r"(?![\p{Latin}\d_])"
_CODE = regex.compile(rf"{_EDGE}[a-z]+(?:_[a-z]+)+{_END}")
_ITEM = r"[a-z][a-z0-9_]*"
_LIST = regex.compile(rf"{_EDGE}({_ITEM}(?:\s?[,،、，]\s?{_ITEM}){{1,}}(?:\s?[,،、，]?\s?(?:\p{{L}}{{1,5}})?\s?{_ITEM})?){_END}")
_STOP = regex.compile(r"[.!?\n。！？।؟]")
_STOPPED = regex.compile(r"\W*(?:$|[.,:;!?。，、：；！？،؛؟।\n–—-])")
_APART = regex.compile(r"[*`_\"'”»」)]*\s*(?:$|[.,:;!?(。，、：；！？،؛؟।（\n–—-])")
NEAR, WORDS = 12, 10
"""Characters from the edges of a text within which a label stands apart; words from which a common word must."""
_MARKS = " \n`*_\"'“”«»"
JOINT = 5
"""Characters between two labels that only join them: a comma, an "and"."""
_OPPOSITE: Mapping[str, str] = {"yes": "no", "no": "yes", "true": "false", "false": "true"}


@lru_cache(maxsize=256)
def listed_in(question: str) -> tuple[str, ...]:
    """Return the codes that a question lists: words with underscores, and enumerations of three or more."""
    found = _CODE.findall(question)
    for match in _LIST.finditer(question):
        items = [i for i in regex.findall(_ITEM, match[0]) if len(i) > 2]
        found += items if len(items) >= 3 else []
    tail = regex.split("[:：]", question)[-1] if ":" in question or "：" in question else ""
    if tail and all(len(part.split()) <= 3 for part in regex.split("[,،、，]", tail)):
        found += [w for w in regex.findall(rf"{_EDGE}[a-z_]{{2,}}{_END}", tail) if len(w) > 3 or w in _OPPOSITE]
    return tuple(dict.fromkeys(found))


def labels_of(case: Case, declared: Sequence[str] = ()) -> list[str]:
    """Return the labels that an answer may give: those of the case, with the declared ones of its task, else those that its question lists."""
    named = [e.label for r in case.readings for e in r.expected.accept if e.label] + [e.label for e in case.expected.accept if e.label]
    if not named:
        return []
    if declared:
        return list(dict.fromkeys([*named, *declared]))
    asked = case.messages[0]["content"] if case.messages else ""
    listed = listed_in(asked)
    opposite = [_OPPOSITE[n] for n in (*named, *listed) if n in _OPPOSITE]
    opposite += [n for n, o in _OPPOSITE.items() if all(regex.search(rf"{_EDGE}{w}{_END}", asked) for w in (n, o))]
    return list(dict.fromkeys([*named, *opposite, *listed]))


@lru_cache(maxsize=256)
def _pattern(label: str, language: Language | None) -> regex.Pattern[str]:
    """Return what a label looks like in running text."""
    forms = [label, *((row["form"] for row in language.rows("labels") if row["label"] == label) if language else ())]
    shapes = []
    for form in dict.fromkeys(forms):
        body = r"[\s_-]+".join(regex.escape(p) for p in regex.split(r"[\s_-]+", form))
        if form.isascii():
            shapes.append(f"{_EDGE}{body}{_END}")
        else:
            shapes.append(body if regex.search(r"[\p{Han}\p{Hiragana}\p{Katakana}]", form) else rf"(?<![\p{{L}}\p{{M}}\d_]){body}(?![\p{{L}}\p{{M}}\d_])")
    return regex.compile("|".join(shapes), regex.IGNORECASE)


def _hits(text: str, labels: Sequence[str], language: Language | None) -> list[Candidate]:
    """Return where labels stand, the longer of two that overlap."""
    plain = text.translate(QUOTES)
    found = [Candidate(m.start(), m.end(), label, True) for label in labels for m in _pattern(label, language).finditer(plain)]
    found = [c for c in found if c.key not in _OPPOSITE or text[c.start : c.end].casefold() != c.key or _alone(plain, c)]
    return sorted(c for c in found if not any(o != c and o.start <= c.start and c.end <= o.end and o.end - o.start > c.end - c.start for o in found))


def _alone(text: str, hit: Candidate) -> bool:
    """Tell whether a "yes" or "no" is a word of its own, not the "no" of "no delay"."""
    return not regex.match(r"[ \u00a0]+[\p{L}--[\p{Han}\p{Hiragana}\p{Katakana}\p{Devanagari}\p{Arabic}]]", text[hit.end :], regex.V1) or bool(
        regex.search(r"[:：=]\W*$|^\W*$", text[: hit.start]) and hit.key == "yes"
    )


def _common(label: str) -> bool:
    """Tell whether a label is a word of running text ("contains", "urgent"), not a code of its own."""
    return "_" not in label and label not in _OPPOSITE and label.islower()


def _pointed_at(text: str, hit: Candidate, language: Language | None) -> bool:
    """Tell whether something sets a word apart as the answer: marks around it, its place at the start or end, or a final word before it."""
    if not _APART.match(text[hit.end :]):
        return False
    if (hit.start <= NEAR and _STOPPED.match(text[hit.end :])) or len(text.rstrip()) - hit.end <= NEAR // 2 or text[hit.start - 1] in "`*\"'“«「:":
        return True
    start = max((m.end() for m in _STOP.finditer(text, 0, hit.start)), default=0)
    return any(c.kind == "final" and start <= c.start <= hit.start for c in cues_in(text, language))


def label_in(text: str, labels: Sequence[str], language: Language | None) -> str | None:
    """Return the label that an answer gives, None where it gives none or several."""
    hits = _hits(text, labels, language)
    if not hits:
        return None
    first = hits[0]
    lead = not regex.search(r"[\p{L}\p{Nd}]", text[: first.start]) and bool(regex.match(r"\W*(?:$|[.,!;:。，！；：،।–—\n-])", text[first.end :]))
    short = [h for h in hits if h.key in _OPPOSITE]
    if lead and len(hits) > 1 and short == hits:
        return str(first.key)
    if lead and len({h.key for h in hits}) == 1:
        return str(first.key)
    chosen = choose(text, hits, language)
    common = chosen is not None and (_common(str(chosen.key)) or (chosen.key in _OPPOSITE and words_in(text) > 3 * WORDS))
    if chosen is not None and common and words_in(text) > WORDS and not _pointed_at(text, chosen, language):
        return None
    return None if chosen is None or (denied(text, chosen.start, chosen.end, language)) else str(chosen.key)


def labels_in(text: str, labels: Sequence[str], language: Language | None) -> list[str]:
    """Return every label that an answer names and does not deny, in order; none where a label is both named and denied."""
    hits = _hits(text, labels, language)
    out = _excluded(text, hits, cues_in(text, language))
    kept = [h for h in hits if h not in out and not denied(text, h.start, h.end, language)]
    return [] if {h.key for h in out} & {h.key for h in kept} else list(dict.fromkeys(str(h.key) for h in kept))


def _excluded(text: str, hits: Sequence[Candidate], cues: Sequence[Cue]) -> list[Candidate]:
    """Return the labels of a list that their sentence denies: "no sign of soya or nuts", or behind them, "soya and nuts are not in it"."""
    made: list[Candidate] = []
    for span in sentences_of(text):
        for start, end in turns_of(span, cues):
            here = [h for h in hits if start <= h.start < end]
            no = [c for c in cues if start <= c.start < end and c.kind in {"neg", "late"}]
            if not here or not no:
                continue
            before = [h for h in here if any(c.kind == "neg" and c.end <= h.start for c in no)]
            behind = next((c for c in no if c.kind == "late" and c.start >= here[-1].end), None)
            made += before or (_run_up_to(text, here, behind) if behind else [])
    return made


def _run_up_to(text: str, hits: Sequence[Candidate], denial: Cue) -> list[Candidate]:
    """Return the labels that a denial behind them takes in: the last one, and those before it with nothing but a joint between."""
    made = [hits[-1]]
    for hit in reversed(hits[:-1]):
        if len(text[hit.end : made[-1].start].strip(_MARKS)) > JOINT:
            break
        made.append(hit)
    return made if denial.start >= made[0].end else []
