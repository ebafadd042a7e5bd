"""``replay:RUN``: the answers that a run got, from its ledger; nothing is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import LedgerError
from robustgen.targets._base import CallTarget, failure

__all__ = ["open_replay"]


@target()
async def open_replay(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a run by its folder, or by its name below ``runs`` (default ``.robustgen/runs``)."""
    folders = [Path(rest), Path(str(options.get("runs") or ".robustgen/runs")) / rest]
    file = next((f / "ledger.sqlite" for f in folders if (f / "ledger.sqlite").is_file()), None)
    if file is None:
        raise LedgerError(f"there is no run '{rest}'", mend="name a run's folder")
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
            rows = db.execute("SELECT key, body FROM records WHERE kind = 'answered' AND body IS NOT NULL").fetchall()
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"{file}: damaged or no ledger: {error}") from None
    known = {str(key).partition("/")[0]: msgspec.json.decode(body, type=Response) for key, body in rows}

    async def answer(case: Case) -> Response:
        return known.get(case.id) or failure("not_recorded", "the run did not ask this case")

    return CallTarget(answer, name=f"replay:{rest}")
