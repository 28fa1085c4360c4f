"""The keys of the installation file, and what each of them may hold."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from gateway.document.url import canonical_host
from gateway.edge.addon_shape import AddonShape
from gateway.edge.limits_shape import LimitsShape
from gateway.policy.faults import Fault
from gateway.policy.shape import Shape

_NAME: Final = re.compile("[a-z0-9][a-z0-9-]{0,31}")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise Fault(f"{text!r} cannot name a listener", "1 to 32 letters a-z, digits and hyphens, no hyphen first")
    return text


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise Fault(f"{text!r} is no IP address", "write it like 127.0.0.1") from None


def _path(text: str) -> str:
    try:
        Path(text).expanduser()
    except RuntimeError:
        raise Fault(f"{text!r} begins with a user whom this machine does not know", "write the whole path") from None
    if "\0" in text:
        raise Fault("no path has the character U+0000")
    return text


def _endpoint(text: str) -> str:
    endpoint_of(text)
    return text


def _host(text: str) -> str:
    try:
        return canonical_host(text)
    except ValueError as fault:
        raise Fault(f"{text!r} is no host name: {fault}") from None


def _password_hash(text: str) -> str:
    from gateway.edge.passwords import is_hash  # most files have no logins, and argon2 is slow to load

    if not is_hash(text):
        raise Fault("this is no password hash", "qorgan password makes one; never write the password itself")
    return text


def endpoint_of(text: str) -> tuple[str, int]:
    """`127.0.0.1:8443` or `[::1]:8443` as (address, port). Raises Fault with a sentence."""
    address, _, port = text.rpartition(":")
    try:
        number = int(port)
        found = str(ip_address(address.removeprefix("[").removesuffix("]")))
    except ValueError:
        raise Fault(f"{text!r} is not `address:port`", "write it like 127.0.0.1:8443 or [::1]:8443") from None
    if not 1 <= number <= 65535:
        raise Fault(f"{number} is no TCP port", "from 1 to 65535")
    return found, number


Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, AfterValidator(_name)]
Address = Annotated[str, AfterValidator(_address)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
FilePath = Annotated[str, AfterValidator(_path)]
Host = Annotated[str, AfterValidator(_host)]
PasswordHash = Annotated[str, AfterValidator(_password_hash)]


class ListenerShape(Shape):
    """A proxy port. The policy says who comes through it, by the listener's name."""

    address: Address = Field("127.0.0.1", description="address to listen on; 0.0.0.0 for all of the machine")
    port: Port = Field(description="TCP port")
    login: bool = Field(False, description="ask for a name and password; `logins` has them")


class AdminShape(Shape):
    """Where the control API and the CA download listen."""

    address: Address = Field("127.0.0.1", description="address to listen on")
    port: Port = Field(8088, description="TCP port")


class NetworkShape(Shape):
    """What the gateway may reach."""

    hosts: dict[Host, Address] = Field(default_factory=dict, description="fixed names: host name to IP address")
    allow_private: list[Endpoint] = Field(
        default_factory=list, description="`address:port` of private destinations that may be reached; none otherwise"
    )
    connect_ports: list[Port] = Field([80, 443], description="ports that a client may ask for")
    upstream_ca: list[FilePath] = Field(
        default_factory=list, description="PEM files of more authorities to trust upstream, e.g. a school's own servers"
    )


class ProbeShape(Shape):
    """Whether and how long the gateway visits sites to read their labels."""

    enabled: bool = Field(True, description="visit a site's front page and label files when a page carries no label")
    seconds: float = Field(8.0, gt=0, le=30, description="time limit of one visit, in seconds")


class RetentionShape(Shape):
    """How long the journal is kept."""

    journal_days: int = Field(7, ge=0, le=365, description="days; 0 keeps nothing")
    like: Literal["home", "school", "library", "isp"] = Field(
        "home", description="how much is kept of one entry: a person and a minute, an hour, or counts only"
    )
    hosts: bool = Field(False, description="keep the names of blocked hosts too; tell the children when you do")


class DemoShape(Shape):
    """The demo site on loopback; absent: no demo."""

    port: Port = Field(8443, description="TCP port on 127.0.0.1")


class InstallationShape(Shape):
    """The installation file's own keys."""

    data: FilePath | None = Field(None, description="data directory; by default `qorgan` in the user's data folder")
    listeners: dict[Name, ListenerShape] = Field(default_factory=dict, description="proxy ports by name")
    workers: int | None = Field(
        None,
        ge=1,
        le=64,
        description="processes that share the proxy ports; one a core by default",
    )
    admin: AdminShape = AdminShape()
    network: NetworkShape = NetworkShape()
    probe: ProbeShape = ProbeShape()
    addon: AddonShape = AddonShape()
    retention: RetentionShape = RetentionShape()
    limits: LimitsShape = LimitsShape()
    demo: DemoShape | None = Field(None, description="serve the demo site")
    logins: dict[str, PasswordHash] = Field(
        default_factory=dict, description="names and password hashes (qorgan password) for listeners with login: true"
    )
    blocked_by: str | None = Field(
        None, description="address of whoever restricts, for people to ask; by default the admin address"
    )
    policy: list[FilePath] = Field(default_factory=list, description="policy files or folders, relative to this file")
