"""`qorgan ca`: makes the CA where there is none, and says the same of it ever after."""

import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.edge.authority.lists import shipped_never_signed

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py


@pytest.fixture(scope="module")
def data(qorgan: Qorgan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ca") / "data"
    assert qorgan("ca", "--data", folder).status == 0
    return folder


def test_the_fingerprint_is_that_of_the_root(qorgan: Qorgan, data: Path) -> None:
    command = ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", str(data / "authority" / "root.pem")]
    by_openssl = subprocess.run(command, capture_output=True, text=True, check=True).stdout.partition("=")[2].strip()
    shown = re.search(r"SHA-256 +([0-9A-F:]+)\n +([0-9A-F:]+)\n", qorgan("ca", "--data", data).out)
    assert shown is not None
    assert f"{shown[1]}:{shown[2]}" == by_openssl


def test_every_name_that_it_can_never_sign_is_shown(qorgan: Qorgan, data: Path) -> None:
    words = set(re.split(r"[\s,]+", qorgan("ca", "--data", data).out))
    assert {entry.host for entry in shipped_never_signed()} <= words


def test_it_says_how_a_device_trusts_it_and_where_the_key_is(qorgan: Qorgan, data: Path) -> None:
    said = qorgan("ca", "--data", data).out
    for word in ("Windows", "macOS", "Android", "Firefox", "iPhone", str(data / "authority" / "root.pem")):
        assert word in said
    (data / "authority" / "offline" / "root-key.pem").rename(data.parent / "root-key.pem")
    try:
        assert "not on this box, as it should be" in qorgan("ca", "--data", data).out
    finally:
        (data.parent / "root-key.pem").rename(data / "authority" / "offline" / "root-key.pem")


def test_it_is_made_once(qorgan: Qorgan, data: Path) -> None:
    assert qorgan("ca", "--data", data).out == qorgan("ca", "--data", data).out


def test_nobody_else_may_read_its_keys(data: Path) -> None:
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for key in data.rglob("*key*.pem"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_data_directory_that_others_may_write_is_refused(qorgan: Qorgan, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o777)
    for verb in ("ca", "run"):
        done = qorgan(verb, "--data", folder)
        assert (done.status, done.out) == (1, "")
        assert done.err == f"{folder} is open to other users (mode 0777): chmod go-w '{folder}'\n"


def test_a_ca_whose_files_are_damaged_is_told_and_never_replaced(qorgan: Qorgan, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    qorgan("ca", "--data", folder)
    root = folder / "authority" / "root.pem"
    root.write_bytes(b"nonsense")
    done = qorgan("ca", "--data", folder)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"{root} is damaged: no certificate can be read from it\n"
    assert root.read_bytes() == b"nonsense"
