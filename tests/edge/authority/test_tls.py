"""What a client that trusts only the root accepts and refuses, over real TLS with certificates that mitmproxy makes."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from cryptography import x509
from mitmproxy.certs import CertStore

from gateway.edge.authority.authority import Authority, ensure
from tests.edge.authority.conftest import NAMES, NOW

Make = Callable[..., Authority]


@contextlib.asynccontextmanager
async def _server(authority: Authority, names: list[str], folder: Path) -> AsyncIterator[int]:
    store = CertStore.from_store(authority.confdir, "mitmproxy", 2048)
    leaf = store.get_cert(names[0], [x509.DNSName(name) for name in names])
    file = folder / "leaf.pem"
    signer = (authority.confdir / "mitmproxy-ca.pem").read_bytes()  # mitmproxy's leaves carry the intermediate's key
    file.write_bytes(leaf.cert.to_pem() + signer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"salem")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _visit(authority: Authority, port: int, name: str) -> bytes:
    trust = ssl.create_default_context(cafile=str(authority.root_file))
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=name)
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("name", ["shop.example", "notbank.example", "bank.example.org", "xn--80ak6aa92e.example"])
async def test_ordinary_name_is_accepted(make: Make, tmp_path: Path, name: str) -> None:
    authority = make()
    async with _server(authority, [name], tmp_path) as port:
        assert await _visit(authority, port, name) == b"salem"


@pytest.mark.parametrize("name", ["bank.example", "www.bank.example", "a.b.gov.example"])
async def test_excluded_name_is_refused(make: Make, tmp_path: Path, name: str) -> None:
    authority = make()
    async with _server(authority, [name], tmp_path) as port:
        with pytest.raises(ssl.SSLCertVerificationError, match="excluded subtree violation"):
            await _visit(authority, port, name)


async def test_one_excluded_name_spoils_a_certificate_with_many(make: Make, tmp_path: Path) -> None:
    """Why the edge must put only the asked name into a leaf, and copy no other name of the upstream certificate."""
    authority = make()
    async with _server(authority, ["shop.example", "www.bank.example"], tmp_path) as port:
        with pytest.raises(ssl.SSLCertVerificationError, match="excluded subtree violation"):
            await _visit(authority, port, "shop.example")


async def test_root_of_another_installation_is_not_enough(make: Make, tmp_path: Path) -> None:

    authority, other = make(), ensure(tmp_path / "other", NOW, "", NAMES)
    async with _server(authority, ["shop.example"], tmp_path) as port:
        with pytest.raises(ssl.SSLCertVerificationError):
            await _visit(other, port, "shop.example")
