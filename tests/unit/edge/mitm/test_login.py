"""Who a request says that it is: verified once, and then remembered."""

from base64 import b64encode

from mitmproxy.http import Headers

from gateway.edge.mitm.login import Logins


def sent(login: str, password: str) -> Headers:
    return Headers(proxy_authorization="Basic " + b64encode(f"{login}:{password}".encode()).decode())


async def test_who_is_known_is_not_asked_for_again() -> None:
    """Somebody else at the same address, who guesses, costs others nothing."""
    asked: list[tuple[str, str, str]] = []
    locked = False

    async def verify(login: str, password: str, address: str) -> bool:
        asked.append((login, password, address))
        return password == "right" and not locked

    logins = Logins(verify, "Qorgan")
    assert await logins.login_of(sent("ana", "right"), "10.0.0.1") == "ana"
    locked = True
    assert await logins.login_of(sent("bek", "guess"), "10.0.0.1") is None
    assert await logins.login_of(sent("ana", "right"), "10.0.0.1") == "ana"
    assert asked == [("ana", "right", "10.0.0.1"), ("bek", "guess", "10.0.0.1")]
    assert await logins.login_of(Headers(), "10.0.0.1") is None
