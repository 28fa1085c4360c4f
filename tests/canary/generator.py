"""Visits by a number: the same number makes the same visit, canary bytes included."""

import random
from typing import Final

from tests.canary.asking import ask
from tests.canary.codings import CODERS, coded
from tests.canary.exchange import Exchange, Fields, Reply, Visit
from tests.canary.pages import PARTS, RTA, harmless, rated, with_canary

PEOPLE: Final = ("adult", "teen", "child")
LISTED: Final = "listed.test"  # the policy's own list says that it is for adults
HOSTS: Final = ("kids.test", "www.kids.test", "blog.test", "a-b.news.test")
_CHARSETS: Final = ("utf-8", "utf-16le", "utf-16be", "windows-1251", "koi8-r", "iso-8859-5", "gb18030", "shift_jis")
_BOMS: Final = {"utf-8": b"\xef\xbb\xbf", "utf-16le": b"\xff\xfe", "utf-16be": b"\xfe\xff"}
_ERRORS: Final = (400, 401, 403, 404, 405, 410, 418, 429, 451, 500, 502, 503, 504, 599)
_TYPES: Final = (
    *("text/html", "Text/HTML ; Charset=utf-8", "text/html;", "text/html; charset=rot13", "text/html;charset=utf-7"),
    *("unknown/unknown", "application/unknown", "*/*", "", "text/html, text/html", "nonsense"),
)
_BINARY: Final = (
    *("image/png", "video/mp4", "application/octet-stream", "application/pdf", "font/woff2", "text/event-stream"),
    *("application/json", "text/javascript", "application/zip", "multipart/byteranges; boundary=x"),
)
_FAULTS: Final = ("short", "long", "both", "bad-chunk", "no-end", "twice", "lone-cr", "space", "te-gzip", "te-x")


