"""What commands that ask a target share: options of the target, limits, the estimate before any money is spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from robustgen.cli._options import Whole
from robustgen.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from robustgen.campaign.limits import Limits, Prices
    from robustgen.generate import Generator

__all__ = ["base_url_option", "cache_option", "configured", "estimate", "limits_of", "pacing", "target_options"]

F = TypeVar("F", bound=Callable[..., Any])
TARGET_KEYS = ("prompt", "answer", "region", "price", "sampling", "base_url", "api", "stream")
SAMPLE = 40
"""Cases that an estimate is made from."""


def base_url_option(fn: F) -> F:
    """Add ``--base-url`` and ``-O``."""
    fn = click.option("--option", "-O", "extra", multiple=True, metavar="KEY=VALUE", help="Option of the target, such as temperature=0.")(fn)
    return click.option("--base-url", metavar="URL", help="Where an OpenAI-compatible (or other HTTP) server listens.")(fn)


def pacing(fn: F) -> F:
    """Add the options that say how hard a target may be pushed."""
    options = [
        click.option("--concurrency", type=Whole(1), default=20, show_default=True, help="Requests in flight."),
        click.option("--rate", default="", metavar="RATE", help="At most this many requests: 10/s, 600/m."),
        click.option("--token-rate", default="", metavar="RATE", help="At most this many tokens: 90k/m."),
        click.option("--load", default="", metavar="PROFILE", help="Open loop: constant:50/s, poisson:50/s, burst:200/10s, ramp:1/s-100/s:60s."),
        click.option("--timeout", type=click.FloatRange(0.01), default=60.0, show_default=True, help="Seconds for one attempt."),
        click.option("--total-timeout", type=click.FloatRange(0), default=0.0, help="Seconds for all attempts of a request together."),
        click.option("--retries", type=Whole(0), default=2, show_default=True, help="Further attempts after a passing error."),
        click.option("--breaker", type=Whole(0), default=20, show_default=True, help="Pause after so many failures in a row; 0: never."),
        click.option("--repeat", type=Whole(1), default=1, show_default=True, help="Ask every case this often."),
        click.option("--turns", type=Whole(1, 2), default=1, show_default=True, help="2: answer a clarifying question from the facts."),
        click.option("--budget", default="", metavar="AMOUNT", help="Never exceed: 500, '2M tokens', '5 USD', or several with commas."),
        click.option("--for", "duration", default="", metavar="TIME", help="Keep asking fresh cases for 90s, 30m, 24h; -n does not count then."),
    ]
    for option in reversed(options):
        fn = option(fn)
    return fn


def configured(name: str) -> dict[str, Any]:
    """Return a table of the configuration file."""
    config = (click.get_current_context().find_root().obj or {}).get("config") or {}
    found = config.get(name, {})
    if not isinstance(found, dict):
        raise ConfigError(f"robustgen.toml: '{name}' must be a table", mend=f"write [{name}]")
    return dict(found)


def target_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what opens a target: the ``[target]`` table, then ``--base-url`` and ``-O``."""
    table = configured("target")
    for key in table:
        if key not in TARGET_KEYS:
            raise ConfigError(f"robustgen.toml: [target]: unknown key '{key}'", mend=f"known: {', '.join(TARGET_KEYS)}")
    made = {k: v for k, v in table.items() if k not in {"sampling", "price"}} | dict(table.get("sampling", {}))
    for pair in options["extra"]:
        key, eq, value = pair.partition("=")
        if not eq:
            raise UsageError(f"-O {pair}: no value", mend=f"write -O {pair}=VALUE")
        made[key] = value
    if options.get("base_url"):
        made["base_url"] = options["base_url"]
    return made | {"timeout": options.get("timeout")}


def _prices() -> Prices:
    from robustgen.campaign.limits import Prices

    price = configured("target").get("price") or {}
    for key in price:
        if key not in {"input", "output", "currency"}:
            raise ConfigError(f"robustgen.toml: [target.price]: unknown key '{key}'", mend="known: input, output (for a million tokens, as text), currency")
    try:
        return Prices(input=Decimal(str(price.get("input", 0))), output=Decimal(str(price.get("output", 0))), currency=str(price.get("currency", "USD")))
    except InvalidOperation:
        given = ", ".join(f"{k} = {v!r}" for k, v in price.items())
        raise ConfigError(f"robustgen.toml: [target.price]: a price must be a number: {given}", mend='write input = "0.15"') from None


def limits_of(options: Mapping[str, Any]) -> Limits:
    """Return the checked limits of a command's options."""
    from robustgen.campaign.limits import Limits, parse_budget, parse_duration, parse_rate
    from robustgen.campaign.load import arrivals

    prices = _prices()
    budget = parse_budget(str(options["budget"]), prices.currency)
    if budget.money and not (prices.input or prices.output):
        raise UsageError("a budget in money needs prices", mend='put [target.price] input = "0.15" output = "0.60" into robustgen.toml')
    if options["load"]:
        arrivals(options["load"])
    chosen = dict(pair.partition("=")[::2] for pair in options["extra"])
    most = next((int(chosen[k]) for k in ("max_tokens", "max_completion_tokens", "max_output_tokens") if str(chosen.get(k, "")).isdigit()), 512)
    return Limits(
        concurrency=options["concurrency"],
        rate=parse_rate(options["rate"]) if options["rate"] else 0.0,
        tokens_rate=parse_rate(options["token_rate"]) if options["token_rate"] else 0.0,
        load=options["load"],
        timeout=options["timeout"],
        total=options["total_timeout"],
        retries=options["retries"],
        breaker=options["breaker"],
        repeat=options["repeat"],
        turns=options["turns"],
        budget=budget,
        prices=prices,
        max_tokens=most,
        seconds=parse_duration(options["duration"]) if options["duration"] else 0.0,
    )


def estimate(generator: Generator, count: int, start: int, limits: Limits, shrink: int) -> str:
    """Return what a run would ask, use and cost, from a sample of its cases; nothing is asked."""
    from robustgen.campaign.spend import expected_tokens

    sample = list(generator.cases(start, min(SAMPLE, count)))
    sizes = [expected_tokens(c, limits.max_tokens)[0] for c in sample]
    cases = count + (-(-count // generator.size) if generator.size > 1 else 0)
    requests = cases * limits.repeat
    tokens_in, tokens_out = requests * sum(sizes) // len(sizes), requests * limits.max_tokens
    lines = [f"about {requests} requests: {count} cases and their clean bases; shrinking asks up to {shrink} a finding"]
    lines.append(f"about {tokens_in:,} tokens in, at most {tokens_out:,} out")
    if limits.prices.input or limits.prices.output:
        lines.append(f"at most about {limits.prices.cost(tokens_in, tokens_out):.2f} {limits.prices.currency}, shrinking aside")
    if limits.rate:
        lines.append(f"at least {requests / limits.rate:.0f} s at {limits.rate:g} requests a second")
    if limits.seconds:
        lines.append(f"ends after {limits.seconds:.0f} s, however many cases that are")
    if limits.budget:
        kept = [f"{limits.budget.requests} requests" if limits.budget.requests else "", f"{limits.budget.tokens} tokens" if limits.budget.tokens else ""]
        kept.append(f"{limits.budget.money} {limits.prices.currency}" if limits.budget.money else "")
        lines.append("stops before it exceeds " + ", ".join(k for k in kept if k))
    return "\n".join(lines)


def cache_option(fn: F) -> F:
    """Add ``--cache``."""
    return click.option("--cache", type=click.Path(path_type=Path, dir_okay=False), help="Keep answers in this file and take them from it.")(fn)
