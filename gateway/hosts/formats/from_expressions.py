"""squidGuard's `expressions`: a regular expression on each line, for whole addresses, without regard to case.

They are run by RE2, whose time is linear in the address, so that no address can hang the gateway. What RE2 cannot do
(look-around, back references) and what would need much memory is refused.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import re2

from gateway.hosts.entry import Expression
from gateway.hosts.list_name import BadLine

_LONGEST: Final = 8_192  # characters of one expression
_MEMORY: Final = 8 << 20  # bytes that one search may use
_EVERYTHING: Final = ("https://a.example/", "https://www.b.example/c/d.html?e=f", "http://10.0.0.1/")


def read_expression(line: str) -> Iterable[Expression]:
    """The expression of a line, if it has one. Raises BadLine."""
    pattern = line.strip()
    if not pattern or pattern[0] == "#":
        return ()
    if not pattern.isprintable():
        raise BadLine("expression", "an expression with an invisible character is not read")
    if len(pattern) > _LONGEST:
        raise BadLine("expression", f"an expression has at most {_LONGEST} characters")
    try:
        found = ExpressionSet([pattern])
    except ValueError:
        raise BadLine("expression", "RE2 cannot run this expression in linear time") from None
    if all(found.matches(address) for address in _EVERYTHING):
        raise BadLine("expression", "this expression matches every address")
    return (Expression(pattern),)


class ExpressionSet:
    """Expressions that are asked together. Raises ValueError for one that RE2 refuses.

    One search says of most addresses that none matches. (RE2 has sets of its own; when their memory runs out, they say
    that nothing matches. A single expression then goes on with less memory and more time, still linear.)
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = _MEMORY
        try:
            self._each = [re2.compile(pattern, options) for pattern in patterns]
        except (re2.error, UnicodeEncodeError) as fault:
            raise ValueError("an expression that RE2 refuses") from fault
        try:
            self._any = re2.compile("|".join(f"(?:{pattern})" for pattern in patterns), options)
        except re2.error:  # too many for one
            self._any = None

    def matches(self, address: str) -> Sequence[int]:
        """The indexes of the expressions that match somewhere in `address`."""
        if self._any is not None and self._any.search(address) is None:
            return ()
        return [index for index, each in enumerate(self._each) if each.search(address) is not None]
