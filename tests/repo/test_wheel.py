"""The wheel: one top-level name, everything that is read at run time inside, nothing that is somebody's own."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from gateway import __version__

ROOT = Path(__file__).parents[2]
OF_NOBODY_ELSE = ("policies/mine.local.yaml", "gateway/mine.local.yaml", "addons/proxy/mine.local.yaml", "var/token")


@dataclass
class Wheel:
    names: frozenset[str]
    folder: Path  # unpacked, as an installer would


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wheel]:
    """Built from a copy of what git keeps, among which lies what an operator may have put there."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for name in kept():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    for name in OF_NOBODY_ELSE:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("secret: 1\n")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(tree)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    assert built.name == f"qorgan-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(built) as archive:
        archive.extractall(out / "unpacked")
        yield Wheel(frozenset(archive.namelist()), out / "unpacked")


def kept() -> list[str]:
    """What git keeps, or would keep; without what was taken away."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in listed if name and (ROOT / name).is_file()]


def test_it_has_one_name_of_its_own(wheel: Wheel) -> None:
    assert {PurePosixPath(name).parts[0] for name in wheel.names} == {"gateway", f"qorgan-{__version__}.dist-info"}


def test_nothing_of_tests_or_of_an_operator_is_inside(wheel: Wheel) -> None:
    for name in wheel.names:
        assert "tests" not in PurePosixPath(name).parts
        assert "__pycache__" not in name
        assert not name.endswith((".local.yaml", ".pyc", ".db", ".pem", ".key"))


@pytest.mark.parametrize("folder", ["gateway", "policies", "addons"])
def test_every_file_that_git_keeps_of_it_is_inside(wheel: Wheel, folder: str) -> None:
    """Policies, add-ons, templates, words, OpenAPI, migrations, the demo's pages: whatever it is."""
    place = "" if folder == "gateway" else "gateway/_shipped/"
    wanted = {place + name for name in kept() if name.startswith(folder + "/")}
    assert wanted
    assert wanted - wheel.names == set()


@pytest.mark.parametrize(
    "name",
    [
        "_shipped/policies/law/kz/169-vi.yaml",
        "_shipped/policies/demo/qorgan.yaml",
        "_shipped/addons/proxy/age_gate.py",
        "enforce/locale/kk.po",
        "enforce/templates/page.html",
        "edge/control_api/pages/openapi.yaml",
        "edge/demo/pages/adult/index.html",
        "store/migrations/versions/v0001_first_tables.py",
    ],
)
def test_what_is_read_at_run_time_is_inside(wheel: Wheel, name: str) -> None:
    assert f"gateway/{name}" in wheel.names


def test_the_command_and_the_licence_are_named(wheel: Wheel) -> None:
    about = wheel.folder / f"qorgan-{__version__}.dist-info"
    assert "qorgan = gateway.cli:main" in (about / "entry_points.txt").read_text()
    assert (about / "licenses" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    metadata = (about / "METADATA").read_text()
    assert f"Version: {__version__}\n" in metadata
    assert "Requires-Python: >=3.12\n" in metadata


@pytest.mark.parametrize(
    ("words", "given", "out", "err"),
    [
        ("where", "", "{wheel}/gateway/_shipped/policies\n{wheel}/gateway/_shipped/addons\n", ""),
        ("law 16.3", "", "Law 169-VI Art. 16(3)", ""),
        ("labels", "<!doctype html><meta name=rating content=adult>", "rated: 18+, from 18 years", ""),
        ("decide --jsonl", '{"age": 8, "preset": "home", "labels": [{"mark": "FSK 16"}]}', '"reason": "label"', ""),
        ("check {wheel}/gateway/_shipped/policies/demo/qorgan.yaml", "", "", "no problems\n"),
        ("addon build --out built", "", "built/qorgan.crx\n", "only after addons.mozilla.org has signed it\n"),
        ("explain https://site.test/ --as nobody", "", "", "'nobody'; known here: aigerim, dana, daniyar\n"),
    ],
)
def test_it_works_from_where_it_lies(wheel: Wheel, tmp_path: Path, words: str, given: str, out: str, err: str) -> None:
    """From another folder, with nothing of the checkout to be found."""
    command = [sys.executable, "-m", "gateway.cli", *words.format(wheel=wheel.folder).split()]
    environment = {**os.environ, "PYTHONPATH": str(wheel.folder), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(command, input=given, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (out.replace("{wheel}", str(wheel.folder)) in done.stdout) if out else done.stdout == ""
    assert done.stderr.endswith(err) if err else done.stderr == ""
