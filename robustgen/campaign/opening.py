"""Opening a target by address: one endpoint, or several regions of one model that share the requests in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from robustgen.core.case import Case
from robustgen.core.plugins import TARGETS, Target
from robustgen.core.verdict import Response
from robustgen.errors import ConfigError
from robustgen.targets._mapping import Mapped

__all__ = ["Regional", "open_target"]


class Regional:
    """Several endpoints of one model; requests go round, and each response says where it came from."""

    def __init__(self, regions: Sequence[tuple[str, Target]]) -> None:
        """``regions`` are names and open targets."""
        self._regions, self._turn = list(regions), 0
        self.can = frozenset.intersection(*(t.can for _, t in regions))
        self.sockets = max(getattr(t, "sockets", 0) for _, t in regions)
        self.secrets = frozenset(s for _, t in regions for s in getattr(t, "secrets", ()))
        self.answers = getattr(regions[0][1], "answers", None)

    def __repr__(self) -> str:
        """Show the names only."""
        return f"Regional({[name for name, _ in self._regions]})"

    async def __call__(self, case: Case) -> Response:
        """Ask the next region."""
        name, target = self._regions[self._turn % len(self._regions)]
        self._turn += 1
        return msgspec.structs.replace(await target(case), region=name)

    async def close(self) -> None:
        """Close all."""
        for _, target in self._regions:
            await target.close()


async def open_target(address: str, options: Mapping[str, Any]) -> Target:
    """Open a target by address; raises ``UnknownName`` with the nearest schemes, ``ConfigError`` for a region without name."""
    answer = options.get("answer") or {}
    target = await _opened(address, options)
    return Mapped(target, answer) if answer else target


async def _opened(address: str, options: Mapping[str, Any]) -> Target:
    scheme, _, rest = address.partition(":")
    spec = TARGETS.get(scheme)
    regions = options.get("region") or ()
    if not regions:
        return await spec.open(rest, options)
    plain = {k: v for k, v in options.items() if k != "region"}
    opened: list[tuple[str, Target]] = []
    for region in regions:
        name = str(region.get("name") or "")
        if not name or name in dict(opened):
            raise ConfigError(f"[[target.region]]: {'two are named ' + repr(name) if name else 'one has no name'}", mend='write name = "eu-west"')
        opened.append((name, await spec.open(rest, {**plain, **{k: v for k, v in region.items() if k != "name"}})))
    return Regional(opened)
