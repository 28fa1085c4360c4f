"""The one spelling of an address that every part compares: a WHATWG URL with nothing left to choose.

A browser accepts many spellings of one address. Lists, rules, labels and the journal see only the result of
`canonical` and `canonical_host`, so that a spelling cannot be a way around them.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv6Address, ip_address

import ada_url
from publicsuffixlist import PublicSuffixList

DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
LONGEST_URL = 65_536  # characters; a request head is cut at 64 KB, so nothing longer can be asked for
LONGEST_HOST_SPELLING = 1_024  # characters before canonical form, where a letter may be spelt as "%EF%BD%81"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Userinfo, slashes and ports have no place in a host; "%" stays, because WHATWG decodes it.
_NOT_OF_A_HOST = re.compile(r"[\x00-\x20\x7f/\\?#@]")
_HEAD = re.compile(r"[^:/\\?#]*:(?P<slashes>[/\\]*)(?P<authority>[^/\\?#]*)(?P<end>[/\\?#]?)")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


# A target that `canonical` leaves as it is: nothing to encode or decode, no dot segment.
_PLAIN_TARGET = re.compile(
    r"(?P<path>(?:/(?!\.{1,2}(?:[/?]|\Z))[A-Za-z0-9._~!$&()*+,;=:@-]*)+)(?:\?(?P<query>[A-Za-z0-9._~!$&()*+,;=:@/?-]+))?"
)
_LONGEST_PLAIN = 4_096


@dataclass(frozen=True, slots=True)
class Url:
    """A canonical address. `href` is the whole of it, without a fragment: a fragment never reaches a server."""

    href: str
    scheme: str  # "http", "https", "ws" or "wss"
    host: str  # A-label in lower case without a trailing dot, or an IP address (IPv6 without brackets)
    port: int  # 1..65535, the scheme's own when none was written
    path: str  # begins with "/"
    query: str  # without "?"; "" when there is none

    @property
    def site(self) -> str:
        """The registrable domain by the public suffix list; the host itself when it is a suffix or an address."""
        return site_of(self.host)


def canonical(text: str, base: Url | None = None) -> Url:
    """The canonical form of an address.

    Without `base`, `text` is what a client asked for or a person wrote, and spellings that exist to deceive are
    refused: control characters, userinfo, a backslash before the path. With `base`, it is a reference out of a
    document and is resolved as a browser resolves it (WHATWG URL, section 4.4).
    Raises ValueError with a sentence when a browser would not open it over HTTP or WebSocket.
    """
    if len(text) > LONGEST_URL:
        raise ValueError(f"the address is longer than {LONGEST_URL} characters")
    if base is None:
        _refuse_deceit(text)
    parsed = _parse(text, base.href if base else None)
    scheme = parsed.protocol.removesuffix(":")
    if scheme not in DEFAULT_PORTS:
        raise ValueError(f"{_quote(text)}: only http, https, ws and wss addresses are read, not {scheme}")
    if parsed.username or parsed.password:
        raise ValueError(f"{_quote(text)}: an address with a user name before the host is refused")
    host = _one_host(parsed.hostname)
    port = int(parsed.port) if parsed.port else DEFAULT_PORTS[scheme]
    if port == 0:
        raise ValueError(f"{_quote(text)}: port 0 cannot be connected to")
    path, query = _normal_path(parsed.pathname), parsed.search.removeprefix("?")
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = f":{port}" if port != DEFAULT_PORTS[scheme] else ""
    shown_query = f"?{query}" if query else ""
    href = f"{scheme}://{shown_host}{shown_port}{path}{shown_query}"
    if len(href) > LONGEST_URL:  # percent signs make it longer than it was written
        raise ValueError(f"the address is longer than {LONGEST_URL} characters")
    return Url(href, scheme, host, port, path, query)


def at(place: Url, target: str) -> Url:
    """The canonical form of what a client asks for with `target` at `place`, a canonical address with the path "/".

    `target` is a path with or without a query, as it stands in a request. Raises ValueError as `canonical` does.
    """
    plain = _PLAIN_TARGET.fullmatch(target) if len(target) <= _LONGEST_PLAIN else None
    if plain is None:
        return canonical(place.href.removesuffix("/") + target)
    href = place.href.removesuffix("/") + target
    return Url(href, place.scheme, place.host, place.port, plain["path"], plain["query"] or "")


def canonical_host(text: str) -> str:
    """The canonical form of a host as it stands in `Url.host`.

    `text` is a name in any spelling a browser takes, or an IP address, IPv6 with or without brackets; no port.
    Raises ValueError with a sentence when it is neither.
    """
    if len(text) > LONGEST_HOST_SPELLING:
        raise ValueError(f"the host is longer than {LONGEST_HOST_SPELLING} characters")
    return _canonical_host(text)


@lru_cache(maxsize=8_192)
def site_of(host: str) -> str:
    """The registrable domain of a canonical host; the host itself when it is a public suffix or an IP address."""
    if _is_address(host):
        return host
    return _public_suffixes().privatesuffix(host) or host


@cache
def _public_suffixes() -> PublicSuffixList:
    # The list is part of the installed library, the same for the life of the process, as its code is: reading it is
    # no more input than an import. It is put off to the first use because it takes 40 ms that most commands never need.
    return PublicSuffixList()


@lru_cache(maxsize=8_192)
def _canonical_host(text: str) -> str:
    if _NOT_OF_A_HOST.search(text):
        raise ValueError(f"{_quote(text)} is not a host: it has a character that no host has")
    bracketed = f"[{text}]" if ":" in text and not text.startswith("[") else text
    # "[::1]:80" would parse, with a port that the caller did not mean to pass.
    if "]:" in bracketed or not ada_url.URL.can_parse(f"http://{bracketed}/"):
        raise ValueError(f"{_quote(text)} is not a host that a browser would connect to")
    return _one_host(ada_url.URL(f"http://{bracketed}/").hostname)


def _refuse_deceit(text: str) -> None:
    if _CONTROL.search(text):
        raise ValueError(f"{_quote(text)}: an address with a control character is refused")
    head = _HEAD.match(text)
    if head is None:
        return  # no scheme: the parser says so
    if "\\" in head["slashes"] or head["end"] == "\\":
        raise ValueError(f"{_quote(text)}: an address with a backslash before its path is refused")
    # Checked in the text as well as after parsing, where "http://@host/" has lost its empty user name.
    if "@" in head["authority"]:
        raise ValueError(f"{_quote(text)}: an address with a user name before the host is refused")


def _parse(text: str, base: str | None) -> ada_url.URL:
    try:
        return ada_url.URL(text, base)
    except ValueError:  # also UnicodeEncodeError, for a lone surrogate
        raise ValueError(f"{_quote(text)} is not an address that a browser would open") from None


def _one_host(host: str) -> str:
    """What is left to do after the WHATWG host parser: one trailing dot, RFC 1035 lengths, IPv4 inside IPv6."""
    if host.startswith("["):
        inner = IPv6Address(host[1:-1])
        # RFC 4291, section 2.5.5.2: a socket given ::ffff:a.b.c.d connects to a.b.c.d.
        return str(inner.ipv4_mapped) if inner.ipv4_mapped else host[1:-1]
    name = host.removesuffix(".")
    if len(name) > 253 or not all(0 < len(label) <= 63 for label in name.split(".")):
        raise ValueError(f"{_quote(host)} is not a host: a name has labels of 1 to 63 characters, 253 in all")
    return name


def _normal_path(path: str) -> str:
    """The path with needless percent-encoding undone once (RFC 3986, section 6.2.2: the same resource)."""
    return _PERCENT.sub(_normal_octet, path) if "%" in path else path


def _normal_octet(found: re.Match[str]) -> str:
    digits = found[1]
    if digits is None:
        return "%25"  # a stray percent sign must not join what is decoded after it: that would be decoding twice
    letter = chr(int(digits, 16))
    return letter if letter in _UNRESERVED else f"%{digits.upper()}"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _quote(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:100] + "…")
