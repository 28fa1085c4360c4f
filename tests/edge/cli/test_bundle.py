"""`qorgan bundle`: what a device knows, printed or signed."""

import json
import stat
from base64 import urlsafe_b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
HOME = """
extends: home
people: {dana: {age: adult}, aru: {age: 8}}
block: [{id: no-games, host: games.example, for: aru}]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home.yaml").write_text(HOME)
    return tmp_path / "home.yaml"


def test_it_prints_what_the_device_of_somebody_knows(qorgan: Qorgan, home: Path, tmp_path: Path) -> None:
    done = qorgan("bundle", "--as", "aru", "--config", home, "--data", tmp_path / "data")
    assert (done.status, done.err) == (0, "")
    told = json.loads(done.out)
    assert (told["person"], told["age"], told["adult"]) == ("aru", 8, None)
    assert [rule["rule"] for rule in told["child"]["rules"] if rule.get("host")] == ["no-games"]
    assert "words" not in told
    assert not (tmp_path / "data" / "bundle-key.pem").exists()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_it_signs_a_file_for_a_device(qorgan: Qorgan, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "aru.json"
    done = qorgan("bundle", "--as", "aru", "--days", "3", "--config", home, "--data", tmp_path / "data", "--out", out)
    assert (done.status, done.out) == (0, "")
    signed = json.loads(out.read_text(encoding="utf-8"))
    assert f"signed with key {signed['key']}" in done.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    x, y = (int.from_bytes(decoded(signed["public_key"][part])) for part in "xy")
    signature = decoded(signed["signature"])
    r, s = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    public.verify(encode_dss_signature(r, s), signed["bundle"].encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(signed["bundle"])["words"]["kk"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--as", "arru"], 2, "did you mean aru?"),
        (["--as", "aru", "--days", "0"], 2, "--days"),
        (["--as", "aru", "--out", "/nowhere/aru.json"], 1, "/nowhere/aru.json cannot be written"),
        ([], 2, "--as"),
    ],
)
def test_what_is_wrong_is_said(
    qorgan: Qorgan, home: Path, tmp_path: Path, words: list[str], status: int, told: str
) -> None:
    done = qorgan("bundle", *words, "--config", home, "--data", tmp_path / "data")
    assert (done.status, done.out) == (status, "")
    assert told in done.err
