"""The client of the benches: keep-alive requests through a proxy, HTTP or HTTPS, a fixed number of them.

`python tests/bench/load.py '{"proxy": port, "host": name, "port": n, "path": "/x", "ca": file or null, "requests": n,
"connections": n}'` prints one JSON line: seconds, requests, bytes and the statuses seen.
"""

import asyncio
import json
import re
import ssl
import sys
import time
from collections import Counter

LENGTH = re.compile(rb"(?i)content-length: (\d+)")


async def connect(plan: dict) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", plan["proxy"], limit=1 << 20)
    where = f"{plan['host']}:{plan['port']}"
    if plan["ca"] is None:
        return reader, writer, f"http://{where}{plan['path']}"
    writer.write(f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n\r\n".encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in answer:
        raise ConnectionError(answer.decode("latin-1"))
    await writer.start_tls(ssl.create_default_context(cafile=plan["ca"]), server_hostname=plan["host"])
    return reader, writer, plan["path"]


async def ask(plan: dict, count: int, seen: Counter) -> None:
    reader, writer, target = await connect(plan)
    request = (
        f"GET {target} HTTP/1.1\r\nHost: {plan['host']}:{plan['port']}\r\nAccept-Encoding: gzip, br\r\n\r\n".encode()
    )
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        found = LENGTH.search(head)
        body = await (reader.readexactly(int(found[1])) if found else chunks(reader))
        seen[head[9:12].decode()] += 1
        seen["bytes"] += len(body)
    writer.close()


async def chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


async def main(plan: dict) -> None:
    seen: Counter = Counter()
    started = time.perf_counter()
    each = plan["requests"] // plan["connections"]
    await asyncio.gather(*(ask(plan, each, seen) for _ in range(plan["connections"])))
    seconds = time.perf_counter() - started
    total = seen.pop("bytes")
    print(
        json.dumps({"seconds": seconds, "requests": each * plan["connections"], "bytes": total, "statuses": dict(seen)})
    )


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
