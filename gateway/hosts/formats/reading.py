"""A list's files → its entries. A bad line is reported and left out, never the list."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Final

from gateway.hosts.entry import Covers, Entry, Expression
from gateway.hosts.formats.detection import SAMPLE, detect
from gateway.hosts.formats.faults import Faults
from gateway.hosts.formats.from_adblock import read_adblock
from gateway.hosts.formats.from_expressions import read_expression
from gateway.hosts.formats.from_hosts_file import read_hosts_line
from gateway.hosts.formats.from_plain import read_plain
from gateway.hosts.formats.from_rpz import RpzReader
from gateway.hosts.formats.from_yaml import MOST_BYTES, read_yaml
from gateway.hosts.list_name import BadLine
from gateway.problems import Problem

LONGEST_LINE: Final = 16_384  # characters; a line that is longer is left out

type LineReader = Callable[[str], Iterable[Entry | Expression]]

_BY_LINE: Final[dict[str, Callable[[], LineReader]]] = {
    "plain": lambda: read_plain,
    "hosts": lambda: read_hosts_line,
    "adblock": lambda: read_adblock,
    "rpz": RpzReader,
    "expressions": lambda: read_expression,
}


class ListReader:
    """Reads the files of one list, one after the other. `formats` and `faults` tell afterwards what was found."""

    def __init__(self, format: str | None = None, below: bool | None = None) -> None:  # noqa: A002 - the policy's word
        """`format` and `below` as in the policy (policy/list_shape.py)."""
        self._format, self._below = format, below
        self.faults = Faults()
        self.doubts: list[Problem] = []  # where the format was guessed
        self.formats: dict[str, str] = {}  # file → format

    def read(self, file: str, lines: Iterable[str]) -> Iterator[Entry | Expression]:
        """The entries of one file. `lines` may carry line ends, and lone surrogates for bytes that are not UTF-8."""
        rest = iter(lines)
        sample = list(islice(rest, SAMPLE))
        if sample:
            sample[0] = sample[0].removeprefix("\ufeff")
        found = self._format_of(file, sample)
        self.formats[file] = found
        every = chain(sample, rest)
        entries = self._whole(file, every) if found == "yaml" else self._by_line(file, every, _BY_LINE[found]())
        return entries if self._below is None else self._covering(entries)

    def _format_of(self, file: str, sample: list[str]) -> str:
        if self._format is not None and self._format != "squidguard":
            return self._format
        detected = detect(file, sample)
        if self._format == "squidguard":
            return "expressions" if detected.format == "expressions" else "plain"
        if detected.doubt:
            self.doubts.append(
                Problem(file, 1, 1, f"read as {detected.format}: {detected.doubt}", "say it in the policy with format:")
            )
        return detected.format

    def _by_line(self, file: str, lines: Iterable[str], read: LineReader) -> Iterator[Entry | Expression]:
        for number, line in enumerate(lines, 1):
            try:
                if len(line) > LONGEST_LINE:
                    raise BadLine("too long", f"a line has at most {LONGEST_LINE} characters")
                yield from read(line)
            except BadLine as bad:
                self.faults.add_line(bad, file, number)

    def _whole(self, file: str, lines: Iterable[str]) -> Iterator[Entry]:
        text, size = [], 0
        for line in lines:
            size += len(line)
            if size > MOST_BYTES:
                self.faults.add("too long", Problem(file, 1, 1, f"a YAML list has at most {MOST_BYTES >> 20} MB"))
                return
            text.append(line if line.endswith("\n") else line + "\n")
        yield from read_yaml("".join(text), file, self.faults)

    def _covering(self, entries: Iterable[Entry | Expression]) -> Iterator[Entry | Expression]:
        covers = Covers.ALL if self._below else Covers.ONLY
        for entry in entries:
            if isinstance(entry, Entry) and not entry.path and entry.covers is not Covers.BELOW:
                yield entry._replace(covers=covers)
            else:
                yield entry
