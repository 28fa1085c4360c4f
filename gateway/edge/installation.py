"""The installation file: where the gateway listens, what it may reach, where it keeps its data.

Every key has a default. A home may keep its policy in the same file: keys that are not the installation's are the
policy's (gateway/policy/draft.py, split_installation).
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.edge.installation_shape import InstallationShape, ListenerShape, endpoint_of
from gateway.policy.draft import read_shape, split_installation
from gateway.policy.parse import Node, locate, parse
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import shipped
from gateway.store.files import read_policy_files, with_named

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


def default_data_directory() -> Path:
    """Where data lies without a word about it: the user's data folder (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "qorgan"
