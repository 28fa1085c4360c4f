"""Small parts of mitmproxy that every request passes dozens of times, doing the same with less.

Header fields are looked up without a Python call for each of them and without exceptions; connections are told apart
by being the same object, as live ones are; a stream's context is not given a server that is thrown away at once.
"""

from collections.abc import Iterable
from typing import Any, Final

from mitmproxy.http import Headers, Request, Response
from mitmproxy.net.http import http1
from mitmproxy.proxy.context import Context

_stock_body_size = http1.expected_http_body_size
_stock_connection_close = http1.connection_close
_CONTENT_LENGTH, _TRANSFER_ENCODING, _CONNECTION = map(len, ("content-length", "transfer-encoding", "connection"))
_LONGEST_DECIMAL: Final = 15
_OK: Final = 200
_PERSISTENT: Final = frozenset({"HTTP/1.1", b"HTTP/1.1", "HTTP/2.0", b"HTTP/2.0"})


_stock_headers = Headers.__init__


def make_headers(headers: Headers, fields: Iterable[tuple[bytes, bytes]] = (), **named: Any) -> None:
    """Stands in for Headers.__init__."""
    if named:
        _stock_headers(headers, fields, **named)
        return
    headers.fields = tuple(fields)
    for field in headers.fields:
        name, value = field
        if type(field) is not tuple or type(name) is not bytes or type(value) is not bytes:
            _stock_headers(headers, headers.fields)
            return


def get_all(headers: Headers, name: str | bytes) -> list[str]:
    """Stands in for Headers.get_all."""
    wanted = _wanted(name)
    return [value.decode("utf-8", "surrogateescape") for key, value in headers.fields if key.lower() == wanted]


def get_one(headers: Headers, name: str | bytes, default: Any = None) -> Any:
    """Stands in for Headers.get."""
    wanted = _wanted(name)
    found = [value for key, value in headers.fields if key.lower() == wanted]
    return b", ".join(found).decode("utf-8", "surrogateescape") if found else default


def get_item(headers: Headers, name: str | bytes) -> str:
    """Stands in for Headers.__getitem__."""
    found = get_one(headers, name)
    if found is None:
        raise KeyError(name)
    return str(found)


def has(headers: Headers, name: object) -> bool:
    """Stands in for Headers.__contains__."""
    if not isinstance(name, str | bytes):
        return False
    wanted = _wanted(name)
    return any(key.lower() == wanted for key, _ in headers.fields)


def pop(headers: Headers, name: str | bytes, *default: Any) -> Any:
    """Stands in for Headers.pop."""
    found = get_one(headers, name)
    if found is None:
        if not default:
            raise KeyError(name)
        return default[0]
    wanted = _wanted(name)
    headers.fields = tuple(field for field in headers.fields if field[0].lower() != wanted)
    return found


def fork(context: Context) -> Context:
    """Stands in for Context.fork."""
    forked = Context.__new__(Context)
    forked.client, forked.options = context.client, context.options
    forked.server, forked.layers = context.server, context.layers.copy()
    return forked


def make_plainly(kind: type[Any], *_: Any, **__: Any) -> Any:
    """Stands in for the `__new__` of hooks and of answers to commands, which only check how their class was written."""
    return object.__new__(kind)


def expected_http_body_size(request: Request, response: Response | None = None) -> int | None:
    """Stands in for http1.expected_http_body_size; all but the plainest cases are left to it."""
    length: bytes | None = None
    for name, value in (response or request).headers.fields:
        if len(name) == _CONTENT_LENGTH and name.lower() == b"content-length":
            if length is not None:
                return _stock_body_size(request, response)
            length = value
        elif len(name) == _TRANSFER_ENCODING and name.lower() == b"transfer-encoding":
            return _stock_body_size(request, response)
    if response is None:
        if length is None:
            return 0
    elif request.data.method != b"GET" or response.data.status_code != _OK or length is None:
        return _stock_body_size(request, response)
    plain = length.isdigit() and len(length) <= _LONGEST_DECIMAL and (length[:1] != b"0" or length == b"0")
    return int(length) if plain else _stock_body_size(request, response)


def connection_close(http_version: str | bytes, headers: Headers) -> bool:
    """Stands in for http1.connection_close."""
    for name, _ in headers.fields:
        if len(name) == _CONNECTION and name.lower() == b"connection":
            return bool(_stock_connection_close(http_version, headers))  # type: ignore[no-untyped-call]
    return http_version not in _PERSISTENT


def _wanted(name: str | bytes) -> bytes:
    return name.lower() if isinstance(name, bytes) else name.lower().encode("utf-8", "surrogateescape")
