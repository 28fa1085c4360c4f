"""A verb for a guardian: grant."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.cli.running import Config, Data, running
from gateway.cli.verb import cli
from gateway.edge.streams import say


@cli.command()
def grant(
    name: Annotated[str | None, typer.Argument(help="a person or a group of the policy")] = None,
    minutes: Annotated[int | None, typer.Option(help="give so many minutes more, today")] = None,
    host: Annotated[str | None, typer.Option(help="open this host, with all below it")] = None,
    path: Annotated[str | None, typer.Option(help="only this path of the host")] = None,
    until: Annotated[str | None, typer.Option(help="until when, e.g. 2026-12-01T20:00; else until midnight")] = None,
    by: Annotated[str | None, typer.Option(help="who gives it; needed when the policy has several adults")] = None,
    listed: Annotated[bool, typer.Option("--list", help="list the grants that hold")] = False,
    revoke: Annotated[str | None, typer.Option(metavar="ID", help="take a grant back")] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Give more minutes or open a host for a while, at the running gateway. With a NAME alone: what time they have."""
    asked = {"minutes": minutes, "host": host, "path": path, "until": until, "by": by}
    gives = any(value is not None for value in asked.values())
    if (listed + (revoke is not None) + (name is not None)) != 1 or (gives and name is None):
        say("write one of: grant NAME --minutes 30, grant NAME --host example.kz, grant NAME, --list, --revoke ID")
        raise typer.Exit(2)
    with running(config, data) as client:
        if revoke is not None:
            print("revoked:", _told(client.revoke(revoke)))
        elif listed:
            for each in client.grants():
                print(_told(each))
        elif gives:
            wanted = {key: value for key, value in asked.items() if value is not None}
            for each in client.give({"for": name, **wanted}):
                print(_told(each))
        else:
            for line in _time_told(client.time_of(str(name))):
                print(line)


def _told(grant: Mapping[str, Any]) -> str:
    """A grant on one line, its id first."""
    what = f"{grant['minutes']} minutes more" if grant["minutes"] else f"{grant['host']}{grant['path'] or ''}"
    start = f"; closed hours open at {grant['since']}" if grant["since"] else ""
    return f"{grant['id']}  {', '.join(grant['for'])}: {what}, until {grant['until']}{start}; by {grant['by']}"


def _time_told(time: Mapping[str, Any]) -> list[str]:
    """What time somebody has, in lines."""
    blocked, lines = time["blocked"], []
    if blocked is None:
        soon = f"; {time['flags'][0]} at {time['until']}" if time["flags"] else ""
        lines.append(f"{time['person']}: open{soon}")
    else:
        until = f"until {blocked['until']}" if blocked["until"] else "for ever"
        lines.append(f"{time['person']}: blocked {until} ({blocked['reason']}, {blocked['rule']}, {blocked['where']})")
    lines += [
        f"  {limit['of']}: {limit['left']} minutes left; {limit['used']} used, {limit['minutes']} a day "
        f"({limit['rule']}, {limit['where']})"
        for limit in time["limits"]
    ]
    return lines
