"""Listeners that ask for a name and a password."""

from tests.edge.mitm.world import World


def test_without_a_login_the_client_is_asked(world: World) -> None:
    with world.raw("login") as raw:
        target = f"kids.test:{world.origin.tls_port}"
        raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        answer = raw.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 407")
    assert b'Proxy-Authenticate: Basic realm="Qorgan"' in answer


def test_a_right_login_is_a_person(world: World) -> None:
    with world.client("login", login="pupil:secret") as client:
        assert "Welcome" in client.get(world.url("kids.test/")).text
        assert client.get(world.url("adult.test/")).status_code == 451
        plain = client.get(world.url("http://kids.test/"))
    assert "Welcome" in plain.text
    assert all(not asked.all("proxy-authorization") for asked in world.origin.asked)


def test_a_wrong_password_is_nobody(world: World) -> None:
    with world.client("login", login="pupil:wrong") as client:
        assert client.get(world.url("http://kids.test/")).status_code == 407
    assert not world.origin.asked
