"""Identifier classes by region: a pattern, and the check digits by python-stdnum where the class has any."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

import regex

__all__ = ["CLASSES", "Found", "IdClass", "identifiers_in"]


class IdClass(NamedTuple):
    """A class of identifiers: its name, how it is written, which module checks it, and whether it may never be shown in full."""

    name: str
    pattern: str
    check: str = ""
    never: bool = False


class Found(NamedTuple):
    """An identifier with its place and class."""

    text: str
    start: int
    end: int
    kind: str
    never: bool


# formats: issuing bodies' rules as implemented by python-stdnum; each stands alone, not inside a longer number
CLASSES: tuple[IdClass, ...] = (
    IdClass("card number", r"(?:\d{4}[ -]?){3}\d{1,7}|\d{4}[ -]?\d{6}[ -]?\d{5}", "stdnum.luhn", never=True),
    IdClass("IBAN", r"[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?", "stdnum.iban"),
    IdClass("US social security number", r"\d{3}-\d{2}-\d{4}", "stdnum.us.ssn"),
    IdClass("NHS number", r"\d{3}[ -]\d{3}[ -]\d{4}", "stdnum.gb.nhs"),
    IdClass("US Medicare identifier", r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}"),
    IdClass("CPF", r"\d{3}\.\d{3}\.\d{3}-\d{2}", "stdnum.br.cpf"),
    IdClass("CNPJ", r"[A-Z0-9]{2}\.[A-Z0-9]{3}\.[A-Z0-9]{3}/[A-Z0-9]{4}-\d{2}", "stdnum.br.cnpj"),
    IdClass("NIR", r"[1278] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", "stdnum.fr.nir"),
    IdClass("Aadhaar", r"[2-9]\d{3} \d{4} \d{4}", "stdnum.in_.aadhaar"),
    IdClass("PAN (India)", r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]", "stdnum.in_.pan"),
    IdClass("DNI or NIE", r"(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z]", "stdnum.es.nie|stdnum.es.dni"),
    IdClass("codice fiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", "stdnum.it.codicefiscale"),
    IdClass("German tax id", r"\d{2} \d{3} \d{3} \d{3}", "stdnum.de.idnr"),
    IdClass("Chinese resident id", r"\d{17}[\dX]", "stdnum.cn.ric"),
    IdClass("Korean resident number", r"\d{6}-[0-9]\d{6}", "stdnum.kr.rrn"),
    IdClass("CURP", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d", "stdnum.mx.curp"),
    IdClass("AHV number", r"756\.\d{4}\.\d{4}\.\d{2}", "stdnum.ch.ssn"),
    IdClass("Belgian national number", r"\d{2}\.\d{2}\.\d{2}-\d{3}[. ]\d{2}", "stdnum.be.nn"),
    IdClass("LEI", r"[A-Z0-9]{18}\d{2}", "stdnum.lei"),
    IdClass("UK national insurance number", r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"),
    IdClass("e-mail address", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    IdClass("phone number", r"\+\d{1,3}[ -]?(?:\(?\d{1,4}\)?[ -]?){2,5}\d{2,4}|\(\d{3}\) ?\d{3}-\d{4}"),
)


@lru_cache(maxsize=1)
def _pattern() -> regex.Pattern[str]:
    return regex.compile("|".join(rf"(?P<c{i}>(?<![\w.]){c.pattern}(?![\w]))" for i, c in enumerate(CLASSES)))


def _valid(text: str, check: str) -> bool:
    """Tell whether any of the modules finds the check digits right."""
    compact = text.replace(" ", "").replace("-", "") if check == "stdnum.luhn" else text
    return not check or any(bool(import_module(module).is_valid(compact)) for module in check.split("|"))


@lru_cache(maxsize=256)
def identifiers_in(text: str) -> tuple[Found, ...]:
    """Return the identifiers of a text whose check digits are right, in order."""
    return tuple(_found(text)) if _may_hold(text) else ()


def _may_hold(text: str) -> bool:
    """Tell whether a text can hold any identifier at all; a bare amount cannot.

    Every class has at least five digits, or two and capitals (PAN, IBAN, CNPJ, LEI), or an at sign.
    """
    if "@" in text:
        return True
    digits = sum(map(str.isdigit, text))
    return digits > 4 or (digits > 1 and any(map(str.isupper, text)))


def _found(text: str) -> Iterator[Found]:
    for match in _pattern().finditer(text):
        index = int((match.lastgroup or "c0")[1:])
        kind = CLASSES[index]
        if _valid(match[0], kind.check):
            yield Found(match[0], match.start(), match.end(), kind.name, kind.never)
