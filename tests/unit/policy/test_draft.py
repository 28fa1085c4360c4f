"""One file for the installation and the policy."""

from gateway.policy.draft import split_installation
from gateway.policy.parse import as_plain, parse


def test_a_file_is_split_into_the_installation_and_the_policy() -> None:
    installation, policy = split_installation(
        parse("listeners: {kids: {port: 8081}}\npeople: {}\ndata: x\ntypo: y\n", "qorgan.yaml")
    )
    assert as_plain(installation) == {"listeners": {"kids": {"port": 8081}}, "data": "x"}
    assert as_plain(policy) == {"people": {}, "typo": "y"}


def test_places_stay_after_the_split() -> None:
    installation, policy = split_installation(parse("data: x\n\nzone: Asia/Almaty\n", "qorgan.yaml"))
    assert policy.entries["zone"].key == (3, 1)
    assert installation.entries["data"].key == (1, 1)


def test_what_is_no_group_of_keys_is_the_policys_to_complain_about() -> None:
    installation, policy = split_installation(parse("- a\n", "qorgan.yaml"))
    assert as_plain(installation) == {}
    assert as_plain(policy) == ["a"]
