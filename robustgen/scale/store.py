"""Object stores by address (``s3://``, ``gs://``, ``memory://`` ...): a data set is built aside and sent when it is whole, its manifest last."""

from __future__ import annotations

import json
import shutil
from hashlib import blake2b
from pathlib import Path
from typing import Any

from robustgen.errors import MissingExtra, UsageError

__all__ = ["Store", "is_address"]

MANIFEST, SENDING = "manifest.json", ".robustgen-sending"
"""What says that a data set is there, and what says that one is on its way."""
ASIDE = Path(".robustgen", "export")
WHICH = "s3:// wants s3fs, gs:// gcsfs, abfs:// adlfs, each to be installed beside fsspec"


def is_address(text: str) -> bool:
    """Tell whether a place is an address and no folder."""
    return "://" in text


class Store:
    """A folder of an object store."""

    def __init__(self, address: str) -> None:
        """Find what speaks the protocol; raises ``MissingExtra`` or ``UsageError``."""
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise MissingExtra(f"the address {shown(address)}", "store") from None
        self.address = shown(address)
        try:
            self._fs, root = url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{self.address}: {error}", mend=WHICH) from None
        except Exception as error:  # every store has errors of its own, which may hold what is secret: only their kind is told
            raise self._refused(error) from None
        self._root = str(root).rstrip("/")
        self.aside = ASIDE / blake2b(address.encode(), digest_size=8).hexdigest()
        """Where the data set is built, the same folder for the same address, so that an export can go on."""

    def ready(self) -> None:
        """Raise ``UsageError`` where the store cannot be reached or holds something that is no data set of ours."""
        try:
            there = [n for n in self._fs.ls(self._root, detail=False) if str(n).rstrip("/") != self._root] if self._fs.exists(self._root) else []
            ours = not there or self._fs.exists(self._at(MANIFEST)) or self._fs.exists(self._at(SENDING))
        except Exception as error:  # as above
            raise self._refused(error) from None
        if not ours:
            raise UsageError(f"{self.address}: holds files that are no data set of ours", mend="name a new or empty place with -o")

    def send(self) -> None:
        """Replace what is there by the data set that was built aside, the manifest last; a reader that finds a manifest finds all it lists."""
        names = sorted(str(f.relative_to(self.aside)) for f in self.aside.rglob("*") if f.is_file() and f.name != MANIFEST)
        try:
            older = self._listed(MANIFEST) | self._listed(SENDING)
            self._folder_of(SENDING)
            self._fs.pipe_file(self._at(SENDING), json.dumps({"beside": sorted({*names, *older})}).encode())
            self._removed({MANIFEST, *(older - set(names))})
            for name in [*names, MANIFEST]:
                self._folder_of(name)
                self._fs.put_file(str(self.aside / name), self._at(name))
            self._removed({SENDING})
        except Exception as error:  # as above
            raise self._refused(error, f"the data set stays in {self.aside}; the same command with --resume sends it again") from None
        shutil.rmtree(self.aside)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _folder_of(self, name: str) -> None:
        """Make the folder of a file where the store is a file system, which does not make it by itself."""
        spoken = self._fs.protocol
        if "file" in ((spoken,) if isinstance(spoken, str) else spoken):
            self._fs.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)

    def _listed(self, name: str) -> set[str]:
        """Return what a manifest lists, nothing where there is none."""
        if not self._fs.exists(self._at(name)):
            return set()
        body: dict[str, Any] = json.loads(self._fs.cat_file(self._at(name)))
        found = {*(str(f["path"]) for f in body.get("files", [])), *(str(n) for n in body.get("beside", []))}
        return {n for n in found if ".." not in Path(n).parts and not n.startswith("/")}

    def _removed(self, names: set[str]) -> None:
        for name in sorted(names):
            if self._fs.exists(self._at(name)):
                self._fs.rm_file(self._at(name))

    def _refused(self, error: Exception, mend: str = "check the address and the access that the environment gives") -> UsageError:
        return UsageError(f"{self.address}: {type(error).__name__} from the store", mend=mend)


def shown(address: str) -> str:
    """Return an address without what may be secret: user, password, query."""
    protocol, _, rest = address.partition("://")
    host, slash, path = rest.partition("?")[0].partition("/")
    return f"{protocol}://{host.rpartition('@')[2]}{slash}{path}"
