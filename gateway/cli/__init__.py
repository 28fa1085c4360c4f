"""The command line. Each verb is thin and imports what it needs inside, so that quick verbs stay quick.

Exit status: 0 fine, 1 the answer is no or problems were found, 2 wrong usage. Messages on stderr, data on stdout.
"""

import os
import sys

from gateway.cli.check import check_and_end, plain_words
from gateway.edge.streams import guarded


def main() -> None:
    # Nothing plugs itself into how files are read because it is installed beside us; and nobody need look for it.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    with guarded():
        plain = plain_words(sys.argv[1:])
        if plain is not None:
            files, explain = plain
            check_and_end(files, explain=explain)
        from gateway.cli.commands import cli

        cli(prog_name="qorgan")
