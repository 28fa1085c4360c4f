"""The least of mitmproxy that serves HTTP and HTTPS: `python tests/bench/minimal.py PORT CONFDIR TRUSTED_CA`.

A Master with three of its add-ons and no filter: what the gateway would cost if it did nothing.
"""

import asyncio
import logging
import sys

from mitmproxy.addons.next_layer import NextLayer
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.addons.tlsconfig import TlsConfig
from mitmproxy.master import Master
from mitmproxy.options import Options


async def main(port: str, confdir: str, trusted: str) -> None:
    logging.basicConfig(level=logging.WARNING)
    master = Master(Options())
    master.addons.add(Proxyserver(), NextLayer(), TlsConfig())
    master.options.update(
        mode=[f"regular@127.0.0.1:{port}"],
        confdir=confdir,
        ssl_verify_upstream_trusted_ca=trusted,
        connection_strategy="lazy",
        upstream_cert=False,
        http3=False,
    )
    await master.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
