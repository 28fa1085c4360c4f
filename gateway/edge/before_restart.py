"""`python -m gateway.edge.before_restart CONFIG DATA`: what would keep new processes from serving as the old ones do.

Prints it, and ends with status 1. In a process of its own, because the supervisor stays small; each argument may be "".
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from gateway.edge.authority.authority import ensure
from gateway.edge.authority.upstream_trust import upstream_trust_bundle
from gateway.edge.installation import read_installation
from gateway.edge.ruling import compiled
from gateway.problems import ProblemsFound
from gateway.store.fault import DataFault
from gateway.store.files import source_line


def hindrance(config: Path | None, data: Path | None) -> str | None:
    """Faults of the installation file, the policy or the CA, in sentences; None: there are none."""
    try:
        installation = read_installation(config, data)
        ensure(installation.data, datetime.now(UTC), installation_name="")
        upstream_trust_bundle(installation.data, installation.upstream_ca)
        compiled(installation)
    except ProblemsFound as found:
        return "\n".join(problem.show(source_line(problem)) for problem in found.problems)
    except DataFault as fault:
        return str(fault)
    return None


if __name__ == "__main__":
    found = hindrance(*(Path(argument) if argument else None for argument in sys.argv[1:3]))
    if found is not None:
        sys.stdout.write(found + "\n")
        sys.exit(1)
