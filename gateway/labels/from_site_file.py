"""Site files in the root of a host: age-de.xml, age.xml, age-xx.xml (German and international labels), miracle.xml.

Sources: age-label.de, label format for age classification 1.0 and 2.0; EU MIRACLE 2.0. What counts is `age` of the
labels whose scope and protocol cover the page, else `default-age`; `min-age` is the lowest age on the site, which
says nothing of a page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from gateway.document.document import UnreadableReason
from gateway.document.url import Url
from gateway.labels.data import LabelData
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.labels.site_scope import SiteScope, scope_of

LARGEST: Final = 50 * 1024  # bytes; the limit of the format
DEEPEST: Final = 32
MOST_LABELS: Final = 1_000

_FILE: Final = re.compile(r"/(?:age(?:-[a-z]{2})?|miracle)\.xml")
_MIRACLE: Final = "http://www.miracle-label.eu/ns/2.0/"
_AGE: Final = re.compile(r"[0-9]{1,2}")


@dataclass(slots=True)
class Entry:
    """One label of a file as it is being read."""

    line: int
    age: str = ""
    default_age: str = ""
    scopes: list[str] = field(default_factory=list)
    protocol: str = "all"


class _Refused(Exception):  # noqa: N818 - a file that must not be guessed at
    pass


def read_site_file(content: str | bytes, file_url: Url, page_url: Url, data: LabelData) -> Reading:
    """What the site file `content`, found at `file_url`, says of the page at `page_url`.

    Unlabelled when it is no label file, lies elsewhere than in the root, belongs to another site or says nothing of
    the page; unreadable (malformed) when it is too large, nested too deep, broken, or brings a DTD. Never raises.
    """
    if _FILE.fullmatch(file_url.path) is None:
        return _nothing(f"{file_url.path} is not where a site file lies")
    if file_url.site != page_url.site:
        return _nothing(f"the file of {file_url.site} says nothing of {page_url.site}")
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        parser = _SiteFileParser(body)
        parser.run(is_text=isinstance(content, str))
    except _Refused as fault:
        return Reading(status=Status.UNREADABLE, notes=(str(fault),), reason=UnreadableReason.MALFORMED)
    if not parser.is_label_file:
        return _nothing(f"{file_url.path} is not a label file: its root element is {parser.root[:80] or None!r}")
    found = list(_labels(parser, file_url, page_url, data))
    labels = tuple(each for each in found if isinstance(each, Label))
    notes = tuple(each for each in found if isinstance(each, str))
    return Reading(status=Status.RATED if labels else Status.UNLABELLED, labels=labels, notes=notes[:20])


def _nothing(note: str) -> Reading:
    return Reading(status=Status.UNLABELLED, notes=(note,))


def _labels(parser: "_SiteFileParser", file_url: Url, page_url: Url, data: LabelData) -> Iterator[Label | str]:
    """The labels that cover the page; without one, the default."""
    covered = False
    for entry in parser.entries:
        scopes = [(text, scope_of(text, file_url)) for text in entry.scopes]
        for text, scope in scopes:
            if scope is None:
                yield f"line {entry.line}: the scope {text[:80]!r} is not of this site"
        covering = [scope for _, scope in scopes if scope is not None and scope.covers(page_url)]
        if not covering or not _speaks(entry.protocol, page_url.scheme):
            continue
        label = _label(entry.age or entry.default_age, _scope_of(covering), entry.line, file_url, data)
        if label is not None:
            covered = True
            yield label
    default = parser.default_age
    if not covered and default is not None:
        label = _label(default[0], Scope.SITE, default[1], file_url, data, name="default-age")
        if label is not None:
            yield label


def _label(text: str, scope: Scope, line: int, file_url: Url, data: LabelData, name: str = "age") -> Label | None:
    if _AGE.fullmatch(text) is None:
        return None
    mark = data.scales.find(text, scale="jmstv") or data.scales.find(text, scale="age")
    if mark is None:
        return None
    return Label(
        scale=mark.scale,
        mark=mark.mark,
        min_age=mark.min_age,
        scope=scope,
        trust=Trust.B,
        carrier="site-file",
        raw=f"<{name}>{text}</{name}>",
        place=f"{file_url.path.removeprefix('/')} line {line}",
    )


def _scope_of(scopes: list[SiteScope]) -> Scope:
    return Scope.SITE if any(scope.covers_all for scope in scopes) else Scope.PAGE


def _speaks(protocol: str, scheme: str) -> bool:
    words = set(re.split(r"[\s,;]+", protocol.casefold())) - {""}
    return not words or "all" in words or scheme in words


class _SiteFileParser:
    """Reads the few elements that count. A DTD that could define an entity ends it, and expat fetches nothing."""

    def __init__(self, body: bytes) -> None:
        self.root = ""
        self.entries: list[Entry] = []
        self.default_age: tuple[str, int] | None = None
        self._body = body
        self._path: list[str] = []
        self._text: list[str] = []
        self._has_doctype = False

    @property
    def is_label_file(self) -> bool:
        return self.root in ("age-declaration", f"{_MIRACLE} label")

    def run(self, *, is_text: bool) -> None:
        if len(self._body) > LARGEST:
            raise _Refused(f"the site file has {len(self._body)} bytes; at most {LARGEST} are read")
        parser = expat.ParserCreate("utf-8" if is_text else None, " ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = lambda name, _: self._start(name, parser.CurrentLineNumber)
        parser.EndElementHandler = lambda _: self._end(parser.CurrentLineNumber)
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(self._body.lstrip(b" \t\r\n"), True)
        except expat.ExpatError as fault:
            # An error page or another kind of file, broken or not, is no label; a label file that breaks off might
            # have said more.
            if self.is_label_file:
                raise _Refused(f"the site file is not well-formed XML: {fault}") from None
        if self.is_label_file and self._has_doctype:
            raise _Refused("the site file brings a document type, which its format does not have")

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        self._has_doctype = True
        if has_internal_subset:
            raise _Refused("the site file brings a document type that could define entities")

    def _start(self, name: str, line: int) -> None:
        if not self._path:
            self.root = name
        self._path.append(name.rpartition(" ")[2])
        if len(self._path) > DEEPEST:
            raise _Refused(f"the site file is nested deeper than {DEEPEST}")
        self._text.clear()
        is_entry = self._path[-1] == "label" or (self.root != "age-declaration" and self._path[-1] == "age-declaration")
        if is_entry and len(self._path) > 1:
            if len(self.entries) >= MOST_LABELS:
                raise _Refused(f"the site file has more than {MOST_LABELS} labels")
            self.entries.append(Entry(line))

    def _end(self, line: int) -> None:
        name, text = self._path[-1], "".join(self._text).strip()
        inside = self._path[:-1]
        self._path.pop()
        self._text.clear()
        if "ageblock-labeltype" in inside and name == "default-age":
            self.default_age = (text, line)
        if not self.entries or not {"label", "age-declaration"} & set(inside[1:]):
            return
        entry = self.entries[-1]
        if name == "age":
            entry.age, entry.line = text, line
        elif name == "default-age":
            entry.default_age = text
        elif name in ("scope", "scope-url") and text:
            entry.scopes.append(text)
        elif name == "protocol":
            entry.protocol = text
