"""`qorgan pair`, `devices` and `asks`, as a guardian types them, against a keeper that runs."""

import asyncio
import json
import re

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.commands import cli
from gateway.edge.bundle_key import BundleKey
from gateway.edge.verdict_api.codes import ALPHABET
from tests.edge.verdict_api.conftest import Served

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def typed(served: Served, *words: str) -> Result:
    config = str(served.data.parent / "qorgan.yaml")
    return await asyncio.to_thread(CliRunner().invoke, cli, [*words, "--config", config])


async def test_a_code_is_shown_and_its_device_is_listed_and_revoked(served: Served) -> None:
    shown = await typed(served, "pair", "sanzhar")
    assert shown.exit_code == 0
    assert "\u2584" in shown.stdout  # the QR code
    code = re.search(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", shown.stdout)
    assert code is not None
    # What people compare with the key that the add-on shows.
    assert f"must then show the key {BundleKey.of(served.data).thumbprint}\n" in shown.stderr
    device = (await served.pair(code[0], name="Sanzhar's tablet")).body["device"]
    listed = (await typed(served, "devices")).stdout
    assert f"{device}  sanzhar: Sanzhar's tablet (Chrome 156, add-on 1.0), not heard yet" in listed
    gone = await typed(served, "devices", "--revoke", device)
    assert (gone.exit_code, gone.stdout, gone.stderr) == (0, f"revoked: {device}\n", "")
    assert (await typed(served, "devices", "--revoke", device)).exit_code == 1


async def test_what_people_ask_for_is_listed_and_refused(served: Served) -> None:
    device = await served.device("sanzhar")
    asked = (await device.post("ask", host="ask.example", reason="a game")).body["id"]
    assert f"{asked}  sanzhar asks for ask.example (a game), " in (await typed(served, "asks")).stdout
    assert "refused:" in (await typed(served, "asks", "--refuse", asked)).stdout
    assert asked not in (await typed(served, "asks")).stdout


async def test_who_revokes_a_device_of_an_enrolment_learns_that_it_comes_again_and_how_to_end_it(
    served: Served,
) -> None:
    enrolled = await typed(served, "pair", "sanzhar", "--enrol", "--days", "3")
    values = json.loads(enrolled.stdout)
    assert values.keys() == {"gateway", "enrolment"}
    device = (await served.pair(values["enrolment"], name="room 12")).body["device"]
    listed = (await typed(served, "devices")).stdout
    told = re.search(rf"{device}  sanzhar: room 12 \(.*\), by enrolment (\w+), not heard yet\n", listed)
    assert told is not None
    gone = await typed(served, "devices", "--revoke", device)
    assert (gone.exit_code, gone.stdout) == (0, f"revoked: {device}\n")
    assert f"by the enrolment {told[1]} of sanzhar, which holds until" in gone.stderr
    assert f"  qorgan devices --revoke {told[1]}\n" in gone.stderr
    ended = await typed(served, "devices", "--revoke", told[1])
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, f"revoked: {told[1]}\n", "")
    assert told[1] not in (await typed(served, "devices")).stdout
    assert (await served.pair(values["enrolment"], name="room 12")).status == 403


async def test_what_does_not_belong_together_is_refused_and_an_address_stands_alone(served: Served) -> None:
    assert (await typed(served, "pair", "sanzhar", "--days", "3")).exit_code == 2
    url = await typed(served, "pair", "sanzhar", "--url")
    assert re.fullmatch(rf"{served.url}/addon/pair#[{ALPHABET}]{{8}}\n", url.stdout)
    nobody = await typed(served, "pair", "nobody")
    assert (nobody.exit_code, "knows nobody" in nobody.stderr) == (1, True)
