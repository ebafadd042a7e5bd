"""A folder of ``domains/`` becomes a Pack: schema, tasks, wordings per language, ambiguities, edges, golden cases."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from robustgen.core.case import Facts
from robustgen.core.draw import ReplayDraw
from robustgen.core.plugins import ORACLES, PACKS, PERTURBATIONS, RULES
from robustgen.errors import GrammarError, PackError, RobustgenError, UnknownName
from robustgen.grammar.expr import compile_expression, with_rules
from robustgen.grammar.lexicon import Entry, Lexicon, Words, load_words
from robustgen.grammar.notation import Text, fail, only_keys
from robustgen.grammar.say import Say
from robustgen.grammar.schema import Schema
from robustgen.grammar.tables import RowKey, Table, load_table
from robustgen.migrations import CURRENT
from robustgen.packs.cache import cached_yaml
from robustgen.packs.language import load_language
from robustgen.packs.locate import corpora, pack_folder
from robustgen.packs.tasks import Task, load_tasks

__all__ = ["Ambiguity", "Edge", "Pack", "Reached", "load_pack"]

AMBIGUITY_KEYS = ("title", "type", "task", "tasks", "form", "accept", "safe", "settle", "answer", "set", "note", "severity", "by", "missing")
EDGE_KEYS = ("title", "task", "tasks", "set", "expect", "note", "by", "lang")


class Ambiguity(msgspec.Struct, frozen=True, kw_only=True):
    """One catalogued ambiguity; ``type`` is ``split``, ``settled`` or ``trap``."""

    id: str
    title: str
    type: str
    tasks: Sequence[str]
    form: str = ""
    accept: Sequence[str] = ("ask", "both")
    safe: str = ""
    answer: Any = None
    settle: Mapping[str, Any] = {}
    set: Mapping[str, Any] = {}
    missing: Sequence[str] = ()


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """One catalogued edge case: values set after drawing."""

    id: str
    title: str
    tasks: Sequence[str]
    set: Mapping[str, Any]
    expect: Any = None


class Reached(msgspec.Struct, frozen=True):
    """A catalogue id with the tasks and languages in which something reaches it; empty means all."""

    id: str
    tasks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def by(self, task: str, tag: str) -> bool:
        """Tell whether a case of a task in a language counts."""
        return (not self.tasks or task in self.tasks) and (not self.languages or tag in self.languages or tag.split("-", maxsplit=1)[0] in self.languages)


class Pack:
    """One domain."""

    def __init__(self, name: str, folder: Path, *, trusted: bool) -> None:
        """Read everything that no language owns; raises ``PackError`` with file and line."""
        self.name, self.folder, self.trusted = name, folder, trusted
        self.meta = _toml(folder / "pack.toml")
        _readable(self.meta, folder / "pack.toml")
        self.title = str(self.meta.get("title", name))
        self._says: dict[str, Say] = {}
        self._schemas: dict[str, Schema] = {}

    def _text(self, file: str) -> str:
        path = self.folder / file
        try:
            return path.read_text("utf-8")
        except FileNotFoundError:
            raise PackError(f"pack '{self.name}' lacks the file", file=str(path)) from None
        except UnicodeDecodeError as error:
            raise PackError(f"not UTF-8 at byte {error.start}", file=str(path), mend="save the file as UTF-8") from None

    def _yaml(self, file: str) -> Any:
        return cached_yaml(self._text(file), str(self.folder / file)) if (self.folder / file).is_file() else {}

    @cached_property
    def version(self) -> str:
        """The written version with a digest of all data."""
        digest = blake2b(digest_size=6)
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and file.suffix in {".toml", ".yaml", ".csv", ".py", ".jsonl"}:
                digest.update(file.relative_to(self.folder).as_posix().encode() + b"\0" + file.read_bytes())
        return f"{self.meta.get('version', '0')}+{digest.hexdigest()}"

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The lexicon tables by name."""
        files = sorted((self.folder / "tables").glob("*.csv"))
        return {f.stem: load_table(f.stem, self._text(f"tables/{f.name}"), str(f)) for f in files}

    @cached_property
    def rules(self) -> dict[str, Callable[..., Any]]:
        """The functions that the pack's Python files offer; an untrusted pack's code does not run."""
        files = sorted(self.folder.glob("*.py"))
        if not files:
            return {}
        if not self.trusted:
            raise PackError("this pack brings Python code", file=str(files[0]), mend="set ROBUSTGEN_TRUST_PACKS=1 if you trust its author")
        package = f"{PACKS}{self.name}"
        _open_package(package, self.folder)
        found: dict[str, Callable[..., Any]] = {}
        for file in files:
            module = f"{package}.{file.stem}"
            _import(module, file)
            found |= RULES.get(module, {})
        return found

    @cached_property
    def reached_by(self) -> dict[str, list[Reached]]:
        """Catalogue ids that a perturbation reaches, by the perturbation's name; under ``""`` those that a language reaches."""
        found: dict[str, list[Reached]] = {}
        for section in self.meta.values():
            for name, entry in section.items() if isinstance(section, dict) else ():
                if isinstance(entry, dict) and ("by" in entry or "languages" in entry):
                    made = Reached(name, tuple(_listed(entry.get("tasks", []))), tuple(_listed(entry.get("languages", []))))
                    for by in _listed(entry.get("by", "")):
                        found.setdefault(str(by), []).append(made)
        return found

    @cached_property
    def functions(self) -> dict[str, Any]:
        """What expressions may call."""
        return with_rules(self.rules, self.tables)

    @cached_property
    def _facts_tree(self) -> Any:
        return self._yaml("facts.yaml")

    def schema(self, tag: str = "en") -> Schema:
        """Return the record types, with the name pools of a language."""
        if tag not in self._schemas:
            language = load_language(tag)
            made = Schema(self.tables, self.functions, lambda provider: language.pool(provider) or load_language("en").pool(provider), _every_pool)
            made.load(self._facts_of(tag))
            self._schemas[tag] = made
        return self._schemas[tag]

    def _facts_of(self, tag: str) -> Any:
        """Return the tree of ``facts.yaml`` with the lines of the fields that a language draws in its own way (``<tag>/facts.yaml``)."""
        tree = self._facts_tree
        for folder in self._folders(tag):
            own = self._yaml(f"{folder.name}/facts.yaml")
            only_keys(own, ("types",), f"{folder.name}/facts.yaml")
            types = dict(tree.get("types", {}))
            for name, fields in own.get("types", {}).items():
                for field in fields:
                    if field not in types.get(name, {}):
                        fail(field, f"no field '{field}' of type '{name}' to draw in another way", "a language can change lines of facts.yaml, not add any")
                types[name] = {**types[name], **fields}
            tree = {**tree, "types": types}
        return tree

    @cached_property
    def _tasks_tree(self) -> Any:
        return self._yaml("tasks.yaml")

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The tasks by id."""
        return load_tasks(self._tasks_tree, self.schema())

    def task(self, name: str) -> Task:
        """Return a task; raises ``UnknownName``."""
        if name not in self.tasks:
            raise UnknownName(f"task of '{self.name}'", name, self.tasks)
        return self.tasks[name]

    @cached_property
    def tags(self) -> list[str]:
        """The languages and regions the pack speaks, base English first."""
        own = {f.parent.name for f in self.folder.glob("*/say.yaml")} | {f.parent.name for f in self.folder.glob("*/words.csv")}
        named = set(self.meta.get("locales", {}))
        known = set(corpora())
        return sorted((own | named) & known, key=lambda t: (t != "en", t.split("-")[0] != "en", t))

    def _folders(self, tag: str) -> list[Path]:
        base = self.meta.get("locales", {}).get(tag) or []
        bases = [base] if isinstance(base, str) else list(base)
        chain = [*bases, *([tag.split("-", maxsplit=1)[0]] if "-" in tag else []), tag]
        return [self.folder / t for t in dict.fromkeys(chain) if (self.folder / t).is_dir()]

    def say(self, tag: str) -> Say:
        """Return a language's wordings, compiled; raises ``UnknownName`` for a language the pack lacks."""
        if tag not in self._says:
            folders = self._folders(tag)
            if not folders:
                raise UnknownName(f"language of '{self.name}'", tag, self.tags)
            lexicon = Lexicon({k: Words(v, k) for k, v in self._entries(folders).items()})
            trees = [self._yaml(f"{f.name}/say.yaml") for f in folders if (f / "say.yaml").is_file()]
            self._says[tag] = Say(self.schema(tag), load_language(tag), lexicon, trees)
        return self._says[tag]

    def _entries(self, folders: Sequence[Path]) -> dict[str, list[Entry]]:
        merged: dict[str, list[Entry]] = {}
        for folder in folders:
            if not (folder / "words.csv").is_file():
                continue
            for name, entries in load_words(self._text(f"{folder.name}/words.csv"), str(folder / "words.csv")).items():
                fresh = {e.value for e in entries}
                merged[name] = [e for e in merged.get(name, []) if e.value not in fresh] + entries
        return merged

    def speaks(self, tag: str, task: str) -> bool:
        """Tell whether a task has documents and a question in a language."""
        say = self.say(tag)
        return bool(say.alternatives("documents", task) and say.alternatives("ask", task))

    @cached_property
    def ambiguities(self) -> dict[str, Ambiguity]:
        """The catalogued ambiguities by id; those that a perturbation reaches (``by``) stand in ``pack.toml`` terms."""
        tree = self._yaml("ambiguities.yaml")
        return {str(k): self._ambiguity(str(k), v) for k, v in tree.items()}

    def _ambiguity(self, name: str, node: Any) -> Ambiguity:
        only_keys(node, AMBIGUITY_KEYS, f"ambiguity '{name}'")
        kind = str(node.get("type", "split"))
        if kind not in {"split", "settled", "trap"}:
            fail(node["type"], f"ambiguity '{name}': type '{kind}'", "use split, settled or trap")
        accept = node.get("accept", ["ask", "both"])
        return Ambiguity(
            id=name,
            title=str(node.get("title", name)),
            type=kind,
            tasks=self._known_tasks(node),
            form=str(node.get("form", "")),
            accept=[str(a) for a in ([accept] if isinstance(accept, str) else accept)],
            safe=str(node.get("safe", "")),
            answer=node.get("answer"),
            settle=node.get("settle", {}),
            set=node.get("set", {}),
            missing=[str(m) for m in _listed(node.get("missing", []))],
        )

    def _known_tasks(self, node: Any) -> list[str]:
        names = _listed(node.get("tasks") or node.get("task") or [])
        for name in names:
            if name not in self.tasks:
                fail(name, f"unknown task '{name}'", f"tasks: {', '.join(self.tasks)}")
        return [str(n) for n in names]

    @cached_property
    def edges(self) -> dict[str, Edge]:
        """The catalogued edge cases that facts express, by id."""
        made = {}
        for name, node in self._yaml("edges.yaml").items():
            only_keys(node, EDGE_KEYS, f"edge '{name}'")
            tasks = self._known_tasks(node)
            made[str(name)] = Edge(id=str(name), title=str(node.get("title", name)), tasks=tasks, set=node.get("set", {}), expect=node.get("expect"))
        return made

    def set_values(self, task: Task, facts: Facts, changes: Mapping[str, Any], tag: str, draw: Any = None) -> Facts:
        """Return facts with the values of an edge or ambiguity set (text, or ``=`` expressions over the facts)."""
        type_ = self.schema(tag).types[task.type.name]
        for path, node in changes.items():
            value: Any = node
            if isinstance(node, str) and node.startswith("="):
                value = compile_expression(node[1:].strip(), type_.fields, self.functions)(type_.view(facts))
                value = str(value) if isinstance(value, RowKey) else value
            elif str(node) == "none":
                value = None
            else:
                value = self.typed_at(task, str(path), node)
            facts = type_.with_value(facts, str(path), value, draw or ReplayDraw())
        return facts

    def typed_at(self, task: Task, path: str, value: Any) -> Any:
        """Return a value typed as the field at a path."""
        _, field, _ = self.say_schema_resolve(task, path)
        return field.typed(_plain(value))

    def say_schema_resolve(self, task: Task, path: str) -> Any:
        """Return owner, field and steps of a path of a task's facts."""
        return self.say("en")._resolve(task.type, path)

    @cached_property
    def golden(self) -> list[dict[str, Any]]:
        """The golden cases; raises ``PackError`` with the line of a broken one."""
        file = self.folder / "golden.jsonl"
        found = []
        for i, line in enumerate(file.read_text("utf-8").splitlines() if file.is_file() else [], 1):
            if not line.strip():
                continue
            try:
                found.append({**msgspec.json.decode(line), "line": i})
            except msgspec.DecodeError as error:
                raise PackError(f"not valid JSON: {error}", file=str(file), line=i) from None
        return found


