"""Where packs and corpora live: inside the installed package, else beside it in a checkout, else on ``ROBUSTGEN_PATH``."""

from __future__ import annotations

import os
from pathlib import Path

import robustgen
from robustgen.errors import UnknownName

__all__ = ["corpora", "corpus_folders", "pack_folder", "pack_names", "shipped"]


def shipped() -> Path:
    """Return the folder that holds the shipped ``domains`` and ``corpora``.

    Starts from the imported package's own folder: an editable install leaves a stale copy in site-packages that must not win.
    """
    package = Path(robustgen.__file__).resolve().parent
    inside = package / "_shipped"
    return inside if inside.is_dir() else package.parent


def _roots() -> list[tuple[Path, bool]]:
    """Return (root, trusted) in order of precedence; only the shipped root is trusted to run code."""
    outside = [Path(p) for p in os.environ.get("ROBUSTGEN_PATH", "").split(os.pathsep) if p]
    trusted = os.environ.get("ROBUSTGEN_TRUST_PACKS", "") == "1"
    return [(shipped(), True), *((p, trusted) for p in outside)]


def _packs() -> dict[str, tuple[Path, bool]]:
    found: dict[str, tuple[Path, bool]] = {}
    for root, trusted in _roots():
        for base in (root / "domains", root):
            for toml in sorted(base.glob("*/pack.toml")):
                found.setdefault(toml.parent.name, (toml.parent, trusted))
    return found


def pack_names() -> list[str]:
    """Return the names of all packs, sorted."""
    return sorted(_packs())


def pack_folder(name: str) -> tuple[Path, bool]:
    """Return a pack's folder and whether its ``rules.py`` may run; raises ``UnknownName``."""
    packs = _packs()
    if name not in packs:
        raise UnknownName("domain", name, packs)
    return packs[name]


def corpus_folders(tag: str) -> list[Path]:
    """Return the folders of a language, base first: ``pt`` then ``pt-BR``."""
    tags = [tag.split("-", maxsplit=1)[0], tag] if "-" in tag else [tag]
    folders = [root / "corpora" / t for t in tags for root, _ in _roots()]
    return [f for f in folders if f.is_dir()]


def corpora() -> list[str]:
    """Return the tags of all languages, sorted."""
    return sorted({f.parent.name for root, _ in _roots() for f in (root / "corpora").glob("*/language.toml")})
