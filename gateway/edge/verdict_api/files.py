"""The add-on for browsers that fetch it from here, as `qorgan addon build` has put it into the data directory."""

import asyncio
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aiohttp import web

from gateway.edge.control_api.problem import Refused

LARGEST: Final = 32 << 20  # bytes
_FOLDER: Final = "addon"
# Browsers install what has these types, and nothing else.
TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "update.xml": "application/xml",
        "qorgan.crx": "application/x-chrome-extension",
        "updates.json": "application/json",
        "qorgan.xpi": "application/x-xpinstall",
    }
)


class AddonFiles:
    """`data` is the data directory. Files are read anew each time: a build takes their place while we run."""

    def __init__(self, data: Path) -> None:
        self._folder = data / _FOLDER

    async def response(self, name: str) -> web.Response:
        """The file, one of TYPES. Raises Refused when it was not built."""
        content = await asyncio.to_thread(_read, self._folder / name)
        if content is None:
            raise Refused(404, "the add-on was not built here: qorgan addon build puts it into addon/ beside the data")
        return web.Response(body=content, headers={"Content-Type": TYPES[name]})


def _read(path: Path) -> bytes | None:
    """A plain file, no link to another place, and of a size that an add-on has."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        return file.read() if stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST else None
