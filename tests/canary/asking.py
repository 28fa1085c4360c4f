"""How a request is put: as a browser puts it, or as somebody does who wants to get around."""

import random
from typing import Final

from tests.canary.exchange import Exchange, Visit

_DESTINATIONS: Final = ("document", "iframe", "frame", "embed", "object", "image", "script", "style", "empty", "worker",
                        "serviceworker", "video", "audio", "font", "report", "")  # fmt: skip
_METHODS: Final = (("GET", 20), ("POST", 3), ("HEAD", 2), ("PUT", 1), ("OPTIONS", 1), ("DELETE", 1))


def ask(exchange: Exchange, visit: Visit, dice: random.Random) -> None:
    """Fills in the request. What no browser would send makes the exchange unlawful: it may be refused to anybody."""
    path = dice.choice(("/{}", "/{}/", "/{}/index.html", "/{}?q=1&r=%41", "/a/b/../{}", "/{};x=1", "//{}", "/%7e/{}"))
    exchange.target = path.format("t" + exchange.token)
    exchange.authority = visit.host
    exchange.method = dice.choices(*zip(*_METHODS, strict=True))[0]  # type: ignore[arg-type]
    if exchange.reply.after or exchange.reply.status == 206:
        exchange.method = "GET"
    _fields(exchange, dice)
    if exchange.method in {"POST", "PUT"}:
        exchange.body = dice.choice((b"", b"a=b&c=d", b"x" * 3_000))
        exchange.fields.append(("Content-Type", "application/x-www-form-urlencoded"))
    if exchange.method == "HEAD":
        exchange.fine = exchange.lawful = False  # there is no body to be seen
    if exchange.reply.after == "websocket":
        exchange.fields += [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
                            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]  # fmt: skip
    elif dice.random() < 0.06:
        _oddly(exchange, visit, dice)
    if visit.way == "plain-in-tunnel":
        exchange.lawful = False


def _fields(exchange: Exchange, dice: random.Random) -> None:
    if destination := dice.choice(_DESTINATIONS):
        exchange.fields.append(("Sec-Fetch-Dest", destination))
        exchange.fields.append(("Sec-Fetch-Mode", dice.choice(("navigate", "no-cors", "cors"))))
    if dice.random() < 0.7:
        exchange.fields.append(
            ("Accept-Encoding", dice.choice(("gzip, deflate, br, zstd", "gzip", "*", "identity", "x")))
        )
    if dice.random() < 0.3:
        exchange.fields.append(("Accept-Language", dice.choice(("kk", "ru-RU,ru", "en"))))
    if exchange.reply.status == 206:
        exchange.fields.append(("Range", "bytes=0-"))
    if exchange.reply.status == 304 or dice.random() < 0.05:
        exchange.fields.append(("If-None-Match", '"one"'))
    if dice.random() < 0.05:
        exchange.fields.append((dice.choice(("X-Age", "X-Forwarded-For", "Forwarded")), dice.choice(("30", "1.2.3.4"))))
    if dice.random() < 0.03:
        exchange.fields.append(("TE", "trailers"))


def _oddly(exchange: Exchange, visit: Visit, dice: random.Random) -> None:
    exchange.lawful = False
    odd = dice.choice(
        ("case", "dot", "percent", "wide", "user", "other-host", "absolute", "address", "two-hosts", "space")
    )
    host = visit.host
    if odd == "other-host" and visit.way == "plain":
        odd = "two-hosts"  # without a tunnel there is nothing that the other name could contradict
    spelt = {
        "case": host.upper(),
        "dot": host + ".",
        "percent": host.replace("e", "%65", 1),
        "wide": host.replace(".test", "\uff0etest"),
        "user": f"a:b@{host}",
        "other-host": "kids.test",
        "address": dice.choice(("127.0.0.1", "2130706433", "127.1", "0x7f000001", "[::ffff:127.0.0.1]")),
    }.get(odd)
    if odd == "address" and "listed" in exchange.says:
        spelt = host.upper()  # by an address nobody knows what site it is
    exchange.says += f"; asked oddly: {odd}"
    if odd == "absolute":
        exchange.target = f"http://{host}{exchange.target}"
    elif odd == "two-hosts":
        exchange.fields.append(("Host", "kids.test"))
    elif odd == "space":
        exchange.target += " x"
    elif spelt:
        exchange.authority = spelt
