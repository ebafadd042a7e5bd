"""The documentation as a site: built with warnings as errors, and every page looked at in a real browser, wide and light, narrow and dark."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.external.browser import chromium, opened

pytestmark = [pytest.mark.external, pytest.mark.skipif(find_spec("mkdocs") is None or find_spec("material") is None, reason="pip install 'robustgen[docs]'")]
ROOT = Path(__file__).parents[2]
OUTSIDE = """[...document.querySelectorAll('.md-content *')].filter(e => e.getBoundingClientRect().right > innerWidth + 2
    && !e.closest('pre, .md-typeset__scrollwrap')).slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""


def built(folder: Path, config: Path) -> subprocess.CompletedProcess[str]:
    """Build the site; not quietly, or warnings would not count."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(folder)]
    return subprocess.run(command, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False, timeout=200)


def test_a_dead_link_stops_the_build(tmp_path: Path) -> None:
    """A page, a place on a page, and a page that no menu leads to."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path / "mkdocs.yml")
    page = tmp_path / "docs" / "limits.md"
    whole = page.read_text("utf-8")
    for broken in ("[x](nowhere.md)", "[x](concepts.md#nowhere)"):
        page.write_text(f"{whole}\n{broken}\n", "utf-8")
        assert built(tmp_path / "site", tmp_path / "mkdocs.yml").returncode != 0, broken
    page.write_text(whole, "utf-8")
    (tmp_path / "docs" / "lost.md").write_text("# Lost\n", "utf-8")
    assert built(tmp_path / "site", tmp_path / "mkdocs.yml").returncode != 0


@pytest.mark.skipif(not chromium(), reason="no Chromium here: apt-get install chromium")
def test_every_page_fits_its_window_and_asks_nobody(tmp_path: Path) -> None:
    """Nothing stands outside a wide or a narrow window, the colours follow the system, no page asks another host or complains."""
    done = built(tmp_path, ROOT / "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr

    async def look(width: int, *, dark: bool) -> list[str]:
        wrong = []
        async with opened() as page:
            await page.look(width=width, height=1000, dark=dark)
            for file in sorted(tmp_path.rglob("index.html")):
                await page.goto(file)
                name = f"{file.parent.relative_to(tmp_path)} at {width}"
                wrong += [f"{name}: {e}" for e in await page.js(OUTSIDE)]
                if await page.js("document.body.getAttribute('data-md-color-scheme')") != ("slate" if dark else "default"):
                    wrong.append(f"{name}: colours")
            return wrong + page.messages + [r for r in page.requests if not r.startswith(("file:", "data:"))]

    assert asyncio.run(look(1440, dark=False)) == []
    assert asyncio.run(look(400, dark=True)) == []
