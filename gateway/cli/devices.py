"""Verbs for devices with the browser add-on: pair, devices, asks."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.verb import cli, problems_told
from gateway.edge.streams import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.edge.control_client import ControlClient

_Config = Annotated[Path | None, typer.Option(help="installation file; without it the demo's")]
_Data = Annotated[Path | None, typer.Option(help="data directory (overrides the file)")]


@cli.command()
def pair(
    person: Annotated[str, typer.Argument(help="whose device it is, by the name in the policy")],
    enrol: Annotated[
        bool, typer.Option("--enrol", help="a token for many devices, for a school's managed storage")
    ] = False,
    days: Annotated[
        int | None, typer.Option(min=1, max=400, help="with --enrol: how long it holds; else a year")
    ] = None,
    url: Annotated[bool, typer.Option("--url", help="print the address alone, and no QR code")] = False,
    config: _Config = None,
    data: _Data = None,
) -> None:
    """Make a code by which a browser becomes a device of somebody; it is used once, within ten minutes."""
    if (days is not None and not enrol) or (url and enrol):
        say("--days belongs to --enrol, and an enrolment has no --url: it goes into managed storage")
        raise typer.Exit(2)
    offer = _asked(config, data, lambda client: client.pair(person, (days or 365) if enrol else None))
    if enrol:
        print(f'{{"gateway": "{offer["gateway"]}", "enrolment": "{offer["code"]}"}}')
        say(
            f"for managed storage of the browsers of {offer['person']}, until {_local(offer['until'])}; shown this once"
        )
    elif url:
        print(offer["url"])
    else:
        _show_code(offer)
        say(f"the add-on's settings must then show the key {_thumbprint(config, data)}")
    if offer["note"]:
        say(offer["note"])


@cli.command()
def devices(
    revoke: Annotated[
        str | None,
        typer.Option(metavar="ID", help="take the token of a device back, or end an enrolment: it pairs nothing more"),
    ] = None,
    config: _Config = None,
    data: _Data = None,
) -> None:
    """List the devices that were paired, and when their add-ons were last heard."""
    if revoke is not None:
        revoked = _asked(config, data, lambda client: client.revoke_device(revoke))
        print("revoked:", revoked["revoked"])
        if revoked["again_by"] is not None:
            say(_again_told(revoked["again_by"]))
        return
    known = _asked(config, data, lambda client: client.devices())
    for each in known["devices"]:
        print(_device_told(each))
    for each in known["enrolments"]:
        print(f"{each['id']}  {each['person']}: an enrolment token, until {_local(each['until'])}")
    if not known["devices"] and not known["enrolments"]:
        say("no device is paired: qorgan pair PERSON")


@cli.command()
def asks(
    refuse: Annotated[str | None, typer.Option(metavar="ID", help="answer with no")] = None,
    config: _Config = None,
    data: _Data = None,
) -> None:
    """List what people ask to have opened. `qorgan grant PERSON --host HOST` says yes."""
    if refuse is not None:
        print("refused:", _ask_told(_asked(config, data, lambda client: client.refuse(refuse))))
        return
    for each in _asked(config, data, lambda client: client.asks()):
        print(_ask_told(each))


def _asked(config: Path | None, data: Path | None, ask: "Callable[[ControlClient], Any]") -> Any:
    """What the running gateway answers; says why not, and ends, when it does not."""
    from gateway.edge.control_client import ControlClient, NoGateway, NotDone
    from gateway.edge.installation import read_installation

    with problems_told():
        client = ControlClient(read_installation(config, data))
    try:
        return ask(client)
    except (NoGateway, NotDone) as fault:
        say(str(fault))
        raise typer.Exit(1) from None


def _show_code(offer: Mapping[str, Any]) -> None:
    import segno

    print(f"{offer['code']}   for a browser of {offer['person']}, once, until {_local(offer['until'])}")
    print(offer["url"])
    segno.make(offer["url"], error="m").terminal(compact=True)


def _thumbprint(config: Path | None, data: Path | None) -> str:
    """The key that devices pin, by which people tell that nobody stood between."""
    from gateway.edge.bundle_key import BundleKey
    from gateway.edge.installation import read_installation
    from gateway.store.fault import DataFault

    try:
        return BundleKey.of(read_installation(config, data).data).thumbprint
    except DataFault as fault:
        say(str(fault))
        raise typer.Exit(1) from None


def _local(moment: str) -> str:
    """A moment by this machine's clock, to the minute."""
    return datetime.fromisoformat(moment).astimezone().isoformat(" ", "minutes")


def _device_told(device: Mapping[str, Any]) -> str:
    """A device on one line, its id first."""
    told = device["told"] or {}
    heard = f"heard {_local(device['seen'])}" if device["seen"] else "not heard yet"
    state = f", {told['state']}" if told.get("state") else ""
    silent = "; add-on silent" if device["silent"] else ""
    about = ", ".join(part for part in (device["browser"], f"add-on {device['version']}") if part)
    enrolment = f", by enrolment {device['enrolment']}" if device["enrolment"] else ""
    return f"{device['id']}  {device['person']}: {device['name']} ({about}){enrolment}, {heard}{state}{silent}"


def _again_told(enrolment: Mapping[str, Any]) -> str:
    """That a revoked device is not gone for good, and what to do."""
    return (
        f"this will not last: a policy pairs that browser again, within minutes, by the enrolment {enrolment['id']} of "
        f"{enrolment['person']}, which holds until {_local(enrolment['until'])}\n"
        "take the policy off that machine, or end the enrolment; then revoke what `qorgan devices` shows of it again:\n"
        f"  qorgan devices --revoke {enrolment['id']}\n"
        "other devices by it stay; browsers that are new need another enrolment then"
    )


def _ask_told(ask: Mapping[str, Any]) -> str:
    reason = f" ({ask['reason']})" if ask["reason"] else ""
    return f"{ask['id']}  {ask['person']} asks for {ask['host']}{reason}, {_local(ask['asked'])}"
