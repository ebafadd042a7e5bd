"""The ``robustgen`` command: finds its subcommands, reads the configuration, turns errors into messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

import robustgen
from robustgen.campaign.calm import search_seldom
from robustgen.cli._settings import defaults, read
from robustgen.errors import ConfigError, RobustgenError

__all__ = ["main"]

HERE = Path(__file__).parent


class _Commands(click.Group):
    """Loads a command's module only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names: the files of this folder."""
        names = (f.stem for f in HERE.glob("*.py") if not f.stem.startswith("_") and f.stem != "main")
        return sorted(n.replace("_", "-") for n in names)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one command."""
        if name not in self.list_commands(ctx):
            return None
        made: click.Command = import_module(f"robustgen.cli.{name.replace('-', '_')}").command
        return made

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which ones are near."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from robustgen.errors import UnknownName

            raise UnknownName("command", args[0], self.list_commands(ctx), mend="")
        return super().resolve_command(ctx, args)


def _own_modules(settings: Mapping[str, Any]) -> None:
    """Import the modules that ``plugins`` lists: a user's own oracles, perturbations, targets; looked for in the working folder too."""
    names = settings.get("plugins", [])
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise ConfigError("robustgen.toml: 'plugins' must be a list of module names", mend='write plugins = ["my_oracles"]')
    if not names or os.environ.get("ROBUSTGEN_NO_PLUGINS"):
        return
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    for name in names:
        try:
            import_module(name)
        except ImportError as error:
            raise ConfigError(f"robustgen.toml: plugins: {name} cannot be imported: {error}", mend="name a module of this folder or an installed one") from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(robustgen.__version__, prog_name="robustgen")
@click.option("--config", metavar="FILE", help="Options from this file instead of ./robustgen.toml.")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """Test cases with exact ground truth for language models and NLP in regulated domains.

    \b
    robustgen domains                                  what there is
    robustgen generate retail -n 5                     read five cases
    robustgen fuzz price-parser --domain retail -n 200 find real failures
    robustgen replay ID                                see one again
    """
    settings = read(config)
    ctx.obj = {"config": settings}
    _own_modules(settings)
    assert isinstance(ctx.command, _Commands)
    ctx.default_map = defaults(ctx.command, ctx, settings, os.environ)


def main() -> None:
    """Run the command line; exit codes are those of the contract."""
    search_seldom()
    try:
        code = cli(prog_name="robustgen", standalone_mode=False)
        sys.stdout.flush()
    except RobustgenError as error:
        _say(str(error))
        code = error.exit_code
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _say(text: str) -> None:
    click.echo(click.style("error: ", fg="red") + text if sys.stderr.isatty() and "NO_COLOR" not in os.environ else f"error: {text}", err=True)


if __name__ == "__main__":
    main()
