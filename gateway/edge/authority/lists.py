"""The two lists that bound the CA: names it can never sign, and authorities that are never trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from gateway.document.url import canonical_host
from gateway.policy.parse import Node, parse
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import texts

_NEVER_SIGNED: Final = "hosts/never-signed.yaml"
_NEVER_TRUSTED: Final = "authority/never-trusted.yaml"


@dataclass(frozen=True, slots=True, order=True)
class NeverSigned:
    """A name for which no certificate can be made, with every name below it."""

    host: str  # A-label
    why: str  # "bank", "health", "government", …
    source: str


@dataclass(frozen=True, slots=True, order=True)
class NeverTrusted:
    """An authority that is refused, by the beginning of a value in its certificate's subject."""

    subject: str
    source: str

    def names(self, certificate: x509.Certificate) -> bool:
        """Whether `certificate` is of this authority."""
        values = (str(attribute.value).casefold() for attribute in certificate.subject)
        return any(value.startswith(self.subject.casefold()) for value in values)


def read_never_signed(text: str, file: str = _NEVER_SIGNED) -> tuple[NeverSigned, ...]:
    """The entries of a never-signed list, sorted by host. Raises ProblemsFound."""
    problems: list[Problem] = []
    found = [
        NeverSigned(_host(entry["host"], file, problems), str(entry["why"].value), str(entry["source"].value))
        for entry in _entries(text, file, "never-signed", ("host", "why", "source"), problems)
    ]
    if problems:
        raise ProblemsFound(problems)
    return tuple(sorted(found))


def read_never_trusted(text: str, file: str = _NEVER_TRUSTED) -> tuple[NeverTrusted, ...]:
    """The entries of a never-trusted list, sorted by subject. Raises ProblemsFound."""
    problems: list[Problem] = []
    found = [
        NeverTrusted(str(entry["subject"].value), str(entry["source"].value))
        for entry in _entries(text, file, "never-trusted", ("subject", "source"), problems)
    ]
    if problems:
        raise ProblemsFound(problems)
    return tuple(sorted(found))


def shipped_never_signed() -> tuple[NeverSigned, ...]:
    """The list that comes with the program."""
    return read_never_signed(texts("hosts")[_NEVER_SIGNED])


def shipped_never_trusted() -> tuple[NeverTrusted, ...]:
    """The list that comes with the program."""
    return read_never_trusted(texts("authority")[_NEVER_TRUSTED])


def _entries(
    text: str, file: str, key: str, fields: tuple[str, ...], problems: list[Problem]
) -> list[Mapping[str, Node]]:
    root = parse(text, file)
    entries = root.entries.get(key)
    if entries is None or not entries.items:
        raise ProblemsFound([Problem(file, root.line, root.column, f"the list `{key}` is missing or empty")])
    whole = []
    for entry in entries.items:
        missing = [name for name in fields if not _is_text(entry.entries.get(name))]
        if missing:
            message = f"an entry needs {' and '.join(f'`{name}`' for name in missing)}, as text"
            problems.append(Problem(file, entry.line, entry.column, message))
        else:
            whole.append(entry.entries)
    return whole


def _is_text(node: Node | None) -> bool:
    return node is not None and isinstance(node.value, str) and bool(node.value.strip())


def _host(node: Node, file: str, problems: list[Problem]) -> str:
    written = str(node.value)
    try:
        host = canonical_host(written)
    except ValueError as fault:
        problems.append(Problem(file, node.line, node.column, str(fault), "write a host name, as in egov.kz"))
        return ""
    # An address is no DNS name, and a leading dot would leave the name itself out (RFC 5280, section 4.2.1.10).
    if written.startswith(".") or "*" in written or host[-1:].isdigit() or ":" in host:
        hint = "write a host name; every name below it is meant too"
        problems.append(Problem(file, node.line, node.column, f"{written!r} cannot be a name constraint", hint))
    return host
