"""The editions of one keeper: each read and compiled here first; those that the last one rests on are kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from gateway.edge.edition import Edition, read_edition
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation
from gateway.edge.ruling import rule

# Faulty tenants keep what they had in an older edition. So many are handed to a worker that starts anew; beyond that, a
# tenant whose file has been faulty for longer gets the strict default there.
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that compiles, with those it rests on before it, and its ruling."""

    editions: Sequence[Edition]
    ruling: Ruling


class Editions:
    """`in_force` is the draft that was published last; None: there is none."""

    def __init__(self, installation: Installation) -> None:
        self.in_force: Draft | None = None
        self._installation = installation
        self._keeper, self._numbers = secrets.token_hex(4), count(1)

    def draft(self) -> Draft:
        """What the files say now. Raises ProblemsFound. Blocks: it reads files."""
        last = self.in_force
        # A serial of another keeper is never taken for one of ours.
        serial = f"{self._keeper}-{next(self._numbers)}"
        edition = read_edition(self._installation, serial, last.editions[-1].serial if last is not None else None)
        ruling = rule(edition, self._installation.data, last.ruling.policy if last is not None else None, mend=True)
        if last is None or not ruling.policy.problems:
            return Draft((replace(edition, before=None),), ruling)
        kept = last.editions[-(_MOST - 1) :]
        return Draft((replace(kept[0], before=None), *kept[1:], edition), ruling)

    def publish(self, draft: Draft) -> None:
        """It is in force."""
        self.in_force = draft
