"""`qorgan explain`: one page, one person, one verdict, without a running gateway."""

import asyncio
from datetime import datetime
from pathlib import Path

from gateway.document.url import Url, canonical
from gateway.edge.assembly import build_probe
from gateway.edge.explanation import explain_page
from gateway.edge.installation import Installation, read_installation
from gateway.edge.memory import Amnesia
from gateway.edge.ruling import build_ruling


def explain_url(url: str, person: str, config: Path | None, data: Path | None, moment: datetime) -> str:
    """The explanation for a terminal. Raises ProblemsFound, LookupError (nobody of that name), ValueError (no URL)."""
    return asyncio.run(_explain(canonical(url), person, read_installation(config, data), moment))


async def _explain(url: Url, person: str, installation: Installation, moment: datetime) -> str:
    ruling = build_ruling(installation)
    probe = build_probe(installation, Amnesia("not opened"))
    try:
        return (await explain_page(ruling, probe, url, person, moment)).text
    finally:
        if probe is not None:
            await probe.close()
