"""Site files in the root of a host: age-de.xml, age.xml, age-xx.xml (German and international labels), miracle.xml.

Sources: age-label.de, label format for age classification 1.0 and 2.0; EU MIRACLE 2.0. What counts is `age` of the
labels whose scope and protocol cover the page, else `default-age`; `min-age` is the lowest age on the site, which
says nothing of a page. What XML may bring is bounded in `xml_tree`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.document.document import UnreadableReason
from gateway.document.url import Url
from gateway.labels.data import LabelData
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.labels.marked import label_of
from gateway.labels.site_scope import SiteScope, scope_of
from gateway.labels.xml_tree import Element, XmlRefused, read_xml

LARGEST: Final = 50 * 1024  # bytes; the limit of the format
DEEPEST: Final = 32
MOST_LABELS: Final = 1_000

_FILE: Final = re.compile(r"/(?:age(?:-[a-z]{2})?|miracle)\.xml")
_MIRACLE: Final = "http://www.miracle-label.eu/ns/2.0/"
_AGE: Final = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One label of a file, or its default: the elements that give an age, and where it holds."""

    ages: tuple[Element, ...]
    line: int
    scopes: tuple[str, ...] = ()
    protocol: str = "all"


def read_site_file(content: str | bytes, file_url: Url, page_url: Url, data: LabelData) -> Reading:
    """What the site file `content`, found at `file_url`, says of the page at `page_url`.

    Unlabelled when it is no label file, lies elsewhere than in the root, belongs to another site or says nothing of
    the page; unreadable (malformed) when it is too large, nested too deep, broken, or brings a DTD. Never raises.
    """
    if _FILE.fullmatch(file_url.path) is None:
        return _nothing(f"{file_url.path} is not where a site file lies")
    if file_url.site != page_url.site:
        return _nothing(f"the file of {file_url.site} says nothing of {page_url.site}")
    try:
        root = _root_of(content)
        found = list(_labels(root, file_url, page_url, data)) if root is not None and _is_label_file(root) else None
    except XmlRefused as fault:
        return Reading(status=Status.UNREADABLE, notes=(str(fault),), reason=UnreadableReason.MALFORMED)
    if found is None:
        name = root.tag[:80] if root is not None else None
        return _nothing(f"{file_url.path} is not a label file: its root element is {name!r}")
    labels = tuple(each for each in found if isinstance(each, Label))
    notes = tuple(each for each in found if isinstance(each, str))
    return Reading(status=Status.RATED if labels else Status.UNLABELLED, labels=labels, notes=notes[:20])


def _nothing(note: str) -> Reading:
    return Reading(status=Status.UNLABELLED, notes=(note,))


def _root_of(content: str | bytes) -> Element | None:
    """The root element. Raises XmlRefused for what must not be guessed at.

    An error page or another kind of file, broken or not, is no label; a label file that breaks off might have said
    more, and one with a document type is none of the format.
    """
    size = len(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    if size > LARGEST:
        raise XmlRefused(f"the site file has {size} bytes; at most {LARGEST} are read")
    try:
        tree = read_xml(content, deepest=DEEPEST)
    except XmlRefused as fault:
        if fault.root is None or _is_label_file(fault.root):
            raise
        return fault.root
    if tree.root is None or not _is_label_file(tree.root):
        return tree.root
    if tree.fault:
        raise XmlRefused(f"the site file is {tree.fault}")
    if tree.has_doctype:
        raise XmlRefused("the site file brings a document type, which its format does not have")
    return tree.root


def _is_label_file(root: Element) -> bool:
    return (root.name, root.space) in (("age-declaration", ""), ("label", _MIRACLE))


def _entries(root: Element) -> Iterator[_Entry]:
    """The labels of a file. Raises XmlRefused past MOST_LABELS."""
    name = "label" if root.name == "age-declaration" else "age-declaration"
    for count, element in enumerate(root.all_named(name), 1):
        if count > MOST_LABELS:
            raise XmlRefused(f"the site file has more than {MOST_LABELS} labels")
        ages = tuple(element.all_named("age")) or tuple(element.all_named("default-age"))
        scopes = (each.text.strip() for each in element.all_named("scope", "scope-url"))
        protocols = [each.text for each in element.all_named("protocol")]
        yield _Entry(ages, element.line, tuple(text for text in scopes if text), " ".join(protocols))


def _labels(root: Element, file_url: Url, page_url: Url, data: LabelData) -> Iterator[Label | str]:
    """The labels that cover the page; without one, the default."""
    covered = False
    for entry in _entries(root):
        scopes = [(text, scope_of(text, file_url)) for text in entry.scopes]
        for text, scope in scopes:
            if scope is None:
                yield f"line {entry.line}: the scope {text[:80]!r} is not of this site"
        covering = [scope for _, scope in scopes if scope is not None and scope.covers(page_url)]
        if covering and _speaks(entry.protocol, page_url.scheme):
            for label in _said(entry.ages, _scope_of(covering), file_url, data):
                covered = True
                yield label
    if not covered:
        blocks = root.all_named("ageblock-labeltype")
        yield from _said(
            [each for block in blocks for each in block.all_named("default-age")], Scope.SITE, file_url, data
        )


def _said(ages: Sequence[Element], scope: Scope, file_url: Url, data: LabelData) -> Iterator[Label]:
    """What the elements that give an age say; one that says no number says nothing."""
    for element in ages:
        text = element.text.strip()
        mark = data.scales.find(text, scale="jmstv") or data.scales.find(text, scale="age")
        if _AGE.fullmatch(text) is not None and mark is not None:
            yield label_of(
                mark,
                scope=scope,
                trust=Trust.B,
                carrier="site-file",
                raw=f"<{element.tag}>{text}</{element.tag}>",
                place=f"{file_url.path.removeprefix('/')} line {element.line}",
            )


def _scope_of(scopes: list[SiteScope]) -> Scope:
    return Scope.SITE if any(scope.covers_all for scope in scopes) else Scope.PAGE


def _speaks(protocol: str, scheme: str) -> bool:
    words = set(re.split(r"[\s,;]+", protocol.casefold())) - {""}
    return not words or "all" in words or scheme in words
