"""The installation file: where the gateway listens, what it may reach, where it keeps its data.

Every key has a default. A home may keep its policy in the same file: keys that are not the installation's are the
policy's (gateway/policy/draft.py, split_installation).
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from gateway.document.url import canonical_host
from gateway.edge.addon_shape import AddonShape
from gateway.edge.limits_shape import LimitsShape
from gateway.policy.draft import read_shape, split_installation
from gateway.policy.faults import Fault
from gateway.policy.parse import Node, locate, parse
from gateway.policy.shape import Shape
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import shipped
from gateway.store.files import read_policy_files, with_named

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


DEMO_FILE: Final = "demo/qorgan.yaml"
DEMO_ADDRESS: Final = "127.0.0.1"
_ONE_LISTENER: Final[Mapping[str, ListenerShape]] = {"home": ListenerShape(port=8080)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A checked installation file, with its paths made whole."""

    file: Path
    data: Path
    shape: InstallationShape
    policy_files: tuple[Path, ...]  # the file itself, for the policy that may stand in it, then those it names

    @property
    def listeners(self) -> Mapping[str, ListenerShape]:
        return self.shape.listeners or _ONE_LISTENER

    @property
    def blocked_by(self) -> str:
        """The address of whoever restricts (RFC 7725, section 4)."""
        admin = self.shape.admin
        host = f"[{admin.address}]" if ":" in admin.address else admin.address
        return self.shape.blocked_by or f"http://{host}:{admin.port}/"

    @property
    def upstream_ca(self) -> tuple[Path, ...]:
        """Authorities that are trusted besides the public ones."""
        beside = self.file.absolute().parent
        named = tuple(beside / Path(name).expanduser() for name in self.shape.network.upstream_ca)
        return (*named, self.data / "demo" / "demo-ca.pem") if self.shape.demo else named

    @property
    def allow_private(self) -> frozenset[tuple[str, int]]:
        return frozenset(endpoint_of(text) for text in self.shape.network.allow_private)


def read_installation(file: Path | None, data: Path | None = None) -> Installation:
    """The installation that `file` describes, or the demo's without one; `data` overrules its data directory.

    Raises ProblemsFound.
    """
    file = file or shipped("policies") / DEMO_FILE
    if file.is_dir():
        raise ProblemsFound([Problem(str(file), 1, 1, "this is a folder", "name the installation file in it")])
    text = read_policy_files([file])[str(file)]
    problems: list[Problem] = []
    root = parse(text, str(file))
    if root.value is not None and not isinstance(root.value, Mapping):
        problems.append(Problem(str(file), root.line, root.column, "this must be a group of keys, each with its value"))
    shape = _shape_of(root, str(file), problems)
    if shape is None or problems:
        raise ProblemsFound(problems)
    beside = file.absolute().parent
    chosen = data or (beside / Path(shape.data).expanduser() if shape.data else default_data_directory())
    return Installation(
        file=file, data=chosen.absolute(), shape=shape, policy_files=with_named([file, *_policies(file, shape)])
    )


def check_shape(node: Node, file: str) -> list[Problem]:
    """The problems of the installation's keys in a file that may hold a policy too."""
    problems: list[Problem] = []
    _shape_of(node, file, problems)
    return problems


def policies_named_in(file: str, text: str) -> tuple[Path, ...]:
    """The policy files and folders that an installation file names; none when its keys are faulty."""
    try:
        shape = _shape_of(parse(text, file), file, [])
    except ProblemsFound:
        return ()
    return _policies(Path(file), shape) if shape is not None else ()


def _policies(file: Path, shape: InstallationShape) -> tuple[Path, ...]:
    return tuple(file.parent / Path(name).expanduser() for name in shape.policy)


def _shape_of(node: Node, file: str, problems: list[Problem]) -> InstallationShape | None:
    own, _ = split_installation(node)
    shape = read_shape(InstallationShape, own, file, problems)
    if shape is not None:
        problems += _ports_given_twice(own, shape, file)
        problems += _more_for_one_than_for_all(own, shape, file)
    return shape


def _ports_given_twice(own: Node, shape: InstallationShape, file: str) -> Iterator[Problem]:
    """Two sockets of one address cannot have one port."""
    taken = {(shape.admin.address, shape.admin.port): "admin"}
    wanted: list[tuple[tuple[str, ...], str, int]] = []
    if shape.demo:
        wanted.append((("demo",), DEMO_ADDRESS, shape.demo.port))
    wanted += [(("listeners", name), each.address, each.port) for name, each in shape.listeners.items()]
    for path, address, port in wanted:
        before = taken.setdefault((address, port), path[-1])
        if before != path[-1]:
            line, column = locate(own, (*path, "port"))
            yield Problem(file, line, column, f"{before} listens on {address}:{port} already", "choose another port")


def _more_for_one_than_for_all(own: Node, shape: InstallationShape, file: str) -> Iterator[Problem]:
    """A limit for one that is above the limit for all would never be reached."""
    limits = shape.limits
    for one, in_all in (("hold_bytes", "hold_bytes_in_all"), ("client_connections", "connections")):
        least = getattr(limits, one)
        if least > getattr(limits, in_all):
            path = next(("limits", key) for key in (one, in_all) if key in limits.model_fields_set)
            line, column = locate(own, (path[0], path[1].replace("_", "-")))
            name, above = one.replace("_", "-"), in_all.replace("_", "-")
            yield Problem(file, line, column, f"{name} is {least}, above {above}", f"{above} must be at least as much")


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


def default_data_directory() -> Path:
    """Where data lies without a word about it: the user's data folder (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "qorgan"
