"""Options from ``robustgen.toml`` and the environment: by their names on the command line, in their order, and never ignored in silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from robustgen.cli._settings import defaults, option_keys
from robustgen.cli.main import cli
from robustgen.errors import UnknownName


def settle(command: str, config: dict[str, object], **environment: str) -> dict[str, object]:
    """Return the defaults of a command's parameters."""
    context = click.Context(cli, info_name="robustgen")
    context.invoked_subcommand = command
    made: dict[str, object] = defaults(cli, context, config, environment)[command]
    return made


def test_every_long_option_is_a_key() -> None:
    """What can be typed can stand in the file, under the same name."""
    context = click.Context(cli, info_name="robustgen")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        long = {o for p in command.params if isinstance(p, click.Option) and not p.hidden for o in p.opts if o.startswith("--")}
        assert {"--" + k.replace("_", "-") for k in option_keys(command)} == long


def test_environment_over_table_over_top() -> None:
    """The nearer to the command line, the stronger."""
    config = {"seed": 1, "lang": "de", "generate": {"lang": "fr", "seed": 2}}
    assert settle("generate", config, ROBUSTGEN_SEED="3") == {"seed": "3", "languages": "fr"}
    assert settle("perturb", config) == {"seed": 1, "language": "de"}


def test_a_text_for_an_option_that_may_be_repeated_is_one_value() -> None:
    """It is not taken apart into letters."""
    assert settle("perturb", {"keep": "RG-[0-9]+"}) == {"keep": ["RG-[0-9]+"]}


@pytest.mark.parametrize("config", [{"concurency": 3}, {"fuzz": {"concurency": 3}}, {"fuz": {"concurrency": 3}}])
def test_a_slip_is_told(config: dict[str, object]) -> None:
    """No key and no table is ignored; the nearest one is named."""
    with pytest.raises(UnknownName, match="did you mean"):
        settle("fuzz", config)


def test_a_key_of_another_command_and_a_foreign_variable_are_left_alone() -> None:
    """A key at the top may concern other commands only; variables of that prefix may be anybody's."""
    assert settle("domains", {"concurrency": 3}, ROBUSTGEN_SHOTS="x") == {}


def test_the_command_line_wins(tmp_path: Path) -> None:
    """Over the file and over the environment, in the program as it is started."""
    (tmp_path / "robustgen.toml").write_text('[generate]\nlang = "de"\nkind = ["clean"]\njson = true\n', "utf-8")

    def language(*words: str, **env: str) -> str:
        command = [sys.executable, "-m", "robustgen.cli.main", "generate", "toy", "-n", "1", *words]
        root = str(Path(__file__).parents[2])
        paths = {"PYTHONPATH": root, "ROBUSTGEN_PATH": f"{root}/tests/data"}
        done = subprocess.run(command, cwd=tmp_path, env={"PATH": "", **paths, **env}, capture_output=True, text=True, check=False, encoding="utf-8")
        return done.stderr or done.stdout

    assert "unknown language 'de'" in language()
    assert "unknown language 'fr'" in language(ROBUSTGEN_LANG="fr")
    assert '"language":"en"' in language("--lang", "en", ROBUSTGEN_LANG="fr")
