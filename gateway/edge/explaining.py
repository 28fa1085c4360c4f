"""`qorgan explain`: one page, one person, one verdict, without a running gateway."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from gateway.document.url import Url, canonical
from gateway.edge.explanation import Explanation, explain_page, person_called
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation, read_installation
from gateway.edge.lists.trial import compile_for_once
from gateway.edge.memory import Amnesia
from gateway.edge.probing import build_probe
from gateway.edge.ruling import build_ruling
from gateway.edge.run import CannotRun
from gateway.store.fault import DataFault


def explain_url(url: str, person: str, config: Path | None, data: Path | None, moment: datetime) -> Explanation:
    """The verdict and its explanation for a terminal. `moment` is aware.

    Raises ProblemsFound, CannotRun, LookupError (nobody of that name), ValueError (no URL).
    """
    return asyncio.run(_explain(canonical(url), person, read_installation(config, data), moment))


def with_lists(ruling: Ruling) -> Ruling:
    """Where no gateway has compiled the lists yet, those that are files are compiled for this once.

    Raises ProblemsFound.
    """
    if ruling.hosts.listed is not None:
        return ruling
    return replace(ruling, hosts=replace(ruling.hosts, listed=compile_for_once(ruling.policy.lists)))


async def _explain(url: Url, person: str, installation: Installation, moment: datetime) -> Explanation:
    ruling = with_lists(build_ruling(installation))
    person_called(person, ruling.policy)
    try:
        probe = build_probe(installation, Amnesia("not opened").hosts)
    except DataFault as fault:
        raise CannotRun(f"{fault}; start the gateway once (qorgan run), or name its data directory (--data)") from fault
    try:
        return await explain_page(ruling, probe, url, person, moment)
    finally:
        if probe is not None:
            await probe.close()
