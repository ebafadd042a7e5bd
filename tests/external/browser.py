"""A headless Chromium driven over its DevTools protocol: what a test needs to open a file, press, read, and see every request."""

from __future__ import annotations

import asyncio
import base64
import itertools
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

__all__ = ["Page", "chromium", "opened"]


def chromium() -> str:
    """Return the browser's program, empty when there is none."""
    return next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), "")


class Page:
    """One tab: commands by name, and what happened meanwhile."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, session: str) -> None:
        """``session`` is the tab's."""
        self._socket, self._session, self._numbers = socket, session, itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.messages: list[str] = []
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.loaded = asyncio.Event()
        self.reader = asyncio.ensure_future(self._read())

    async def call(self, method: str, *, tab: bool = True, **params: Any) -> dict[str, Any]:
        """Send one command and return its result; raises ``RuntimeError`` with the browser's words when it refuses."""
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params, **({"sessionId": self._session} if tab else {})})
        answer = await asyncio.wait_for(future, 60)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        made: dict[str, Any] = answer["result"]
        return made

    async def _read(self) -> None:
        async for message in self._socket:
            body = message.json()
            if "id" in body:
                self._waiting.pop(body["id"]).set_result(body)
                continue
            params = body.get("params", {})
            match body["method"]:
                case "Network.requestWillBeSent":
                    self.requests.append(params["request"]["url"])
                case "Runtime.consoleAPICalled":
                    self.messages.append(f"{params['type']}: {params['args']}")
                case "Runtime.exceptionThrown":
                    self.messages.append(str(params["exceptionDetails"].get("text")))
                case "Log.entryAdded":
                    self.messages.append(params["entry"]["text"])
                case "Page.javascriptDialogOpening":
                    self.dialogs.append(params["message"])
                case "Page.loadEventFired":
                    self.loaded.set()

    async def goto(self, file: Path) -> None:
        """Open a file and wait until it is loaded."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        self.loaded.clear()
        await self.call("Page.navigate", url=file.resolve().as_uri())
        await asyncio.wait_for(self.loaded.wait(), 60)

    async def js(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        made = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in made:
            raise RuntimeError(str(made["exceptionDetails"]))
        return made["result"].get("value")

    async def press(self, key: str) -> None:
        """Press and release one key."""
        text = key if len(key) == 1 else {"Enter": "\r"}.get(key, "")
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def look(self, *, width: int = 1100, height: int = 1400, dark: bool = False, media: str = "") -> None:
        """Set the size of the window and the colour scheme or medium."""
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        await self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    async def shot(self, file: Path) -> None:
        """Write a picture of the window."""
        made = await self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(made["data"]))


@asynccontextmanager
async def opened(extra: Sequence[str] = ()) -> AsyncIterator[Page]:
    """Start a browser with a profile of its own, hand over one tab, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
        ]
        process = await asyncio.create_subprocess_exec(
            chromium(), *flags, *extra, "about:blank", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            port, path = await _door(Path(profile) / "DevToolsActivePort")
            async with aiohttp.ClientSession() as http, http.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0) as socket:
                page = Page(socket, "")
                target = await page.call("Target.createTarget", tab=False, url="about:blank")
                attached = await page.call("Target.attachToTarget", tab=False, targetId=target["targetId"], flatten=True)
                page._session = attached["sessionId"]
                yield page
                page.reader.cancel()
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def _door(file: Path) -> tuple[str, str]:
    for _ in range(300):
        if file.is_file() and len(lines := file.read_text().split()) == 2:
            return lines[0], lines[1]
        await asyncio.sleep(0.1)
    raise RuntimeError("the browser did not open its debugging port within 30 s")
