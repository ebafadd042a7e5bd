"""``robustgen replay``: ask a finding or case again and say what changed since."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from robustgen.cli._campaign import configured
from robustgen.cli._options import runs_option
from robustgen.errors import LedgerError, UnknownName, UsageError, unreadable

if TYPE_CHECKING:
    from robustgen.core.case import Case
    from robustgen.core.verdict import Finding, Response, Verdict

__all__ = ["command"]


class _Again(NamedTuple):
    """What is to be asked again, and what was answered then."""

    case: Case
    base: Case | None
    finding: Finding | None
    response: Response | None
    run: str
    target: str
    base_url: str | None
    bounds: dict[str, Any]


@click.command()
@click.argument("identity")
@click.option("--target", default=None, help="Ask this target instead of the one of the run.")
@click.option("--base-url", default=None, metavar="URL", help="Where the server listens now.")
@runs_option
def command(identity: str, target: str | None, base_url: str | None, runs: Path) -> None:
    """Replay a finding or case by its id, or a case by its JSON line (a file, or - for standard input).

    \b
    robustgen replay 3f9a2b7c11d0
    robustgen replay 3f9a2b7c11d0 --target python:mypkg.mod:func
    robustgen replay case.jsonl --target openai:MODEL --base-url http://127.0.0.1:8000/v1
    head -1 cases.jsonl | robustgen replay - --target python:mypkg.mod:func

    Exits 1 when it still fails, 0 when it no longer does.
    """
    from robustgen.cli._report import print_finding
    from robustgen.cli._show import console, show_case

    again = _given(identity) or _found(identity, runs)
    address = target or again.target
    if not address:
        raise UsageError("a bare case has no target", mend="name one with --target")
    out = console()
    if again.finding:
        print_finding(out, again.finding)
    else:
        show_case(out, again.case)
    response, verdicts = asyncio.run(_ask(again, address, base_url or again.base_url))
    for line in _changes(again, response, verdicts):
        out.print(line, markup=False)
    sys.exit(1 if any(v.outcome.value == "fail" for v in verdicts) else 0)


# --- what is meant -------------------------------------------------------------------------------------------------------


def _given(identity: str) -> _Again | None:
    """Return a case that was handed over as a JSON line, None for an id."""
    if identity == "-":
        return _line(sys.stdin.read(), "standard input")
    if identity.lstrip().startswith("{"):
        return _line(identity, "the argument")
    if Path(identity).is_file():
        return _line(_text_of(Path(identity)), identity)
    if "/" in identity or identity.endswith((".jsonl", ".json")):
        raise UsageError(f"there is no file '{identity}'", mend="name a finding, a case, or a file with a case in its first line")
    return None


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from None


def _line(text: str, where: str) -> _Again:
    import msgspec

    from robustgen.core.case import Case

    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        case = msgspec.json.decode(first, type=Case)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{where}: the first line is no case: {error}", mend="write a line as 'robustgen generate -o FILE' does") from None
    return _Again(case, _clean(case), None, None, "", "", None, configured("bounds"))


def _clean(case: Case) -> Case | None:
    """Return the clean case of a perturbed one, rebuilt from its own record; None where there is none."""
    import msgspec

    if not case.base or not case.trail:
        return None
    messages = [*case.messages[:-1], {"role": "user", "content": case.base_text}]
    return msgspec.structs.replace(case, id=case.base, base=None, text=case.base_text, messages=messages, trail=[], spans={})


def _found(identity: str, runs: Path) -> _Again:
    """Return a finding, or a case of a ledger, from the newest run that has it."""
    from robustgen.campaign.store import read_config, run_names
    from robustgen.cli._report import read_report

    known: dict[str, None] = {}
    damaged: list[str] = []
    names = list(reversed(run_names(runs)))
    for name in names:
        try:
            report, config = read_report(runs / name), read_config(runs / name)
        except LedgerError as error:
            damaged.append(str(error).partition("\n")[0])
            continue
        for finding in report.findings:
            if (len(identity) >= 6 and finding.id.startswith(identity)) or identity in (finding.case.id, finding.found_in):
                bounds = config.get("bounds") or {}
                return _Again(finding.case, finding.base, finding, finding.response, name, report.target, config.get("base_url"), bounds)
            known[finding.id] = None
    for name in names if len(identity) >= 8 else ():
        try:
            made = _journalled(identity, runs / name)
        except LedgerError:
            continue  # told above
        if made is not None:
            return made
    if damaged:
        raise UsageError(f"no finding or case '{identity}' in the runs that can be read", mend=f"not read: {'; '.join(damaged[:3])}")
    if not known:
        raise UsageError(f"no finding '{identity}': there is no finished run in {runs}", mend="run 'robustgen fuzz' first, or name --runs")
    raise UnknownName("finding", identity, known)


def _journalled(identity: str, folder: Path) -> _Again | None:
    """Return a case that a run asked, with what was answered then."""
    import msgspec

    from robustgen.campaign.ledger import Ledger
    from robustgen.campaign.store import read_config
    from robustgen.core.case import Case
    from robustgen.core.verdict import Response

    with Ledger(folder / "ledger.sqlite") as ledger:
        asked = {r.key.partition("/")[0]: r.body for r in ledger.records("asked") if r.body}
        found = next((k for k in asked if k.startswith(identity)), None)
        if found is None:
            return None
        case = msgspec.json.decode(asked[found], type=Case)
        answers = [r.body for r in ledger.records("answered") if r.body and r.key.partition("/")[0] == found]
    base = msgspec.json.decode(asked[case.base], type=Case) if case.base and case.base in asked else _clean(case)
    config = read_config(folder)
    response = msgspec.json.decode(answers[0], type=Response) if answers else None
    return _Again(case, base, None, response, folder.name, str(config.get("target", "")), config.get("base_url"), config.get("bounds") or {})


# --- asking and telling --------------------------------------------------------------------------------------------------


async def _ask(again: _Again, address: str, base_url: str | None) -> tuple[Response, list[Verdict]]:
    """Ask once more; a finding is judged by its own oracle, a bare case by all."""
    from robustgen.campaign.judging import judge_for
    from robustgen.campaign.session import open_target
    from robustgen.core.plugins import ORACLES
    from robustgen.packs.language import load_language
    from robustgen.packs.pack import load_pack

    if again.case.domain:
        load_pack(again.case.domain).task(again.case.task)  # reads its rules too, so that its own oracles are known
    target = await open_target(address, {"base_url": base_url} if base_url else {})
    oracles = [ORACLES.get(again.finding.verdict.oracle)] if again.finding else [s for _, s in ORACLES.items()]
    try:
        judge = judge_for(target.can, oracles=oracles, bounds=again.bounds, language=load_language)
        base = [await target(again.base)] if again.base else []
        response = await target(again.case)
        return response, judge.verdicts(judge.trial(again.case, [response], again.base, base))
    finally:
        await target.close()


def _changes(again: _Again, response: Response, verdicts: list[Verdict]) -> list[str]:
    """Return what is now, and what is other than then: answer, model, versions, verdict."""
    from robustgen.core.report import readable

    lines = [f"now got: {readable(response)[:400]}"]
    was = again.response
    if was is not None:
        lines.append("the answer is the same as then" if (was.text, was.data) == (response.text, response.data) else f"was: {readable(was)[:400]}")
        if was.model != response.model:
            lines.append(f"model: {was.model or 'not told'} then, {response.model or 'not told'} now")
    lines += _versions(again.case)
    for verdict in verdicts:
        before = again.finding.verdict if again.finding else None
        if verdict.outcome.value == "skip" and before is None:
            continue
        same = "still fails" if verdict.outcome.value == "fail" and before else f"now: {verdict.outcome.value}"
        lines.append(f"replayed: {verdict.oracle} {same}: {verdict.why}" + (f" (was: {before.why})" if before and before.why != verdict.why else ""))
    return lines


def _versions(case: Case) -> list[str]:
    from robustgen.errors import RobustgenError
    from robustgen.generate.build import made_with

    try:
        now: dict[str, Any] = made_with(case.domain) if case.domain else {}
    except RobustgenError:
        return [f"pack '{case.domain}' is not here any more"]
    return [f"{k}: made with {v}, now {now[k]}" for k, v in case.made_with.items() if k in now and now[k] != v]
