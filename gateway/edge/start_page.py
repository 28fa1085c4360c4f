"""What `qorgan run` prints once it serves: where to go, who is here, and what to try."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from gateway.edge.authority.authority import Authority
from gateway.edge.installation import Installation
from gateway.edge.installation_shape import ListenerShape
from gateway.edge.token_file import TOKEN_FILE

_OF_AGE: Final = "18+"


def start_page(installation: Installation, authority: Authority, answer: Mapping[str, Any]) -> str:
    """A small readable block. `answer` is what the worker said of itself: people and policy revision."""
    shape = installation.shape
    admin = f"http://{_reachable(shape.admin.address)}:{shape.admin.port}"
    people = {name: person for person in answer["people"] for name in person["listeners"]}
    token = _short(installation.data / TOKEN_FILE)
    lines = ["Qorgan is running.", ""]
    for name, listener in installation.listeners.items():
        lines.append(f"  {'proxy ' + name:<14} {_address(listener):<22} {_who(listener, people.get(name), answer)}")
    lines += [
        f"  {'admin':<14} {admin + '/':<22} the token is in {token}",
        f"  {'CA':<14} {admin}/ca.pem",
        f"  {'':<14} SHA-256 {authority.fingerprint()[:47]}",
        f"  {'':<14}         {authority.fingerprint()[48:]}",
        f"  {'policy':<14} {answer['revision'] or 'none: everybody gets an error page until it is mended'}",
    ]
    if shape.demo and people:
        trust = _short(installation.data / "demo" / "try.pem")
        lines += ["", "Try it on the demo site, which this gateway serves itself, on loopback:"]
        for name, listener in installation.listeners.items():
            if name in people:
                lines += ["", *_tries(people[name], _address(listener), shape.demo.port, trust, token, admin)]
    return "\n".join([*lines, "", "Ctrl-C stops it."])


def _who(listener: ListenerShape, person: Mapping[str, Any] | None, answer: Mapping[str, Any]) -> str:
    if listener.login:
        return "whoever logs in"
    if person is not None:
        return f"{person['name']}, {person['age']}"
    return "by their addresses" if answer["people"] else "nobody"


def _tries(person: Mapping[str, Any], proxy: str, port: int, trust: str, token: str, admin: str) -> Iterator[str]:
    """What one person may try: a page that is allowed, one that is not, and why."""
    curl = f"  curl --cacert {trust} -x {proxy.removeprefix('http://')}"
    blocked = "allowed, and passed through unopened" if person["age"] == _OF_AGE else "blocked by its RTA label"
    yield f"  # {person['name']}, {person['age']}: a page without a label, allowed"
    yield f"{curl} https://blog.demo.test:{port}/"
    yield f"  # an adult page, {blocked}"
    yield f"{curl} https://adult.demo.test:{port}/"
    yield "  # and why"
    yield f"  curl --oauth2-bearer $(cat {token}) -G -d as={shlex.quote(person['name'])} \\"
    yield f"    -d url=https://adult.demo.test:{port}/ {admin}/api/v1/explain"


def _address(listener: ListenerShape) -> str:
    return f"http://{_reachable(listener.address)}:{listener.port}"


def _reachable(address: str) -> str:
    """Where a listening address is reached from this machine, as it stands in a URL."""
    if address in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{address}]" if ":" in address else address


def _short(path: Path) -> str:
    """The path for a command line; below the working directory it is shown from there."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
