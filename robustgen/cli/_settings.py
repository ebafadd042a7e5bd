"""What stands in place of options: ``robustgen.toml`` and the environment, by the names that the options have on the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from robustgen.errors import ConfigError, UnknownName

__all__ = ["TABLES", "defaults", "option_keys", "read"]

TABLES = ("target", "bounds")
"""Tables of the file that belong to no single command."""
_SWITCHES = {"PATH", "NO_PLUGINS", "TRUST_PACKS", "CACHE", "COMPLETE"}
"""Variables ``ROBUSTGEN_...`` that are no options."""


def read(path: str | None) -> dict[str, Any]:
    """Return what the file holds: top-level keys for all commands, tables for one."""
    file = Path(path or "robustgen.toml")
    if not file.is_file():
        if path:
            raise ConfigError(f"{path}: there is no such file", mend="name an existing file with --config")
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}", mend="mend that place; texts stand in double quotes") from None


def option_keys(command: click.Command) -> dict[str, click.Option]:
    """Return the options of a command by the keys that set them: the long name with ``_`` for ``-``."""
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    return {_key(o[2:]): p for p in options for o in p.opts if o.startswith("--")}


def defaults(group: click.Group, ctx: click.Context, config: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return click's default map for the command that is called: environment over its table over top-level keys; an unknown key is an error."""
    name = ctx.invoked_subcommand or ""
    command = group.get_command(ctx, name)
    keys = option_keys(command) if command is not None else {}
    top = {_key(k): v for k, v in config.items() if not isinstance(v, dict) and k != "plugins"}
    for key in top:
        if key not in keys and key not in (known := {k for n in group.list_commands(ctx) for k in _keys_of(group, ctx, n)}):
            raise UnknownName("key in robustgen.toml:", key, known)
    for key in (k for k, v in config.items() if isinstance(v, dict)):
        if key not in (tables := {*group.list_commands(ctx), *TABLES}):
            raise UnknownName("table in robustgen.toml:", key, tables)
    own = config.get(name, {})
    table = {_key(k): v for k, v in own.items()} if isinstance(own, dict) else {}
    for key in table:
        if key not in keys:
            raise UnknownName(f"key in [{name}] of robustgen.toml:", key, keys)
    given = {k: v for k, v in (*top.items(), *table.items(), *_variables(environment)) if k in keys}
    return {name: {str(keys[k].name): [v] if keys[k].multiple and isinstance(v, str) else v for k, v in given.items()}}


def _key(name: str) -> str:
    return name.replace("-", "_")


def _keys_of(group: click.Group, ctx: click.Context, name: str) -> dict[str, click.Option]:
    command = group.get_command(ctx, name)
    return option_keys(command) if command is not None else {}


def _variables(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the variables that stand for options."""
    for key, value in environment.items():
        option = key.removeprefix("ROBUSTGEN_")
        if option != key and option not in _SWITCHES:
            yield option.lower(), value