class Generator:
    """`exchange` and `visit` are drawn with `dice`; `most` is how many exchanges a visit has at most."""

    def __init__(self, seed: int, number: int) -> None:
        self.dice = random.Random(f"{seed}:{number}")

    def visit(self, most: int = 8) -> Visit:
        dice = self.dice
        person = dice.choices(PEOPLE, (1, 3, 4))[0]
        way = dice.choices(("plain", "tunnel", "h2", "plain-in-tunnel"), (4, 4, 4, 0.3))[0]
        listed = dice.random() < 0.15
        visit = Visit(person=person, way=way, host=LISTED if listed else dice.choice(HOSTS))
        visit.pipelined = way in {"plain", "tunnel"} and dice.random() < 0.3
        for _ in range(dice.randint(1, most)):
            exchange = self._exchange(visit)
            if not exchange.lawful or exchange.reply.after:
                # What else is on its way on a connection with a fault is anybody's guess; with HTTP/2 that is all.
                visit.exchanges = [exchange] if way == "h2" else [*visit.exchanges, exchange]
                break
            visit.exchanges.append(exchange)
        return visit

    def _exchange(self, visit: Visit) -> Exchange:
        dice = self.dice
        token = f"{dice.getrandbits(64):016x}"
        canary = f"Kq{dice.getrandbits(96):024x}Zj"
        exchange = Exchange(token=token, canary=canary, says="", overage=False, lawful=True, fine=False)
        listed = visit.host == LISTED
        draw = dice.random()
        if draw < 0.12 and not listed:
            self._harmless(exchange)
        elif draw < 0.16 and not listed:
            exchange.overage, exchange.says = True, "an over-age part"
            exchange.reply.fields = [("Content-Type", "text/html; charset=utf-8")]
            exchange.reply.body = PARTS.replace("{canary}", canary).encode()
        elif listed or draw < 0.3:
            self._of_any_kind(exchange, listed=listed)
        else:
            self._labelled(exchange)
        self._answer(exchange, visit)
        ask(exchange, visit, dice)
        exchange.fine = exchange.fine and exchange.lawful
        return exchange

    # -- what the body is ------------------------------------------------------------------------------------------

    def _harmless(self, exchange: Exchange) -> None:
        kind, text = harmless(exchange.canary, self.dice)
        exchange.fine, exchange.says = True, f"nothing: {kind}"
        exchange.reply.fields, exchange.reply.body = [("Content-Type", kind)], text.encode()

    def _of_any_kind(self, exchange: Exchange, *, listed: bool) -> None:
        """For adults by the host or by a header field, whatever the body is."""
        dice, reply = self.dice, exchange.reply
        kind = dice.choice((*_BINARY, *_TYPES))
        filler = dice.randbytes(dice.choice((0, 10, 2_000, 90_000)))
        exchange.overage = True
        exchange.says = f"{'a listed host' if listed else 'a header field'}: {kind}"
        reply.body = exchange.canary.encode() + filler + exchange.canary.encode()
        reply.fields = [("Content-Type", kind)] if kind else []
        if not listed:
            name = dice.choice(("Rating", "rating", "RATING"))
            reply.fields.insert(dice.randint(0, len(reply.fields)), (name, RTA))
        if dice.random() < 0.2:
            reply.fields.append(("Content-Disposition", 'attachment; filename="x.bin"'))

    def _labelled(self, exchange: Exchange) -> None:
        dice, reply = self.dice, exchange.reply
        page = dice.choice(rated())
        exchange.overage, exchange.says = True, f"label: {page.name}"
        text = with_canary(page, exchange.canary, dice)
        if page.html and dice.random() < 0.1:
            text += f'<meta http-equiv=refresh content="0;url=/{exchange.canary}">'
        reply.fields = list(page.fields)
        reply.body = text.encode("utf-8", "surrogatepass")
        plain = [value for name, value in page.fields if name.lower() == "content-type"] in (
            ["text/html; charset=utf-8"],
            [],
        )
        if page.html and plain and len(page.fields) <= 1:
            if text.isascii() and "charset" not in text.lower() and dice.random() < 0.4:
                kind = dice.choice(_TYPES)
                reply.fields = [("Content-Type", kind)] if kind else []
                exchange.says += f" as {kind!r}"
            elif "charset" not in text.lower() and dice.random() < 0.25:
                self._recode(exchange, text)

    def _recode(self, exchange: Exchange, text: str) -> None:
        charset = self.dice.choice(_CHARSETS)
        try:
            body = text.encode(charset)
        except UnicodeEncodeError:
            return
        bom = _BOMS.get(charset, b"") if self.dice.random() < 0.5 else b""
        said = self.dice.choice(("windows-1252", "utf-8", charset)) if bom else charset  # a mark beats the header
        exchange.reply.fields = [("Content-Type", f"text/html; charset={said}")]
        exchange.reply.body = bom + body
        exchange.says += f" in {charset}"

    # -- how it is sent --------------------------------------------------------------------------------------------

    def _answer(self, exchange: Exchange, visit: Visit) -> None:
        dice, reply = self.dice, exchange.reply
        self._code(exchange)
        self._status(exchange)
        if dice.random() < 0.15:
            reply.interim = [dice.choice((100, 102, 103)) for _ in range(dice.randint(1, 3))]
        reply.framing = dice.choices(("length", "chunked", "close"), (5, 4, 1))[0]
        if reply.framing == "close":
            reply.closes = True
            reply.version = dice.choice(("HTTP/1.1", "HTTP/1.0"))
        if reply.framing == "chunked":
            reply.extension = dice.choice(("", "", "", ";a=b", ';a="b"'))
            if dice.random() < 0.3:
                reply.trailing = (
                    [("X-Trailing", exchange.canary), ("Rating", RTA)] if exchange.overage else [("X-T", "1")]
                )
        reply.pieces = dice.choice(([], [1], [7, 300], [1400], [100_000], [5, 1, 9_000]))
        if reply.pieces == [1] and len(reply.body) > 3_000:
            reply.pieces = [300]
        if dice.random() < 0.1 and not exchange.fine and reply.status not in {204, 304}:
            exchange.lawful, reply.closes = False, True
            reply.framing = dice.choice(_FAULTS)
            exchange.says += f"; framing: {reply.framing}"
        elif exchange.overage and not exchange.reply.applied and dice.random() < 0.05:
            self._goes_on(exchange, visit)

    def _code(self, exchange: Exchange) -> None:
        dice, reply = self.dice, exchange.reply
        if dice.random() < 0.45 or (exchange.fine and dice.random() < 0.3):
            return
        if dice.random() < 0.8 or exchange.fine:
            name = dice.choice(("gzip", "deflate", "br", "zstd", "raw-deflate"))
            said = {"raw-deflate": "deflate", "gzip": dice.choice(("gzip", "x-gzip", "GZIP"))}.get(name, name)
            reply.applied, listed = [name], said
        elif dice.random() < 0.6:
            reply.applied = dice.choices([each for each in CODERS if each != "raw-deflate"], k=dice.choice((2, 2, 3)))
            listed = ", ".join(reply.applied)
        else:  # a lie, which no browser can undo either
            reply.applied = dice.choice(([], ["gzip"], ["br"]))
            listed = dice.choice(
                ("rot13", "gzip;q=1", "compress", "br" if reply.applied != ["br"] else "zstd", ",,gzip,,x")
            )
            exchange.lawful = False
        reply.body = coded(reply.body, reply.applied)
        if len(reply.applied) > 2 or "compress" in listed:
            exchange.lawful = False
        if dice.random() < 0.05 and not exchange.fine:
            reply.body, exchange.lawful = reply.body[: -dice.randint(1, 8)], False
        reply.fields.append((dice.choice(("Content-Encoding", "content-encoding")), listed))
        exchange.says += f"; coding: {listed} ({'+'.join(reply.applied)})"

    def _status(self, exchange: Exchange) -> None:
        dice, reply = self.dice, exchange.reply
        draw = dice.random()
        if draw < 0.75:
            return
        if draw < 0.85:
            reply.status = dice.choice(_ERRORS)
        elif draw < 0.92:
            reply.status = dice.choice((300, 301, 302, 303, 307, 308))
            if dice.random() < 0.7:
                reply.fields.append(("Location", "/elsewhere"))
                exchange.fine = False  # its body is dropped
        elif exchange.fine:
            return
        elif draw < 0.97:
            reply.status = 206
            size = len(reply.body)
            reply.fields.append(("Content-Range", f"bytes 0-{size - 1}/{size + 50}"))
        else:
            reply.status = dice.choice((201, 203, 204, 205, 304, 226))
            exchange.lawful = exchange.lawful and reply.status not in {204, 205, 304}
            reply.closes = reply.closes or not exchange.lawful
        exchange.says += f"; status {reply.status}"

    def _goes_on(self, exchange: Exchange, visit: Visit) -> None:
        """Bytes that come after a moment: events, or messages of a WebSocket."""
        reply = exchange.reply
        if visit.way != "h2" and (visit.host == LISTED or self.dice.random() < 0.5):
            by_header = [] if visit.host == LISTED else [("Rating", RTA)]
            reply.status, reply.fields, reply.after = 101, by_header, "websocket"
            reply.body, reply.trailing, reply.interim, reply.framing = exchange.canary.encode(), [], [], "length"
        else:
            fields: Fields = [("Content-Type", "text/event-stream"), ("Rating", RTA)]
            reply.status, reply.fields, reply.after = 200, fields, "events"
            reply.body, reply.framing, reply.closes = f"data: {exchange.canary}\n\n".encode(), "close", True
        exchange.says = f"{reply.after}, {exchange.says.partition(';')[0]}"


def of_number(seed: int, number: int) -> Visit:
    return Generator(seed, number).visit()


__all__ = ["HOSTS", "LISTED", "PEOPLE", "Generator", "Reply", "of_number"]
