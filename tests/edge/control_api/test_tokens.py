"""The token: made once, kept as a hash, guessed by nobody, and never locked away from its owner."""

import stat
from pathlib import Path
from time import perf_counter

import pytest

from gateway.edge.control_api import tokens as tokens_module
from gateway.edge.control_api.tokens import FAILURES, Tokens, TooManyFailures, first_token, new_token
from gateway.edge.token_file import TOKEN_FILE
from gateway.store.database import Database
from gateway.store.fault import DataFault
from gateway.store.private_files import write
from gateway.store.state import State, TokenHash


@pytest.fixture
async def state(tmp_path: Path):
    database = Database.open(tmp_path / "qorgan.db")
    yield State(database)
    await database.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """A clock for what is remembered: add to `now[0]`."""
    now = [1000.0]
    cache = tokens_module.TTLCache
    monkeypatch.setattr(tokens_module, "TTLCache", lambda size, ttl: cache(size, ttl, timer=lambda: now[0]))
    return now


def other_secret(token: str) -> str:
    """The same public id with another secret."""
    return token[:16] + ("A" if token[16] != "A" else "B") + token[17:]


async def test_the_first_start_makes_it_and_the_next_does_not(state: State, tmp_path: Path) -> None:
    token = await first_token(state, tmp_path)
    assert token is not None
    assert (tmp_path / TOKEN_FILE).read_text() == f"{token}\n"
    assert stat.S_IMODE((tmp_path / TOKEN_FILE).stat().st_mode) == 0o600
    (kept,) = await state.token_hashes()
    assert kept.hash.startswith("$argon2id$")
    (tmp_path / TOKEN_FILE).unlink()  # read once and put away
    assert await first_token(state, tmp_path) is None
    assert not (tmp_path / TOKEN_FILE).exists()


async def test_the_token_itself_is_nowhere_in_the_database(state: State, tmp_path: Path) -> None:
    token = await first_token(state, tmp_path)
    assert token is not None
    secret = token.split("_", 2)[2].encode()  # which may have a _ of its own
    assert all(secret not in path.read_bytes() for path in tmp_path.glob("qorgan.db*"))


async def test_a_file_that_cannot_be_written_makes_no_token(state: State, tmp_path: Path) -> None:
    with pytest.raises(DataFault, match="admin-token cannot be written"):
        await first_token(state, tmp_path / "missing")
    assert await state.token_hashes() == ()


def test_a_private_file_is_replaced_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / TOKEN_FILE
    path.write_text("old")
    path.chmod(0o644)
    path.with_name(f".{path.name}.new").write_text("half")  # left by a killed process of the same id
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


async def test_only_the_right_token_holds(state: State, tmp_path: Path) -> None:
    token = await new_token(state, tmp_path)
    tokens = Tokens(state)
    assert await tokens.holds(token, "peer")
    for wrong in (
        "",
        "qorgan_",
        token[:-1],
        token + "A",
        token + "\n",
        token.upper(),
        other_secret(token),
        "ұ\udcff\0",
    ):
        assert not await tokens.holds(wrong, "peer"), wrong
    tokens.close()


async def test_a_right_token_is_paid_for_once_a_minute(
    state: State, tmp_path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    matches = tokens_module._matches
    monkeypatch.setattr(tokens_module, "_matches", lambda kept, token: hashed.append(token) or matches(kept, token))
    token = await new_token(state, tmp_path)
    tokens = Tokens(state)
    began = perf_counter()
    for _ in range(200):
        assert await tokens.holds(token, "peer")
    assert perf_counter() - began < 10
    assert len(hashed) == 1
    clock[0] += 61
    assert await tokens.holds(token, "peer")
    assert len(hashed) == 2


async def test_a_replaced_token_ends_within_a_minute(state: State, tmp_path: Path, clock: list[float]) -> None:
    old = await new_token(state, tmp_path)
    tokens = Tokens(state)
    assert await tokens.holds(old, "peer")
    new = await new_token(state, tmp_path)
    assert await tokens.holds(new, "peer")
    clock[0] += 61
    assert not await tokens.holds(old, "peer")
    assert await tokens.holds(new, "peer")


async def test_guessing_is_stopped_and_does_not_lock_the_owner_out(
    state: State, tmp_path: Path, clock: list[float]
) -> None:
    token = await new_token(state, tmp_path)
    tokens = Tokens(state)
    for number in range(FAILURES):
        assert not await tokens.holds(f"qorgan_{number:08x}_{'A' * 43}", "127.0.0.1")
    with pytest.raises(TooManyFailures, match="60 seconds"):
        await tokens.holds("qorgan_ffffffff_" + "A" * 43, "127.0.0.1")
    assert not await tokens.holds("another side's guess", "192.0.2.7")
    assert await tokens.holds(token, "127.0.0.1")  # from the same address, not yet remembered
    clock[0] += 61
    assert not await tokens.holds("a later guess", "127.0.0.1")


async def test_guessing_behind_a_known_id_is_stopped_too(state: State, tmp_path: Path) -> None:
    token = await new_token(state, tmp_path)
    tokens = Tokens(state)
    for number in range(FAILURES):
        assert not await tokens.holds(other_secret(token), f"192.0.2.{number}")
    with pytest.raises(TooManyFailures):
        await tokens.holds(other_secret(token), "192.0.2.99")


async def test_a_damaged_hash_opens_nothing(state: State, tmp_path: Path) -> None:
    token = await new_token(state, tmp_path)
    (kept,) = await state.token_hashes()
    for damaged in ("", "$argon2id$", kept.hash[:-4] + "AAAA", token):
        await state.replace_tokens(TokenHash(kept.id, damaged))
        assert not await Tokens(state).holds(token, "peer"), damaged


async def test_too_many_failures_answer_429(served, client) -> None:
    for number in range(FAILURES + 1):
        headers = {"Authorization": f"Bearer guess-{number}"}
        async with client.get(served.url + "/api/v1/version", headers=headers) as response:
            status = response.status
    assert status == 429
    assert response.headers["Retry-After"] == "60"
    async with client.get(served.url + "/api/v1/version", headers=served.bearer) as response:
        assert response.status == 200
