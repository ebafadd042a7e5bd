"""Wrong uses and broken files with what robustgen says: ``python -m tests.cli.errors`` writes ``errors.jsonl`` and the page anew; read the difference."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

HERE = Path(__file__).parent
GOLDEN = HERE / "errors.jsonl"
PAGE = HERE.parents[1] / "docs" / "reference" / "errors.md"
PACK = {
    "domains/mini/pack.toml": 'name = "mini"\nversion = "0.1.0"\ntitle = "Mini"\n',
    "domains/mini/facts.yaml": "types:\n  Dose:\n    dose: int 1..9 unit mg\n",
}
TASKS = {"domains/mini/tasks.yaml": "M1:\n  facts: Dose\n  answer: {value: = dose, unit: mg}\n  depends: [dose]\n"}
SAY = {"domains/mini/en/say.yaml": "ask:\n  M1: How much?\ndocuments:\n  M1:\n    - Take {dose:qty}.\n", "domains/mini/en/words.csv": "of,value,form\n"}
WHOLE = PACK | TASKS | SAY
DAMAGED = {".robustgen/runs/2026-11-25-3f9a2b/ledger.sqlite": "no database", ".robustgen/runs/2026-11-25-3f9a2b/run.toml": 'target = "echo:"\n'}
CASE = '{"schema": "robustgen.case/1"'


class Wrong(NamedTuple):
    """A wrong use: what is wrong in a few words, the command line, and the files that lie there."""

    title: str
    line: str
    files: dict[str, str] | None = None


def _mini(title: str, file: str, text: str) -> Wrong:
    """Return a pack with one broken file."""
    return Wrong(title, "check mini -n 2", WHOLE | {f"domains/mini/{file}": text})


WRONG = [
    Wrong("a command that there is not", "fuz price-parser"),
    Wrong("an option that there is not", "generate retail --languages de"),
    Wrong("an argument is missing", "fuzz"),
    Wrong("a domain that there is not", "generate retial -n 2"),
    Wrong("a task that there is not", "generate retail --task RT-T99"),
    Wrong("a language that there is not", "generate retail --lang xx"),
    Wrong("a language that the domain does not speak", "generate toy --lang ja"),
    Wrong("a kind that there is not", "generate retail --kind noisi"),
    Wrong("a perturbation that there is not", "generate retail --perturb neighbor_key"),
    Wrong("a strength above one", "generate retail --strength 3"),
    Wrong("a number of cases that is no number", "generate retail -n many"),
    Wrong("no cases", "generate retail -n -4"),
    Wrong("a coverage that there is not", "generate retail --cover triple"),
    Wrong("records in a file that is not there", "generate toy --facts mine.jsonl"),
    Wrong("a record that is no JSON", "generate toy --facts mine.jsonl", {"mine.jsonl": '{"drug": \n'}),
    Wrong("a record with an unknown field", "generate toy --task T1 --facts mine.jsonl", {"mine.jsonl": '{"colour": "red"}\n'}),
    Wrong("an empty file of records", "generate toy --facts mine.jsonl", {"mine.jsonl": ""}),
    Wrong("a configuration that is not there", "--config other.toml generate toy"),
    Wrong("a broken configuration", "generate toy", {"robustgen.toml": "seed = = 3\n"}),
    Wrong("an unknown key of the configuration", "fuzz echo: --domain toy -n 2", {"robustgen.toml": "[fuzz]\nconcurency = 3\n"}),
    Wrong("an unknown table of the configuration", "generate toy", {"robustgen.toml": "[generat]\nseed = 3\n"}),
    Wrong("plug-ins as a text", "generate toy", {"robustgen.toml": 'plugins = "mine"\n'}),
    Wrong("a plug-in that is not there", "generate toy", {"robustgen.toml": 'plugins = ["not_here"]\n'}),
    Wrong("an unknown key of [target]", "fuzz echo: --domain toy -n 2", {"robustgen.toml": '[target]\nurl = "x"\n'}),
    Wrong("a price that is no number", "fuzz echo: --domain toy -n 2", {"robustgen.toml": '[target.price]\ninput = "cheap"\n'}),
    Wrong("a budget in money without prices", "fuzz echo: --domain toy -n 2 --budget '5 USD'"),
    Wrong("a budget that cannot be read", "fuzz echo: --domain toy -n 2 --budget lots"),
    Wrong("a rate that cannot be read", "fuzz echo: --domain toy -n 2 --rate fast"),
    Wrong("a duration that cannot be read", "fuzz echo: --domain toy --for ever"),
    Wrong("a target that there is not", "fuzz opnai:gpt --domain toy -n 2"),
    Wrong("a function whose module is not there", "fuzz python:nowhere:answer --domain toy -n 2"),
    Wrong("a function that is not there", "fuzz python:json:nothing --domain toy -n 2"),
    Wrong("an address without a function", "fuzz python:json --domain toy -n 2"),
    Wrong("a program that is not there", "fuzz command:./no-such-program --domain toy -n 2"),
    Wrong("an HTTP template that is not there", "fuzz http:api.toml --domain toy -n 2"),
    Wrong("an HTTP template with a key that it does not know", "fuzz http:api.toml --domain toy -n 2", {"api.toml": 'method = "POST"\n'}),
    Wrong("an HTTP template without an address", "fuzz http:api.toml --domain toy -n 2", {"api.toml": 'answer = "$.text"\n'}),
    Wrong("an option without a value", "fuzz echo: --domain toy -n 2 -O temperature"),
    Wrong("an unknown severity", "fuzz echo: --domain toy -n 2 --fail-on sometimes"),
    Wrong("a run to compare that there is not", "compare yesterday today"),
    Wrong("a run that there is not", "report yesterday"),
    Wrong("a report before any run", "report --to html"),
    Wrong("nothing to replay", "replay 1234567890abcdef"),
    Wrong("a broken line to replay", "replay case.json", {"case.json": CASE}),
    Wrong("a file to replay that is not there", "replay cases.jsonl"),
    Wrong("one run to compare", "compare only-one"),
    Wrong("a damaged ledger", "report latest", DAMAGED),
    Wrong("a damaged ledger to replay from", "replay 1234567890abcdef", DAMAGED),
    Wrong("a half-written file of marks", "fuzz echo: --domain toy -n 2", {"robustgen-triage.toml": '[finding."3f9a2b7c11d0"]\nstatus = "kno'}),
    Wrong("an unknown status in the file of marks", "fuzz echo: --domain toy -n 2", {"robustgen-triage.toml": '[finding."3f9a2b7c11d0"]\nstatus = "fine"\n'}),
    Wrong("a file of marks that is not there", "fuzz echo: --domain toy -n 2 --triage marks.toml"),
    Wrong("a baseline that there is not", "fuzz echo: --domain toy -n 2 --baseline yesterday"),
    Wrong("a folder of the report that there is not", "fuzz echo: --domain toy -n 2 --report out/report.html"),
    Wrong("a suite that is not there", "extend suite.yaml -o more.yaml"),
    Wrong("a suite in no known format", "extend notes.xyz -o more.xyz", {"notes.xyz": "hello\n"}),
    Wrong("text that is not there", "perturb notes.txt"),
    Wrong("empty text", "perturb notes.txt", {"notes.txt": ""}),
    Wrong("a pattern that cannot be read", "perturb notes.txt --keep '['", {"notes.txt": "Take 5 mg.\n"}),
    Wrong("a profile that is none", "perturb notes.txt --profile p.toml", {"notes.txt": "Take 5 mg.\n", "p.toml": "x = = 1\n"}),
    Wrong("a layout of data that there is not", "export toy --to trl -o out"),
    Wrong("shares that do not add up", "export toy --to jsonl --splits train=0.5,test=0.3 -o out"),
    Wrong("a factor of balance that there is not", "export toy -n 4 --to jsonl --balance colour -o out"),
    Wrong("a data file of an unknown layout", "validate data.jsonl --as csvv", {"data.jsonl": "{}\n"}),
    Wrong("a log that is not there", "mine chat.log"),
    _mini("a table of a pack that does not fit", "facts.yaml", "types:\n  Dose:\n    dose: row drugs\n"),
    _mini("a field of an unknown kind", "facts.yaml", "types:\n  Dose:\n    dose: number 1..9\n"),
    _mini("a range that is none", "facts.yaml", "types:\n  Dose:\n    dose: int 1-9\n"),
    _mini("broken YAML", "facts.yaml", "types:\n  Dose: [\n"),
    _mini("a task of an unknown type", "tasks.yaml", "M1:\n  facts: Doze\n  answer: {value: = dose}\n"),
    _mini("an answer from an unknown field", "tasks.yaml", "M1:\n  facts: Dose\n  answer: {value: = doze}\n"),
    _mini("an expression that may not stand there", "tasks.yaml", 'M1:\n  facts: Dose\n  answer: {value: "= dose.__class__"}\n'),
    _mini("a brace that is missing", "en/say.yaml", "ask:\n  M1: How much?\ndocuments:\n  M1:\n    - Take {dose:qty.\n"),
    _mini("a slot of an unknown field", "en/say.yaml", "ask:\n  M1: How much?\ndocuments:\n  M1:\n    - Take {doze:qty}.\n"),
    _mini("a format that does not fit", "en/say.yaml", "ask:\n  M1: How much?\ndocuments:\n  M1:\n    - Take {dose:iso}.\n"),
    _mini("a document that does not state the answer", "en/say.yaml", "ask:\n  M1: How much?\ndocuments:\n  M1:\n    - Take it.\n"),
]


def say(wrong: Wrong, folder: Path) -> tuple[int, str]:
    """Run a wrong use in an empty folder; returns the exit code and what was said, with the folder's name taken out."""
    import shlex

    from robustgen.cli.main import main

    for name, text in (wrong.files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with _placed(folder, ["robustgen", *shlex.split(wrong.line)]) as (out, err):
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
    said = err.getvalue() or out.getvalue()
    return code, said.replace(f"{folder}/", "").replace(str(folder), "").strip()


@contextlib.contextmanager
def _placed(folder: Path, argv: list[str]) -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Stand in a folder with a command line; give everything back afterwards."""
    before, old, path = Path.cwd(), sys.argv, os.environ.get("ROBUSTGEN_PATH", "")
    out, err = io.StringIO(), io.StringIO()
    os.chdir(folder)
    sys.argv = argv
    os.environ["ROBUSTGEN_PATH"] = os.pathsep.join([str(folder), str(HERE.parent / "data")])
    from robustgen.packs.pack import load_pack

    load_pack.cache_clear()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield out, err
    finally:
        os.chdir(before)
        sys.argv = old
        os.environ["ROBUSTGEN_PATH"] = path
        load_pack.cache_clear()


def page(golden: list[dict[str, object]]) -> str:
    """Return the page that lists all messages."""
    lines = [
        "# Error messages\n",
        "Made by `python -m tests.cli.errors`, which types each of these. A message says what is wrong, where, and how to mend it.\n",
    ]
    for item in golden:
        lines += [f"## {str(item['title'])[:1].upper()}{str(item['title'])[1:]}\n", "```text", f"$ robustgen {item['line']}", str(item["says"]), "```\n"]
    return "\n".join(lines)


def collect() -> list[dict[str, object]]:
    """Type every wrong use and return what was said."""
    found: list[dict[str, object]] = []
    for wrong in WRONG:
        with TemporaryDirectory() as folder:
            code, said = say(wrong, Path(folder).resolve())
        found.append({"title": wrong.title, "line": wrong.line, "exit": code, "says": said})
    return found


if __name__ == "__main__":
    made = collect()
    GOLDEN.write_text("".join(json.dumps(m, ensure_ascii=False) + "\n" for m in made), encoding="utf-8")
    PAGE.write_text(page(made), encoding="utf-8")
