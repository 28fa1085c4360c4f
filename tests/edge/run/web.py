"""A site as the web is: scripts, styles, images, fetches, events, sockets, uploads, frames, redirects.

`python tests/edge/run/web.py` prints one JSON line (port, path of its CA) and then one for each report of the page's
script: what it tried, and what came of it. It serves until standard input ends.
"""

import asyncio
import json
import ssl
import sys
import tempfile
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import trustme
from aiohttp import WSMsgType, web

PIECES = 60
# ruff: noqa: E501 - the page's own lines
PAGE = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Web</title>
<link rel=stylesheet href=/style.css><script src=/script.js></script></head>
<body><h1>Web</h1><div id=images></div><iframe src=/frame.html></iframe>
<script type=module>
import {value} from "/module.mjs";
const seen = {module: value, script: window.loaded, style: getComputedStyle(document.querySelector("h1")).color};
const text = async (url, options) => { const r = await fetch(url, options); return r.status + " " + (await r.text()).length; };
const tries = {
  images: () => Promise.all([...Array(PIECES).keys()].map(n => new Promise(done => {
    const image = new Image(); image.onload = () => done(1); image.onerror = () => done(0);
    image.src = "/image/" + n + ".svg"; document.querySelector("#images").append(image);
  }))).then(all => all.reduce((a, b) => a + b)),
  json: async () => (await (await fetch("/data.json")).json()).fruit,
  fragment: () => text("/fragment.html"),
  gzip: () => text("/gzip.txt"),
  redirect: () => text("/redirect"),
  missing: () => text("/missing"),
  empty: () => text("/empty"),
  upload: () => text("/upload", {method: "POST", body: "x".repeat(3000000)}),
  form: () => text("/upload", {method: "POST", body: new URLSearchParams({a: "b"})}),
  head: () => text("/data.json", {method: "HEAD"}),
  range: async () => { const r = await fetch("/blob.bin", {headers: {Range: "bytes=10-19"}}); return r.status + " " + (await r.arrayBuffer()).byteLength; },
  blob: async () => (await (await fetch("/blob.bin")).arrayBuffer()).byteLength,
  cached: async () => { const a = await text("/etag.js"); return a + " / " + await text("/etag.js", {cache: "no-cache"}); },
  events: () => new Promise(done => { const got = []; const s = new EventSource("/events");
    s.onmessage = e => { got.push(e.data); if (got.length === 3) { s.close(); done(got.join()); } }; s.onerror = () => done("error " + got.join()); }),
  socket: () => new Promise(done => { const s = new WebSocket("wss://" + location.host + "/socket");
    s.onopen = () => s.send("apple"); s.onmessage = e => { s.close(); done(e.data); }; s.onerror = () => done("error"); }),
  frame: () => new Promise(done => { const look = () => { const d = document.querySelector("iframe").contentDocument;
    d && d.querySelector("#inner") ? done(d.querySelector("#inner").textContent) : setTimeout(look, 50); }; look(); }),
};
for (const name of Object.keys(tries)) {
  try { seen[name] = await Promise.race([tries[name](), new Promise(r => setTimeout(() => r("too late"), 8000))]); }
  catch (fault) { seen[name] = "fault " + fault; }
}
await fetch("/report", {method: "POST", body: JSON.stringify(seen)});
</script></body></html>""".replace("PIECES", str(PIECES))
BLOB = bytes(range(256)) * 4096


def answer(body: str | bytes, kind: str, **headers: str) -> web.Response:
    return web.Response(
        body=body.encode() if isinstance(body, str) else body, headers={"Content-Type": kind, **headers}
    )


async def image(_request: web.Request) -> web.Response:
    return answer('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>', "image/svg+xml")


async def blob(request: web.Request) -> web.Response:
    part = request.http_range
    if part.start is None:
        return answer(BLOB, "application/octet-stream")
    piece = BLOB[part.start : part.stop]
    shown = f"bytes {part.start}-{part.start + len(piece) - 1}/{len(BLOB)}"
    return web.Response(
        status=206, body=piece, headers={"Content-Type": "application/octet-stream", "Content-Range": shown}
    )


async def etag(request: web.Request) -> web.Response:
    if request.headers.get("If-None-Match") == '"one"':
        return web.Response(status=304, headers={"ETag": '"one"'})
    return answer("// kept", "text/javascript", ETag='"one"')


async def upload(request: web.Request) -> web.Response:
    return answer(str(len(await request.read())), "text/plain")


async def report(request: web.Request) -> web.Response:
    print(json.dumps(json.loads(await request.read())), flush=True)
    return web.Response(status=204)


async def events(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for number in range(3):
        await response.write(f"data: {number}\n\n".encode())
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)
    return response


async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str("echo " + message.data)
    return socket


async def redirect(_request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/fragment.html"})


async def empty(_request: web.Request) -> web.Response:
    return web.Response(status=204)


def fixed(body: str | bytes, kind: str, **headers: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(_request: web.Request) -> web.Response:
        return answer(body, kind, **headers)

    return handler


def app() -> web.Application:
    site = web.Application(client_max_size=1 << 24)
    html = "text/html; charset=utf-8"
    packed = zlib.compressobj(wbits=31)
    site.add_routes(
        [
            web.get("/", fixed(PAGE, html)),
            web.get("/style.css", fixed("h1 {color: rgb(1, 2, 3)}", "text/css")),
            web.get("/script.js", fixed("window.loaded = 'yes';", "text/javascript")),
            web.get("/module.mjs", fixed("export const value = 'module';", "text/javascript")),
            web.get("/frame.html", fixed("<!doctype html><p id=inner>inner</p>", html)),
            web.get("/fragment.html", fixed("<p>a fragment</p>", html)),
            web.get("/data.json", fixed('{"fruit": "apple"}', "application/json")),
            web.get(
                "/gzip.txt",
                fixed(packed.compress(b"z" * 5000) + packed.flush(), "text/plain", **{"Content-Encoding": "gzip"}),
            ),
            web.get("/redirect", redirect),
            web.get("/empty", empty),
            web.get("/image/{name}", image),
            web.get("/blob.bin", blob),
            web.get("/etag.js", etag),
            web.get("/events", events),
            web.get("/socket", echo),
            web.post("/upload", upload),
            web.post("/report", report),
        ]
    )
    return site


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        authority, ca = trustme.CA(), Path(folder, "web-ca.pem")
        authority.cert_pem.write_to_path(str(ca))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("web.test").configure_cert(context)
        runner = web.AppRunner(app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        print(json.dumps({"port": runner.addresses[0][1], "ca": str(ca)}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
