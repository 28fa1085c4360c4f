"""`qorgan check` with folders of tenants and files that files name, and `--explain`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
SAMPLES = Path(__file__).parents[3] / "policies" / "samples"


@pytest.fixture
def operator(tmp_path: Path) -> Path:
    (tmp_path / "op" / "t").mkdir(parents=True)
    (tmp_path / "base.yaml").write_text("extends: isp\nblock: [{host: a.kz}]\n")
    (tmp_path / "op" / "op.yaml").write_text("extends: ../base.yaml\ntenant-files: t\n")
    (tmp_path / "op" / "t" / "s-1.yaml").write_text("line: {addresses: 10.0.0.1}\npeople: {aigerim: {age: 8}}\n")
    return tmp_path / "op" / "op.yaml"


def test_what_a_file_extends_and_its_tenants_come_with_it(qorgan: Qorgan, operator: Path) -> None:
    done = qorgan("check", "--explain", operator)
    assert (done.status, done.err) == (0, "no problems\n")
    assert "\ns-1/aigerim\n  Age: counts as 8: " in done.out
    assert f"\n  Blocked: a.kz ({operator.parents[1]}/base.yaml:2)\n" in done.out


def test_a_faulty_tenant_is_told_with_its_place(qorgan: Qorgan, operator: Path) -> None:
    (operator.parent / "t" / "s-2.yaml").write_bytes(b"line: \xff\n")
    (operator.parent / "t" / "s-3.yaml").write_text("line: {addresses: 10.0.0.1}\n")
    done = qorgan("check", "--explain", operator)
    assert (done.status, done.out) == (1, "")
    assert f"{operator.parent}/t/s-2.yaml:1:7: the byte 0xff here is not UTF-8\n" in done.err
    assert f"{operator.parent}/t/s-3.yaml:1:19: 10.0.0.1/32 already belongs to the tenant 's-1'\n" in done.err
    assert done.err.endswith("2 problems\n")


def test_a_file_that_is_extended_and_not_there_is_told_where_it_is_named(qorgan: Qorgan, operator: Path) -> None:
    (operator.parents[1] / "base.yaml").unlink()
    done = qorgan("check", operator)
    assert f"{operator}:1:10: there is no file '../base.yaml' beside this one\n" in done.err


def test_an_installation_with_problems_of_its_own_is_not_explained(qorgan: Qorgan, tmp_path: Path) -> None:
    (tmp_path / "qorgan.yaml").write_text("people: {aigerim: {age: 8}}\nadmin: {port: x}\n")
    done = qorgan("check", "--explain", tmp_path / "qorgan.yaml")
    assert (done.status, done.out) == (1, "")


@pytest.mark.parametrize("name", ["school", "operator"])
def test_the_samples_have_no_problems_and_are_explained(qorgan: Qorgan, name: str) -> None:
    done = qorgan("check", "--explain", SAMPLES / name)
    assert (done.status, done.err) == (0, "no problems\n")
    assert done.out.count("\n\n") >= 5
