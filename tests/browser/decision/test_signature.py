"""A bundle that the installation signed is taken, and nothing else."""

import json
from base64 import b64encode, urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest

from gateway.edge.bundle_key import BundleKey, SignedBundle
from tests.browser.decision.asking import bundle_of, question_values
from tests.browser.decision.node import Node
from tests.browser.decision.test_people import question_by


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> BundleKey:
    return BundleKey.of(tmp_path_factory.mktemp("data"))


def line(signed: SignedBundle, jwk: Any, content: bytes | None = None) -> dict[str, Any]:
    bytes_, signature = (b64encode(part).decode() for part in (content or signed.content, signed.signature))
    return {"bytes": bytes_, "signature": signature, "key": jwk}


def test_a_bundle_of_this_installation_is_taken_and_decides(node: Node, key: BundleKey) -> None:
    question = question_by("aru")
    signed = key.sign(bundle_of(question))
    taken = node.answer(line(signed, dict(key.public_jwk)))
    assert taken == bundle_of(question)
    assert node.decide(question_values(question), taken)["verdict"]["reason"] == "unlabelled"


def test_it_travels_as_text(node: Node, key: BundleKey) -> None:
    sent = json.loads(json.dumps(key.sign({"format": 1, "language": "қаз"}).to_json()))
    signature = b64encode(urlsafe_b64decode(sent["signature"] + "==")).decode()
    asked = {"bytes": b64encode(sent["bundle"].encode()).decode(), "signature": signature, "key": dict(key.public_jwk)}
    assert node.answer(asked) == {"format": 1, "language": "қаз"}
    assert sent["key"] == key.thumbprint


def test_nothing_else_is_taken(node: Node, key: BundleKey, tmp_path: Path) -> None:
    signed, other = key.sign({"format": 1, "age": 8}), BundleKey.of(tmp_path)
    jwk = dict(key.public_jwk)
    assert node.answer(line(signed, jwk)) is not None
    for refused in (
        line(signed, jwk, signed.content.replace(b"8", b"9")),
        line(signed, dict(other.public_jwk)),
        line(other.sign({"format": 1, "age": 8}), jwk),
        line(key.sign({"format": 2, "age": 8}), jwk),
        line(signed, {**jwk, "x": "AAAA"}),
        line(signed, {}),
        line(signed, None),
        {**line(signed, jwk), "signature": ""},
        {**line(signed, jwk), "signature": b64encode(bytes(64)).decode()},
    ):
        assert node.answer(refused) is None
