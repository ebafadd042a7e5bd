"""The HTML report in a real browser: filters, keys, causes, dark mode, print; no console message, no request, nothing hostile runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from robustgen.core.plugins import EXPORTERS
from robustgen.core.report import Report
from tests.exporters.sample import report_of
from tests.external.browser import Page, chromium, opened

pytestmark = [pytest.mark.external, pytest.mark.skipif(not chromium(), reason="no Chromium here: apt-get install chromium")]

SHOWN = "[...document.querySelectorAll('.finding')].filter(f => f.offsetParent !== null).length"


def in_browser(folder: Path, steps: Callable[[Page], Awaitable[Any]], report: Report | None = None) -> Page:
    """Open a report, do the steps, return the page with what happened; its report must not say, ask or run anything."""
    made = report or report_of()
    file = folder / "report.html"
    file.write_text(EXPORTERS.get("html")(made), encoding="utf-8")

    async def go() -> Page:
        async with opened() as page:
            await page.goto(file)
            await steps(page)
            assert await page.js("window.hit") is None
            return page

    page = asyncio.run(go())
    assert page.messages == []
    assert page.dialogs == []
    assert page.requests == [file.resolve().as_uri()]
    return page


def test_filters_search_and_causes_choose_findings(tmp_path: Path) -> None:
    """A filter shows what it says, search looks into texts, a cause shows its findings, clear brings all back."""

    async def steps(page: Page) -> None:
        assert await page.js(SHOWN) == 10
        assert await page.js("document.querySelector('[data-filter=language]').options.length") == 8
        choose = "(s => { s.value = '%s'; s.dispatchEvent(new Event('change', {bubbles: true})) })(document.querySelector('[data-filter=%s]'))"
        await page.js(choose % ("ar", "language"))
        assert await page.js(SHOWN) == 1
        assert await page.js("document.querySelector('[data-shown]').textContent") == "1 of 10 shown"
        await page.js(choose % ("", "language"))
        await page.js(choose % ("known", "state"))
        assert await page.js(SHOWN) == 1
        await page.js("document.querySelector('form').reset()")
        await asyncio.sleep(0.1)
        assert await page.js(SHOWN) == 10
        await page.js("(i => { i.value = 'ميتفورمين'; i.dispatchEvent(new Event('input')) })(document.querySelector('[data-search]'))")
        assert await page.js(SHOWN) == 1
        await page.js("document.querySelector('form').reset()")
        await asyncio.sleep(0.1)
        await page.js("[...document.querySelectorAll('[data-cause-button]')].find(b => b.textContent.includes('full width')).click()")
        assert await page.js(SHOWN) == 7
        assert await page.js("document.querySelectorAll('[aria-pressed=true]').length") == 1

    in_browser(tmp_path, steps)


def test_keys_reach_search_and_findings(tmp_path: Path) -> None:
    """Slash goes to the search field, j and k walk, Enter opens."""

    async def steps(page: Page) -> None:
        await page.press("/")
        assert await page.js("document.activeElement.matches('[data-search]')")
        assert await page.js("document.activeElement.value") == ""
        await page.js("document.activeElement.blur()")
        await page.js("document.querySelector('[data-open=no]').click(); document.activeElement.blur()")
        await page.press("j")
        await page.press("j")
        assert await page.js("[...document.querySelectorAll('.finding')].indexOf(document.activeElement.closest('.finding'))") == 1
        await page.press("k")
        await page.press("Enter")
        assert await page.js("document.querySelector('.finding').open")

    in_browser(tmp_path, steps)


def test_differences_keep_the_direction_of_their_script(tmp_path: Path) -> None:
    """Arabic and Hebrew stand from right to left, Japanese from left to right; removed and inserted pieces are there as marked."""

    async def steps(page: Page) -> None:
        await page.js("document.querySelector('[data-open=yes]').click()")
        for language, direction in (("ar", "rtl"), ("he", "rtl"), ("ja", "ltr"), ("hi", "ltr")):
            pre = f"document.querySelector('.finding[data-language={language}] pre')"
            assert await page.js(f"getComputedStyle({pre}).direction") == direction
            assert await page.js(f"{pre}.querySelectorAll('del').length + {pre}.querySelectorAll('ins').length") == 2
        assert await page.js("document.querySelector('.finding[data-language=ar] ins').textContent") == "٥٠٠ ملغ"
        boxes = "[...document.querySelectorAll('.finding[data-language=ar] pre :is(del, ins)')].map(e => e.getBoundingClientRect().left)"
        removed, inserted = await page.js(boxes)
        assert inserted < removed

    in_browser(tmp_path, steps)


def test_light_dark_narrow_and_print(tmp_path: Path) -> None:
    """Colours follow the scheme with enough contrast, nothing is wider than the window, printing shows no controls."""

    async def steps(page: Page) -> None:
        pictures = Path(os.environ.get("ROBUSTGEN_SHOTS") or tmp_path)
        for name, width, dark in (("light", 1100, False), ("dark", 1100, True), ("narrow", 390, False)):
            await page.look(width=width, dark=dark)
            await page.shot(pictures / f"{name}.png")
            assert await page.js("document.documentElement.scrollWidth <= innerWidth"), name
            assert await page.js(CONTRAST) >= 4.5, name
        await page.js(
            "document.querySelector('[data-filter=language]').value = 'ar'; document.querySelector('[data-filter=language]').dispatchEvent(new Event('change'))"
        )
        await page.js("document.querySelector('[data-open=yes]').click(); document.getElementById('findings').scrollIntoView()")
        await page.look(width=900, height=900)
        await page.shot(pictures / "arabic.png")
        await page.js("document.querySelector('form').reset()")
        await page.look(width=1100, height=1500)
        await page.js("document.getElementById('where').scrollIntoView()")
        await page.shot(pictures / "charts.png")
        assert await page.js("[...document.querySelectorAll('svg .axis, svg .line, svg .good')].every(e => getComputedStyle(e).fill === 'none')")
        await page.look(media="print")
        assert await page.js("getComputedStyle(document.querySelector('form')).display") == "none"

    in_browser(tmp_path, steps)


CONTRAST = """(() => {
  const parts = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = parts(c).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b };
  const back = e => {
    const c = e ? getComputedStyle(e).backgroundColor : 'rgb(255, 255, 255)', [r, g, b, a = 1] = parts(c);
    if (a === 1) return c;
    const under = parts(back(e.parentElement));
    return `rgb(${[r, g, b].map((v, i) => v * a + under[i] * (1 - a))})`;
  };
  const page = getComputedStyle(document.body).backgroundColor;
  let worst = 21;
  for (const e of document.querySelectorAll('p, b, li, th, td, del, ins, .dim, .meta, .label, .sev, a, button, summary, caption')) {
    if (!e.textContent.trim()) continue;
    const a = light(getComputedStyle(e).color), b = light(back(e) || page);
    worst = Math.min(worst, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
  }
  return worst;
})()"""


def test_links_reveal_and_nothing_found_is_said(tmp_path: Path) -> None:
    """A regulation's link opens its finding though a filter hid it; a search without result says so and can be cleared; Escape leaves search."""

    async def steps(page: Page) -> None:
        link = "document.querySelector('.duties a')"
        await page.js("document.querySelector('[data-open=no]').click()")
        await page.js("(i => { i.value = 'nothing of the kind'; i.dispatchEvent(new Event('input')) })(document.querySelector('[data-search]'))")
        assert await page.js(SHOWN) == 0
        assert await page.js("document.querySelector('[data-none]').offsetParent !== null")
        await page.js(f"{link}.click()")
        await asyncio.sleep(0.2)
        assert await page.js(SHOWN) == 10
        assert await page.js(f"document.querySelector({link}.hash).open")
        assert await page.js("document.querySelector('[data-none]').offsetParent === null")
        await page.js("(i => { i.focus(); i.value = 'xyz'; i.dispatchEvent(new Event('input')) })(document.querySelector('[data-search]'))")
        await page.press("Escape")
        assert await page.js(SHOWN) == 10
        assert await page.js("document.activeElement === document.body")

    in_browser(tmp_path, steps)


def test_every_control_has_a_name_and_every_id_is_one(tmp_path: Path) -> None:
    """Fields are labelled, pictures have a text, tables a caption, links lead somewhere."""

    async def steps(page: Page) -> None:
        assert await page.js("[...document.querySelectorAll('select:not([hidden]), input')].filter(e => !e.labels.length).length") == 0
        assert await page.js("[...document.querySelectorAll('svg[role=img]')].filter(e => !e.getAttribute('aria-label')).length") == 0
        assert await page.js("[...document.querySelectorAll('table')].filter(e => !e.caption).length") == 0
        assert await page.js("[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1))).length") == 0
        assert await page.js("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size === document.querySelectorAll('[id]').length")

    in_browser(tmp_path, steps)


def test_an_empty_run_is_a_page_too(tmp_path: Path) -> None:
    """No findings, no factors: nothing breaks."""

    async def steps(page: Page) -> None:
        assert "No findings." in await page.js("document.body.textContent")

    in_browser(tmp_path, steps, report_of([], groups=(), cells=(), curves=(), windows=(), duties=(), clusters=()))
