"""Open-loop load: when requests are meant to leave, whatever the target does; so a slow target cannot hide its waiting line."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from robustgen.campaign.limits import parse_duration, parse_rate
from robustgen.errors import UsageError

__all__ = ["arrivals"]

HOW = "write constant:50/s, poisson:50/s, burst:200/10s or ramp:1/s-100/s:60s"


def arrivals(profile: str, seed: int = 0) -> Iterator[float]:
    """Yield the seconds from the start at which requests are meant to leave, without end; raises ``UsageError`` at once.

    ``constant`` and ``poisson`` keep a rate, ``burst`` sends that many together once in every period, ``ramp`` goes evenly from
    one rate to another and stays there.
    """
    kind, _, rest = profile.partition(":")
    makers = {"constant": _constant, "poisson": _poisson, "burst": _burst, "ramp": _ramp}
    if kind not in makers:
        raise UsageError(f"load '{profile}' is not understood", mend=HOW)
    try:
        return makers[kind](rest, seed)
    except UsageError as error:
        raise UsageError(f"load '{profile}' is not understood: {error.what}", mend=HOW) from None


def _constant(rest: str, seed: int) -> Iterator[float]:
    rate = parse_rate(rest)
    return (i / rate for i in _count())


def _poisson(rest: str, seed: int) -> Iterator[float]:
    rate, draw = parse_rate(rest), Random(seed)

    def made() -> Iterator[float]:
        at = 0.0
        while True:
            at += draw.expovariate(rate)
            yield at

    return made()


def _burst(rest: str, seed: int) -> Iterator[float]:
    number, _, period = rest.partition("/")
    if not number.isdigit() or not int(number):
        raise UsageError("a burst is a number of requests in every period")
    size, seconds = int(number), parse_duration(period)
    return (i // size * seconds for i in _count())


def _ramp(rest: str, seed: int) -> Iterator[float]:
    rates, _, length = rest.rpartition(":")
    low, _, high = rates.partition("-")
    first, last, seconds = parse_rate(low), parse_rate(high), parse_duration(length)
    slope = (last - first) / seconds
    total = (first + last) / 2 * seconds

    def at(i: int) -> float:
        if i >= total:
            return seconds + (i - total) / last
        return i / first if not slope else ((first * first + 2 * slope * i) ** 0.5 - first) / slope

    return (at(i) for i in _count())


def _count() -> Iterator[int]:
    from itertools import count

    return count()
