"""An address instead of a name: it counts as the hosts that live there, in every spelling."""

from tests.edge.mitm.origin import CANARY, Page
from tests.edge.mitm.world import POLICY, World, everything, ruling_of

BLOCKED = POLICY + "block: [{host: adult.test}]\n"
SPELLINGS = ("127.0.0.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1.", "[::ffff:127.0.0.1]")


def asked_plainly(world: World, host: str) -> bytes:
    place = f"{host}:{world.origin.plain_port}"
    with world.raw("child") as raw:
        raw.sendall(f"GET http://{place}/ HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n".encode())
        return everything(raw)


def asked_in_a_tunnel(world: World, host: str) -> bytes:
    with world.tls("child", host) as secure:
        secure.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{world.origin.tls_port}\r\n\r\n".encode())
        return everything(secure)


def test_an_address_is_as_its_hosts_are(world: World) -> None:
    world.origin.pages["127.0.0.1", "/"] = Page(b"<!doctype html><title>x</title>" + CANARY)
    with world.ruled_by(ruling_of(BLOCKED)):
        assert asked_plainly(world, "127.0.0.1").startswith(b"HTTP/1.1 200")  # nobody is known to live there
        assert asked_plainly(world, "adult.test").startswith(b"HTTP/1.1 403")
        world.get("child", "http://blog.test/")  # a name without a certificate proves nothing
        world.origin.asked.clear()
        for spelling in SPELLINGS:
            answer = asked_plainly(world, spelling)
            assert answer.startswith(b"HTTP/1.1 403"), (spelling, answer[:200])
            assert CANARY not in answer
        assert not world.origin.asked
        assert world.written[-1][1].url.host == "adult.test"  # type: ignore[union-attr]
        with world.client("adult") as client:
            assert client.get(f"http://127.0.0.1:{world.origin.plain_port}/").status_code == 200
        assert world.get("child", "kids.test/").status_code == 200
        assert asked_plainly(world, "127.0.0.1").startswith(b"HTTP/1.1 200")  # which is shared, as a CDN's is


def test_an_address_is_as_its_certificate_says(world: World) -> None:
    with world.ruled_by(ruling_of(BLOCKED)):
        for spelling in SPELLINGS:
            assert asked_in_a_tunnel(world, spelling).startswith(b"HTTP/1.1 403"), spelling
    assert not world.origin.asked


def test_another_certificate_blocks_nothing(world: World) -> None:
    with world.ruled_by(ruling_of(POLICY + "block: [{host: elsewhere.test}]\n")):
        answer = asked_in_a_tunnel(world, "127.0.0.1")
    # The origin's certificate is for names, so the proxy itself does not believe it for an address.
    assert answer.startswith(b"HTTP/1.1 502"), answer[:200]
