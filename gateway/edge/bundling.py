"""`qorgan bundle`: what a device of somebody would know, without a running gateway."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from json import dumps
from pathlib import Path
from typing import Any

from gateway.bundle.bundle import build_bundle, share
from gateway.edge.bundle_key import BundleKey
from gateway.edge.explaining import with_lists
from gateway.edge.explanation import person_called
from gateway.edge.installation import Installation, read_installation
from gateway.edge.ruling import build_ruling
from gateway.edge.run import CannotRun
from gateway.store import private_files
from gateway.store.fault import DataFault


def bundle_for(
    person: str, config: Path | None, data: Path | None, moment: datetime, life: timedelta
) -> tuple[Installation, Mapping[str, Any]]:
    """The installation, and the bundle of a person of its policy as it is issued at `moment` (aware).

    Grants that were given at the running gateway, and minutes used, are not in it: only the gateway has them.
    Raises ProblemsFound, CannotRun, LookupError (nobody of that name). Blocks.
    """
    installation = read_installation(config, data)
    ruling = with_lists(build_ruling(installation))
    somebody = person_called(person, ruling.policy)
    return installation, build_bundle(share(ruling.policy, ruling.hosts, moment, life), somebody)


def write_signed(bundle: Mapping[str, Any], installation: Installation, file: Path) -> str:
    """Signs the bundle with the installation's key and puts it at `file`, for its user only; the key's thumbprint.

    The public key stands beside it: whoever carries the file to a device by hand pins the key as well. Raises
    CannotRun.
    """
    try:
        key = BundleKey.of(installation.data)
        text = dumps({**key.sign(bundle).to_json(), "public_key": key.public_jwk}, ensure_ascii=False)
        private_files.write(file, text.encode())
    except DataFault as fault:
        raise CannotRun(str(fault)) from None
    return key.thumbprint
