"""`qorgan run`: reads the installation, makes the CA, binds the ports, and keeps processes alive on them."""

import contextlib
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gateway.edge.authority.authority import Authority, ensure
from gateway.edge.authority.upstream_trust import upstream_trust_bundle
from gateway.edge.installation import DEMO_ADDRESS, Installation, read_installation
from gateway.edge.link.address import name_of, open_address
from gateway.edge.start_page import start_page
from gateway.edge.supervisor import Supervisor
from gateway.edge.workers import ADMIN, DEMO, CannotListen, Place, bind, cores, places_of
from gateway.problems import ProblemsFound
from gateway.store.fault import DataFault

Say = Callable[[str], None]

_TRIAL_SECONDS: Final = 120.0


class CannotRun(Exception):  # noqa: N818 - reads as a sentence
    """The installation cannot run; the text says why and what to do."""


def run_installation(config: Path | None, data: Path | None, say: Say, show: Say) -> int:
    """Runs until Ctrl-C or SIGTERM. Returns the exit status; `say` is for messages, `show` for the start page.

    Raises ProblemsFound for a file that cannot be used, CannotRun for anything else.
    """
    installation = read_installation(config, data)
    authority = authority_of(installation)
    for note in authority.notes:
        say(note)
    orders = {
        "config": str(config.absolute()) if config else None,
        "data": str(data.absolute()) if data else None,
        "confdir": str(authority.confdir),
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alone_in(installation.data))
        if installation.shape.demo:
            _prepare_demo(installation, authority)
        _require_trust(installation)
        places = _bind_all(installation, orders, stack)

        def on_ready(answer: Mapping[str, Any]) -> None:
            show(start_page(installation, authority, answer))

        return Supervisor(places, on_ready, say, lambda: _against(config, data, installation)).run()


def authority_of(installation: Installation) -> Authority:
    """The installation's CA, made at the first start. Raises CannotRun."""
    try:
        return ensure(installation.data, datetime.now(UTC), installation_name="")
    except DataFault as fault:
        raise CannotRun(str(fault)) from fault


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keeps a second gateway out of the data directory while this one runs; the lock ends with the process.

    Two would write one journal, and each would count to a person what the other let through. Raises CannotRun.
    """
    try:
        descriptor = os.open(folder / "running", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise CannotRun(f"{folder / 'running'} cannot be used: {fault.strerror}") from fault
    with open(descriptor, "r+b") as file:  # noqa: PTH123 - a descriptor
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = file.read(20).decode("ascii", "replace").strip()
            raise CannotRun(
                f"a gateway runs with {folder} already (process {other}): stop it, or choose another data directory"
            ) from None
        file.truncate()
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        yield


def _require_trust(installation: Installation) -> None:
    """Raises CannotRun when an authority that the file names cannot be trusted; a worker would only say so later."""
    try:
        upstream_trust_bundle(installation.data, installation.upstream_ca)
    except DataFault as fault:
        raise CannotRun(str(fault)) from fault


def _bind_all(installation: Installation, orders: Mapping[str, Any], stack: contextlib.ExitStack) -> list[Place]:
    count = installation.shape.workers or cores()
    admin = installation.shape.admin
    single = {ADMIN: (admin.address, admin.port)}
    if installation.shape.demo:
        single[DEMO] = (DEMO_ADDRESS, installation.shape.demo.port)

    def bound(address: str, port: int, count: int) -> list[socket.socket]:
        return [stack.enter_context(listening) for listening in bind(address, port, count)]

    try:
        listeners = {
            name: bound(listener.address, listener.port, count) for name, listener in installation.listeners.items()
        }
        lone = {name: bound(address, port, 1)[0] for name, (address, port) in single.items()}
    except CannotListen as fault:
        raise CannotRun(f"{installation.file}: {fault}") from fault
    keeper = stack.enter_context(open_address())
    return places_of(listeners, lone, keeper, name_of(keeper), orders)


def _against(config: Path | None, data: Path | None, before: Installation) -> str | None:
    """What speaks against starting the processes anew with what the installation file says now. Blocks."""
    arguments = [str(path.absolute()) if path is not None else "" for path in (config, data)]
    command = [sys.executable, "-m", "gateway.edge.before_restart", *arguments]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=_TRIAL_SECONDS)  # noqa: S603 - our own
        if tried.returncode != 0:
            return (tried.stdout or tried.stderr).strip()
        if _bound_by(read_installation(config, data)) != _bound_by(before):
            return f"{before.file}: other ports, workers or data need a new start: stop the gateway and run it again"
    except (OSError, subprocess.TimeoutExpired, ProblemsFound) as fault:
        return f"the installation could not be tried: {fault}"
    return None


def _bound_by(installation: Installation) -> tuple[object, ...]:
    """What only the first process sees, at its start."""
    shape = installation.shape
    listeners = {name: (listener.address, listener.port) for name, listener in installation.listeners.items()}
    return listeners, shape.admin, shape.demo, shape.workers, installation.data


def _prepare_demo(installation: Installation, authority: Authority) -> None:
    from gateway.edge.demo.certificates import ensure_demo_certificate  # most installations have no demo
    from gateway.edge.demo.site import names

    folder = installation.data / "demo"
    ca, _, _ = ensure_demo_certificate(folder, names(), datetime.now(UTC))
    # For trying with curl: pages that are opened carry our CA, those that are passed through the demo site's own.
    (folder / "try.pem").write_bytes(authority.root_pem() + ca.read_bytes())
