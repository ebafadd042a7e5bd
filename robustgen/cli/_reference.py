"""Pages and JSON Schemas that are made from the code: ``python -m robustgen.cli._reference docs`` writes them, a test holds them current."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import click
import msgspec

from robustgen.cli._campaign import TARGET_KEYS
from robustgen.cli._settings import option_keys
from robustgen.cli.main import cli
from robustgen.core.case import SCHEMA, Case
from robustgen.core.events import Event
from robustgen.core.report import Report
from robustgen.core.verdict import Finding, Response, Verdict
from robustgen.grammar.tables import read_csv
from robustgen.packs.locate import pack_folder, pack_names, shipped

__all__ = ["reference"]

RECORDS: dict[str, tuple[Any, str]] = {
    "case": (Case, f"One line of a file of cases, {SCHEMA}"),
    "finding": (Finding, "A failure with its smallest case: one line of `findings.jsonl`, one entry of `findings` in a report"),
    "verdict": (Verdict, "What an oracle says of one answer: `verdict` in a finding"),
    "report": (Report, "`robustgen report --to json`"),
    "event": (Event, "One line of `robustgen fuzz --json`, except the last one, which is the report"),
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MADE = "Made by `python -m robustgen.cli._reference docs`.\n"


def _commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli, info_name="robustgen")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is not None and not command.hidden:
            yield name, command


def _options(command: click.Command) -> Iterable[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option) and not p.hidden]


def _default(option: click.Option) -> str:
    value = option.default
    plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return "" if option.is_flag or not plain or value == "" else str(value)


def commands_page() -> str:
    """Return the page of all commands with their help and options."""
    lines = ["# Commands\n", _MADE]
    for name, command in _commands():
        context = click.Context(command, info_name=name, parent=click.Context(cli, info_name="robustgen"))
        usage = command.get_usage(context).removeprefix("Usage: ")
        lines += [f"## robustgen {name}\n", *_help(command.help or ""), f"    {' '.join(usage.split())}\n", "| option | default | what |", "|---|---|---|"]
        for option in _options(command):
            names = ", ".join(f"`{o}`" for o in [*option.opts, *option.secondary_opts])
            metavar = "" if option.is_flag else f" {option.make_metavar(context)}"
            what = " ".join((option.help or "").split())
            lines.append(f"| {names}{_cell(metavar)} | {_cell(_default(option))} | {_cell(what)} |")
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _help(text: str) -> list[str]:
    """Return a help text as Markdown: what click must not wrap is an example."""
    made = []
    for paragraph in text.split("\n\n"):
        lines = [line.strip() if line.strip() == "\b" else line for line in paragraph.splitlines()]
        if lines and lines[0] == "\b":
            made += ["```text", *(line.strip() for line in lines[1:]), "```\n"]
        else:
            made.append(" ".join(paragraph.split()) + "\n")
    return made


def configuration() -> dict[str, Any]:
    """Return the JSON Schema of ``robustgen.toml``."""
    commands: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    for name, command in _commands():
        own = {key: _typed(option) for key, option in option_keys(command).items()}
        shared |= {k: v for k, v in own.items() if k not in shared}
        title = (command.help or "").strip().partition("\n")[0]
        commands[name] = {"type": "object", "description": title, "properties": own, "additionalProperties": False}
    tables = {
        "target": {"type": "object", "properties": {k: {} for k in TARGET_KEYS}, "additionalProperties": False},
        "bounds": {"type": "object", "description": "Own limits of oracles, see the page on oracles"},
        "plugins": {"type": "array", "items": {"type": "string"}, "description": "Modules with own oracles, perturbations, targets, exporters"},
    }
    properties = {k: v for k, v in sorted(shared.items()) if k not in commands} | commands | tables
    return {"$schema": _DIALECT, "title": "robustgen.toml", "type": "object", "properties": properties}


def _typed(option: click.Option) -> dict[str, Any]:
    kinds = {"integer": "integer", "integer range": "integer", "float": "number", "float range": "number", "boolean": "boolean"}
    kind = "boolean" if option.is_flag else kinds.get(option.type.name, "")
    made: dict[str, Any] = {"description": " ".join((option.help or "").split())}
    if isinstance(option.type, click.Choice):
        made["enum"] = [str(getattr(c, "value", c)) for c in option.type.choices]
    elif option.multiple or option.nargs != 1 or option.type.name in {"names", "list"}:
        made["type"] = ["array", "string"]
    elif kind:
        made["type"] = kind
    return made


def configuration_page() -> str:
    """Return the page of ``robustgen.toml``."""
    lines = [
        "# robustgen.toml\n", _MADE,
        "Options that you always give can stand in a file. robustgen reads `robustgen.toml` in the folder where it is started; `--config FILE` names another.\n",
        'A key is the long name of an option without its dashes: `--fail-on high` becomes `fail_on = "high"`. [Commands](commands.md) says what each does.\n',
        "- A key at the top of the file holds for every command that has such an option.",
        "- A key in a table holds for the command that the table is named after, and wins over the key at the top.",
        "- An environment variable, `ROBUSTGEN_FAIL_ON=high`, wins over the file; the command line wins over both.",
        "- A key that no command knows is an error, with the nearest known one.\n",
        "```toml", "#:schema ./schemas/robustgen.toml.schema.json", 'domain = "retail"          # fuzz and probe', "seed = 7                   # every command that has --seed",
        'plugins = ["my_oracles"]   # my_oracles.py beside this file', "",
        "[fuzz]", 'kind = ["clean", "noisy"]', "concurrency = 32", 'rate = "10/s"', 'fail_on = "critical"', "",
        "[target]                   # the system under test", 'base_url = "http://127.0.0.1:8000/v1"', "",
        "[target.price]             # money for a million tokens; --budget and --dry-run count with it", 'input = "0.15"', 'output = "0.60"', "```\n",
        "The first line lets editors that know TOML schemas complete and check the file; the [schema](../schemas/robustgen.toml.schema.json) comes with these pages.\n",
        "`[target]` describes the system under test: [Fuzz a vendor's model](../fuzz-a-vendor.md). `[bounds]` holds limits of your own: [Oracles](../oracles.md).\n",
        "## Keys of each table\n",
    ]  # fmt: skip
    for name, schema in configuration()["properties"].items():
        if schema.get("type") == "object" and name != "bounds":
            lines.append(f"- `[{name}]`: {', '.join(f'`{k}`' for k in schema['properties'])}")
    return "\n".join([*lines, ""])


def schemas_page() -> str:
    """Return the page that lists the schemas."""
    lines = ["# JSON Schemas\n", _MADE, "Every format that robustgen writes has a JSON Schema (draft 2020-12). The tests hold real files against them.\n"]
    lines += ["| schema | of what |", "|---|---|"]
    lines += [f"| [{name}](../schemas/{name}.schema.json) | {what} |" for name, (_, what) in RECORDS.items()]
    lines += ["| [ledger](../schemas/ledger.schema.json) | One row of the [ledger](ledger.md) of a run |"]
    return "\n".join([*lines, "| [robustgen.toml](../schemas/robustgen.toml.schema.json) | the [configuration](robustgen-toml.md) |", ""])


def sources_page() -> str:
    """Return the page of all tables and frozen pools: where their figures come from, under which licence, with a checksum."""
    lines = [
        "# Data sources and licences\n", _MADE,
        "All tables and word lists were written for this project and share its licence, Apache 2.0. Facts and figures come from the sources named; no text was",
        "taken over. Pools of names are frozen from Faker (MIT licence) and are synthetic. Number, date and plural habits are read from CLDR through Babel",
        "(Unicode licence, BSD). The checksum is BLAKE2b of eight bytes.\n",
    ]  # fmt: skip
    for name in (n for n in pack_names() if pack_folder(n)[0].parent == shipped() / "domains"):
        lines += [f"## {name}\n", "| table | rows | wait for review | sources | checksum |", "|---|---|---|---|---|"]
        for file in sorted((pack_folder(name)[0] / "tables").glob("*.csv")):
            text = file.read_text("utf-8")
            rows = [row for _, row in read_csv(text, str(file))]
            sources = sorted({s for row in rows if (s := row.get("source", "").strip())})
            named = _cell("; ".join(sources[:8]) + (f"; and {len(sources) - 8} more" if len(sources) > 8 else ""))
            waiting = sum(bool(row.get("review", "").strip()) for row in rows)
            lines.append(f"| {file.stem} | {len(rows)} | {waiting or ''} | {named} | {_digest(text)} |")
        lines.append("")
    lines += ["## Word lists\n", "| language | lists | checksum |", "|---|---|---|"]
    for tag in sorted(f.name for f in (shipped() / "corpora").iterdir() if f.is_dir()):
        files = sorted((shipped() / "corpora" / tag).rglob("*.*"))
        lines.append(f"| {tag} | {len(files)} | {_digest(''.join(f.read_text('utf-8') for f in files))} |")
    return "\n".join([*lines, ""])


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def reference() -> dict[str, str]:
    """Return all generated pages and schemas by their path below ``docs``."""
    made = {"reference/commands.md": commands_page(), "reference/robustgen-toml.md": configuration_page(), "reference/schemas.md": schemas_page()}
    made["data-sources.md"] = sources_page()
    for name, (record, what) in RECORDS.items():
        schema = {"$schema": _DIALECT, "title": what.replace("`", "")} | msgspec.json.schema(record)
        made[f"schemas/{name}.schema.json"] = _json(schema)
    return made | {"schemas/robustgen.toml.schema.json": _json(configuration()), "schemas/ledger.schema.json": _json(ledger())}


def ledger() -> dict[str, Any]:
    """Return the JSON Schema of a row of a ledger: what its body holds depends on its kind."""
    bodies = {"asked": Case, "attempt": Response, "answered": Response, "checkpoint": Report, "finished": Report}
    schemas, parts = msgspec.json.schema_components(list(bodies.values()), ref_template="#/$defs/{name}")
    fitting = dict(zip(bodies, schemas, strict=True)) | {
        "started": {"type": "object", "required": ["config", "made_with", "by", "at", "sampling"]},
        "judged": {"type": "object", "required": ["outcome", "domain", "task", "language", "kind", "perturbation", "failed"]},
    }
    rows = [
        {"type": "object", "required": ["kind", "key", "body"], "properties": {"kind": {"const": kind}, "key": {"type": "string"}, "body": {"anyOf": [body, {"type": "null"}]}}}
        for kind, body in fitting.items()
    ]  # fmt: skip
    return {"$schema": _DIALECT, "title": "One row of a ledger; the body is null after robustgen purge", "oneOf": rows, "$defs": parts}


def _json(schema: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=1).decode() + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for path, text in reference().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
