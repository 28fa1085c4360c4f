"""Files that a policy's files name."""

import pytest

from gateway.policy.named import beside, named_by


@pytest.mark.parametrize(
    ("file", "name", "found"),
    [
        ("home.yaml", "base.yaml", "base.yaml"),
        ("a/home.yaml", "./base.yaml", "a/base.yaml"),
        ("a/b/home.yaml", "../base.yaml", "a/base.yaml"),
        ("a/home.yaml", "../../base.yaml", "../base.yaml"),
        ("../a/home.yaml", "../base.yaml", "../base.yaml"),
        ("/a/home.yaml", "../../base.yaml", "/../base.yaml"),
        ("/a/home.yaml", "b//c.yaml", "/a/b/c.yaml"),
        ("a/home.yaml", "/etc/base.yaml", "/etc/base.yaml"),
    ],
)
def test_a_name_is_relative_to_the_folder_of_its_file(file: str, name: str, found: str) -> None:
    assert beside(file, name) == found


def test_what_a_policy_extends_and_the_folders_of_its_tenants_are_named() -> None:
    files = {
        "op/op.yaml": "extends: ../base.yaml\ntenant-files: [t, ./u/]\n",
        "op/t/s-1.yaml": "extends: /etc/other.yaml\n",
        "op/plain.yaml": "extends: isp\n",
        "op/broken.yaml": "extends: x.yaml\na: [\n",
        "op/odd.yaml": "extends: [a.yaml]\ntenant-files: {a: b}\n",
    }
    assert named_by(files) == ("op/t", "op/u", "base.yaml")


def test_files_that_name_nothing_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("gateway.policy.named.parse", fail)
    assert named_by({"a.yaml": "extends: home\nblock: [{host: yaml.kz}]\n"}) == ()