@lru_cache(maxsize=16)
def _every_pool(provider: str) -> tuple[str, ...]:
    """Return a provider's values of all languages: a document may hold a name of any."""
    return tuple(dict.fromkeys(name for tag in corpora() for name in load_language(tag).pool(provider)))


def _plain(node: Any) -> Any:
    if isinstance(node, Text):
        return str(node)
    if isinstance(node, list):
        return [_plain(n) for n in node]
    if isinstance(node, Mapping):
        return {str(k): _plain(v) for k, v in node.items()}
    return node


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _readable(meta: dict[str, Any], file: Path) -> None:
    """Refuse a pack of a format that a later release brought; raises ``PackError``."""
    present = CURRENT["robustgen.pack"]
    if meta.get("format", 1) not in range(1, present + 1):
        raise PackError(f"format = {meta['format']!r}, this release reads up to {present}", file=str(file), mend="install the release that the pack asks for")


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"not valid TOML: {error}", file=str(file)) from None
    except OSError as error:
        raise PackError(f"cannot be read: {error.strerror}", file=str(file)) from None


def _open_package(name: str, folder: Path) -> None:
    """Make a folder an importable package; another folder's package of that name, and what it registered, is dropped."""
    known = sys.modules.get(name)
    if known is not None and list(known.__path__) == [str(folder)]:
        return
    for module in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
        del sys.modules[module]
        RULES.pop(module, None)
    PERTURBATIONS.drop(f"{name}.")
    ORACLES.drop(f"{name}.")
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package


def _import(module: str, file: Path) -> None:
    try:
        importlib.import_module(module)
    except RobustgenError:
        raise
    except Exception as error:
        sys.modules.pop(module, None)
        raise PackError(f"{file.name} cannot be imported: {type(error).__name__}: {error}", file=str(file)) from error


@lru_cache(maxsize=32)
def load_pack(name: str) -> Pack:
    """Return a pack by name; raises ``UnknownName``, or ``PackError`` for a broken one."""
    folder, trusted = pack_folder(name)
    return Pack(name, folder, trusted=trusted)


def check_languages(packs: Iterable[Pack], tags: Iterable[str]) -> None:
    """Refuse a language that none of the packs speaks."""
    known = {t for p in packs for t in p.tags}
    for tag in tags:
        if tag not in known:
            raise UnknownName("language", tag, known)


__all__ += ["GrammarError", "check_languages"]
