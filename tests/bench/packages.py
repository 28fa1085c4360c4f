"""Debian's packages that a bench needs: the filters that a user would pick instead, and a client in C."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PEERS = {  # a file of the package → the package
    "/usr/sbin/e2guardian": "e2guardian",
    "/usr/lib/squid/security_file_certgen": "squid-openssl",
    "/usr/sbin/privoxy": "privoxy",
    "/usr/bin/unshare": "util-linux",
    "/usr/bin/openssl": "openssl",
}
CLIENT = {"/usr/bin/wrk": "wrk"}
POLICY = Path("/usr/sbin/policy-rc.d")  # asked by invoke-rc.d before a service is started; 101 forbids it


def ensure(packages: dict[str, str]) -> None:
    """Installs what is missing and starts no service. Raises SystemExit that names the packages if it cannot."""
    missing = [package for file, package in packages.items() if not Path(file).exists()]
    if missing and not (os.geteuid() == 0 and shutil.which("apt-get")):
        raise SystemExit(f"The bench needs these packages (Debian's names), or root and apt-get: {' '.join(missing)}")
    if missing:
        print(f"installing for the bench: {' '.join(missing)}", flush=True)
        with _no_services():
            _apt("update", "-qq")
            _apt("install", "-y", "-qq", "--no-install-recommends", *missing)


def versions() -> dict[str, str]:
    """What is installed, by the package's name."""
    query = ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "e2guardian", "squid-openssl", "privoxy"]
    lines = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(line.split(" ", 1) for line in lines)


@contextmanager
def _no_services() -> Iterator[None]:
    """Forbids services to start; a policy that is there already stays."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _apt(*words: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", *words], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"apt-get {' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
