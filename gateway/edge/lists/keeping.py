"""The keeper of an installation's lists: where they lie, what may be reached to fetch them, whom it believes."""

import ssl
from collections.abc import Callable

from gateway.edge.authority.upstream_trust import upstream_trust_bundle
from gateway.edge.installation import Installation
from gateway.edge.lists.keeper import Keeper
from gateway.edge.lists.order import FOLDER
from gateway.edge.reach import Reach
from gateway.store.private_files import private_folder


def build_keeper(installation: Installation, say: Callable[[str], None]) -> Keeper:
    """The keeper; it begins when it is run. Blocks: it reads certificates. Raises DataFault."""
    folder = private_folder(installation.data / FOLDER)
    trust = ssl.create_default_context(cafile=upstream_trust_bundle(installation.data, installation.upstream_ca))
    # As the probe has it: Python 3.13 asks for more than a browser does.
    trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
    reach = Reach(installation.shape.network.hosts, installation.allow_private)
    return Keeper(folder, reach, trust, say=say)
