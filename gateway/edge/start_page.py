"""What `qorgan run` prints once it serves: where to go, who is here, and what to try."""

from collections.abc import Mapping
from typing import Any

from gateway.edge.authority.authority import Authority
from gateway.edge.installation import Installation


def start_page(installation: Installation, authority: Authority, answer: Mapping[str, Any]) -> str:
    """A small readable block. `answer` is what the worker said of itself: people, policy revision, problems."""
    admin = installation.shape.admin
    where = f"http://{_shown(admin.address)}:{admin.port}"
    lines = ["Qorgan is running.", ""]
    people = _people_by_listener(answer)
    for name, listener in installation.listeners.items():
        lines.append(
            f"  proxy {name:8} http://{_shown(listener.address)}:{listener.port}   {people.get(name, 'nobody')}"
        )
    lines += [
        f"  admin          {where}/   (token: {installation.data / 'admin-token'})",
        f"  CA download    {where}/ca.pem   SHA-256 {authority.fingerprint()[:23]}…  (qorgan ca)",
        f"  policy         {answer['revision'] or 'none: everybody gets an error page until it is mended'}",
    ]
    if installation.shape.demo:
        lines += ["", *_tries(installation, where, people)]
    return "\n".join([*lines, "", "Ctrl-C stops it."])


def _people_by_listener(answer: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for person in answer["people"]:
        for name in person["listeners"]:
            found[name] = f"{person['name']}, {person['age']}"
    return found


def _tries(installation: Installation, where: str, people: Mapping[str, str]) -> list[str]:
    """One line each for an allow, a block and an explanation, for each demo person."""
    assert installation.shape.demo is not None
    port, trust = installation.shape.demo.port, installation.data / "demo" / "try.pem"
    lines = ["Try it (the demo site is on loopback; each line says what you will see):"]
    for name, listener in installation.listeners.items():
        if name not in people:
            continue
        person = people[name].partition(",")[0]
        curl = f"curl --cacert {trust} --proxy http://{_shown(listener.address)}:{listener.port}"
        token = f'curl -H "Authorization: Bearer $(cat {installation.data / "admin-token"})"'
        is_adult = people[name].endswith("18+")
        last = (
            "allowed: an adult's connections are passed through unopened"
            if is_adult
            else "451: blocked, label and article shown"
        )
        lines += [
            "",
            f"  # {people[name]}",
            f"  {curl} https://blog.demo.test:{port}/    # allowed: no label",
            f"  {curl} https://adult.demo.test:{port}/   # {last}",
            f"  {token} '{where}/api/v1/explain?as={person}&url=https://adult.demo.test:{port}/'",
        ]
    return lines


def _shown(address: str) -> str:
    if address in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{address}]" if ":" in address else address
