"""The filters that a user would pick instead from Debian, as processes of the bench: own settings, loopback, no logs.

Their settings stand in `peer_settings/`, with the reason for each line. Privoxy and e2guardian resolve the names that
they are asked for: each has a hosts file of its own, mounted for its process alone. Squid is asked for `localhost` and
learns the name from the ClientHello, as stock mitmdump.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from string import Template
from typing import Any

import certifi

from tests.bench.targets import CANARY, HERE, NAMES, SPLICED, Target, await_port, free_port, running

SETTINGS = HERE / "peer_settings"
DEBIAN_E2GUARDIAN = Path("/etc/e2guardian")
CERTGEN = "/usr/lib/squid/security_file_certgen"
HTTPS_ADDRESS = "127.77.0.1"  # of an origin on port 443 that gets into no other server's way
PLAIN = "plain.demo.test"
DAY = 86_400


@contextmanager
def squid(origin: dict[str, Any], folder: Path) -> Iterator[Target]:
    """Squid with ssl-bump."""
    own = _own_folder(folder, "squid")
    _make_authority(own, "ec")
    port, splicing = free_port(), free_port()
    file = fill(own, "squid.conf", PORT=port, SPLICING=splicing, CERTGEN=CERTGEN, TRUSTED=_readable(origin["ca"], own))
    _give(own, "proxy")
    with running(["squid", "-N", "-f", str(file)], stdout=subprocess.DEVNULL) as process:
        await_port(port, process)
        yield Target("squid", port, own / "ca.pem", process.pid, "localhost", splicing=splicing, splices=True)


def privoxy(origin: dict[str, Any], folder: Path) -> AbstractContextManager[Target]:
    """Privoxy with https-inspection and Debian's rules and filters, and connections kept alive."""
    return _privoxy(origin, folder, "privoxy", "keep-alive-timeout 60\ndefault-server-timeout 60\n")


def privoxy_as_installed(origin: dict[str, Any], folder: Path) -> AbstractContextManager[Target]:
    """As Debian installs it, with https-inspection: it closes after an answer whose origin names no time to keep it."""
    return _privoxy(origin, folder, "privoxy-deb", "keep-alive-timeout 5\n")


@contextmanager
def _privoxy(origin: dict[str, Any], folder: Path, name: str, kept: str) -> Iterator[Target]:
    own = _own_folder(folder, name)
    _make_authority(own, "rsa")
    (own / "leaves").mkdir()
    trusted = own / "trusted.pem"
    trusted.write_text(Path(certifi.where()).read_text() + Path(origin["ca"]).read_text())
    port = free_port()
    file = fill(own, "privoxy.conf", PORT=port, TRUSTED=trusted, KEPT=kept)
    shutil.copy(SETTINGS / "privoxy.action", own / "bench.action")
    command = _with_hosts(own, "127.0.0.1", "privoxy", "--no-daemon", str(file))
    with running(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        await_port(port, process)
        closes = name == "privoxy-deb"
        yield Target(name, port, own / "ca.pem", process.pid, splices=True, closes=closes)


@contextmanager
def e2guardian(origin: dict[str, Any], folder: Path) -> Iterator[Target]:
    """e2guardian with Debian's phrase lists and TLS inspection; it inspects nothing but port 443."""
    own = _own_folder(folder, "e2guardian")
    _make_authority(own, "ec")
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", own / "leaf.key")
    for name in ("leaves", "trusted"):
        (own / name).mkdir()
    shutil.copy(origin["ca"], own / "trusted" / "origin.pem")
    _openssl("rehash", own / "trusted")
    (own / "localexceptionsitelist").write_text(f"{SPLICED}\n")
    port, now = free_port(), int(time.time())
    changes = ConfigParser(interpolation=None)
    changes.read(fill(own, "e2guardian.conf", PORT=port, INTERCEPTING=free_port(), START=now - DAY, END=now + 30 * DAY))
    for name in changes.sections():
        (own / name).write_text(with_changes((DEBIAN_E2GUARDIAN / name).read_text(), dict(changes[name])))
    _give(own, "e2guardian")
    command = _with_hosts(own, HTTPS_ADDRESS, "e2guardian", "-N", "-c", str(own / "e2guardian.conf"))
    with running(command, stdout=subprocess.DEVNULL) as process:
        await_port(port, process)
        yield Target("e2guardian", port, own / "ca.pem", process.pid, plain=PLAIN, https=443, splices=True)


PEERS: dict[str, Callable[[dict[str, Any], Path], AbstractContextManager[Target]]] = {
    "squid": squid,
    "privoxy-deb": privoxy_as_installed,
    "privoxy": privoxy,
    "e2guardian": e2guardian,
}


def _own_folder(folder: Path, name: str) -> Path:
    """A folder that a process without root's rights can get to."""
    folder.chmod(0o711)
    own = folder / name
    own.mkdir()
    return own


def _make_authority(own: Path, kind: str) -> None:
    """An authority for a day, with an EC or an RSA key."""
    own_key = (
        ["-newkey", "rsa:2048"] if kind == "rsa" else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    )
    usage = ["-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    names = ["-subj", f"/CN=Bench authority of {own.name}", "-keyout", own / "ca.key", "-out", own / "ca.pem"]
    _openssl("req", "-x509", "-sha256", "-noenc", "-days", "1", *own_key, *usage, *names)


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def _readable(ca: str, own: Path) -> Path:
    """A copy that a process without root's rights can read."""
    return Path(shutil.copy(ca, own / "origin.pem"))


def _give(own: Path, user: str) -> None:
    for path in (own, *own.rglob("*")):
        shutil.chown(path, user)


def fill(own: Path, name: str, **values: object) -> Path:
    """Copies a file of settings into `own`, its $NAMES filled in. Raises KeyError for a name without a value."""
    lines = (SETTINGS / name).read_text().splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("#"))
    file = own / f"bench-{name}"
    file.write_text(Template(text).substitute(values, FOLDER=own))
    return file


def with_changes(text: str, changes: dict[str, str]) -> str:
    """e2guardian's file with these settings instead; of several `sitelist` that with the same `name=` gives way."""
    for name, value in changes.items():
        which = re.match(r"'name=\w+,", value)
        old = re.compile(rf"(?m)^[ \t]*{name}[ \t]*=[ \t]*{re.escape(which[0]) if which else ''}.*\n")
        text = old.sub("", text) + f"\n{name} = {value}\n"
    return text


def _with_hosts(own: Path, address: str, *command: str) -> list[str]:
    """The command with its own /etc/hosts, in which the bench's names are at `address`; the process keeps its id."""
    hosts = own / "hosts"
    names = ["bench.demo.test", SPLICED, CANARY, *(f"n{number}.demo.test" for number in range(NAMES))]
    hosts.write_text(f"127.0.0.1 localhost {PLAIN}\n" + "".join(f"{address} {name}\n" for name in names))
    hosts.chmod(0o644)
    script = 'mount --bind "$0" /etc/hosts && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, str(hosts), *command]
