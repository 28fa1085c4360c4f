"""Editing real policy files through the API: what is written, what is refused, and that the policy is taken up."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.edge.control_api.app import control_api, serve
from gateway.edge.control_api.tokens import Tokens
from gateway.edge.installation import read_installation
from gateway.edge.policy_files import EditedFiles

HOME = """# ours
people:
  aigerim: {age: 8}   # turns 9 in May
  dana: {age: adult}
logins: {}
listeners: {home: {port: 8080}}
policy: [rules]
"""
RULES = "block:\n- {host: a.kz, for: aigerim}\n"
PATCH = "application/json-patch+json"


class Api:
    """A client of a served API over the files in `folder`."""

    def __init__(self, folder: Path, url: str, client: aiohttp.ClientSession, headers: dict[str, str]) -> None:
        self.folder, self.reloads = folder, 0
        self._url, self._client, self._headers = f"{url}/api/v1/policy", client, headers

    async def get(self, name: str = "") -> tuple[int, Any, str]:
        path, params = ("/file", {"name": name}) if name else ("", {})
        async with self._client.get(self._url + path, params=params, headers=self._headers) as response:
            return response.status, await response.json(content_type=None), response.headers.get("ETag", "")

    async def patch(self, name: str, edits: Any, etag: str | None, media_type: str = PATCH) -> tuple[int, Any, str]:
        headers = {**self._headers, "Content-Type": media_type} | ({"If-Match": etag} if etag is not None else {})
        body = edits if isinstance(edits, str) else json.dumps(edits)
        async with self._client.patch(
            f"{self._url}/file", params={"name": name}, data=body, headers=headers
        ) as response:
            return response.status, await response.json(content_type=None), response.headers.get("ETag", "")


@pytest.fixture
async def api(tmp_path: Path, gateway, made, client) -> AsyncIterator[Api]:
    from tests.edge.control_api.conftest import listening

    (tmp_path / "rules").mkdir()
    (tmp_path / "qorgan.yaml").write_text(HOME)
    (tmp_path / "rules" / "rules.yaml").write_text(RULES)
    store, token = made
    bound = listening()
    served = Api(tmp_path, f"http://127.0.0.1:{bound.getsockname()[1]}", client, {"Authorization": f"Bearer {token}"})

    async def reload() -> None:
        served.reloads += 1

    files = EditedFiles(read_installation(tmp_path / "qorgan.yaml"), reload)
    tokens = Tokens(store)
    runner = await serve(control_api(replace(gateway.console(), policy=files), tokens), bound)
    yield served
    await runner.cleanup()
    tokens.close()


async def test_a_person_is_added_and_everything_else_stays(api: Api) -> None:
    name = f"{api.folder}/qorgan.yaml"
    assert await api.get() == (200, {"files": [name, f"{api.folder}/rules/rules.yaml"]}, "")
    status, shown, etag = await api.get(name)
    assert (status, shown["policy"]) == (200, {"people": {"aigerim": {"age": 8}, "dana": {"age": "adult"}}})
    edits = [
        {"op": "replace", "path": "/people/aigerim/age", "value": 9},
        {"op": "add", "path": "/people/damir", "value": {"age": 12, "logins": ["damir"]}},
    ]
    status, shown, fresh = await api.patch(name, edits, etag)
    assert status == 200, shown
    assert shown["policy"]["people"]["damir"] == {"age": 12, "logins": ["damir"]}
    assert Path(name).read_text() == HOME.replace("age: 8", "age: 9").replace(
        "adult}\n", "adult}\n  damir: {age: 12, logins: [damir]}\n"
    )
    assert fresh == (await api.get(name))[2] != etag
    assert api.reloads == 1


async def test_an_edit_over_somebody_elses_change_is_refused(api: Api) -> None:
    name = f"{api.folder}/rules/rules.yaml"
    etag = (await api.get(name))[2]
    Path(name).write_text(RULES + "# mine\n")
    status, said, _ = await api.patch(name, [{"op": "add", "path": "/zone", "value": "Asia/Almaty"}], etag)
    assert (status, said["detail"]) == (412, "the file was changed since you read it: read it again")
    assert Path(name).read_text() == RULES + "# mine\n"


async def test_two_edits_at_once_do_not_lose_one(api: Api) -> None:
    name = f"{api.folder}/rules/rules.yaml"
    etag = (await api.get(name))[2]
    done = await asyncio.gather(
        *(api.patch(name, [{"op": "add", "path": "/block/-", "value": {"host": f"{n}.kz"}}], etag) for n in range(5))
    )
    assert sorted(status for status, *_ in done) == [200, 412, 412, 412, 412]
    assert Path(name).read_text().count("- {") == 2


async def test_a_result_that_is_no_policy_is_refused_with_its_problems(api: Api) -> None:
    name = f"{api.folder}/rules/rules.yaml"
    etag = (await api.get(name))[2]
    status, said, _ = await api.patch(name, [{"op": "replace", "path": "/block/0/for", "value": "aigrim"}], etag)
    assert (status, said["detail"]) == (422, "the policy would have problems; the file is as it was")
    [problem] = said["problems"]
    assert (problem["file"], problem["line"], problem["hint"]) == (name, 2, "did you mean aigerim?")
    assert Path(name).read_text() == RULES
    assert sorted(path.name for path in Path(name).parent.iterdir()) == ["rules.yaml"]


async def test_what_an_edit_breaks_elsewhere_is_told_and_what_was_broken_before_is_not(api: Api) -> None:
    name = f"{api.folder}/qorgan.yaml"
    etag = (await api.get(name))[2]
    status, said, _ = await api.patch(name, [{"op": "remove", "path": "/people/aigerim"}], etag)
    assert (status, [problem["file"] for problem in said["problems"]]) == (422, [f"{api.folder}/rules/rules.yaml"])
    (api.folder / "rules" / "broken.yaml").write_text("zone: nowhere\n")
    status, said, _ = await api.patch(name, [{"op": "add", "path": "/people/damir", "value": {"age": 9}}], etag)
    assert status == 200, said


@pytest.mark.parametrize(
    ("edits", "status", "detail"),
    [
        ([{"op": "replace", "path": "/people/x/age", "value": 9}], 422, "/people/x/age: there is no 'x'"),
        (
            [{"op": "add", "path": "/logins/x", "value": "y"}],
            422,
            "/logins/x: this is the installation's, and not edited here",
        ),
        ([], 422, "a JSON Patch is a list of 1 to 100 operations"),
        ({"op": "add"}, 422, "a JSON Patch is a list of 1 to 100 operations"),
        (["add"], 422, "an operation has op (add, remove, replace, test) and path, like /people/aigerim/age"),
        (
            [{"op": "move", "path": "/a", "from": "/b"}],
            422,
            "an operation has op (add, remove, replace, test) and path, like /people/aigerim/age",
        ),
        ([{"op": "add", "path": "/zone"}], 422, "value: add, replace and test have one, remove has none"),
        (
            [{"op": "remove", "path": "zone"}],
            422,
            "'zone' is not a JSON Pointer: write it like /people/aigerim/age",
        ),
        ("[", 400, "the body is not JSON"),
    ],
)
async def test_edits_that_cannot_be_made(api: Api, edits: Any, status: int, detail: str) -> None:
    name = f"{api.folder}/qorgan.yaml"
    etag = (await api.get(name))[2]
    found, said, _ = await api.patch(name, edits, etag)
    assert (found, said["detail"]) == (status, detail)
    assert Path(name).read_text() == HOME
    assert api.reloads == 0


async def test_who_does_not_say_what_they_read_is_refused(api: Api) -> None:
    name, edits = f"{api.folder}/qorgan.yaml", [{"op": "test", "path": "/people/aigerim/age", "value": 8}]
    for etag in (None, "*", "unquoted"):
        assert (await api.patch(name, edits, etag))[0] == 428
    assert (await api.patch(name, edits, '"other"'))[0] == 412
    assert (await api.patch(name, edits, '"x"', media_type="application/json"))[0] == 415


async def test_files_that_are_not_the_policy_s_are_not_there(api: Api) -> None:
    edits = [{"op": "add", "path": "/zone", "value": "Asia/Almaty"}]
    (api.folder / "other.yaml").write_text("zone: Asia/Almaty\n")
    for name in (f"{api.folder}/other.yaml", "/etc/passwd", "../qorgan.yaml"):
        assert (await api.get(name))[0] == 404
        assert (await api.patch(name, edits, '"x"'))[0] == 404


async def test_a_file_with_problems_says_them(api: Api) -> None:
    name = f"{api.folder}/rules/rules.yaml"
    Path(name).write_text("block: [\n")
    status, said, _ = await api.get(name)
    assert (status, said["detail"], said["problems"][0]["line"]) == (422, "the file has problems", 2)


async def test_a_file_that_cannot_be_written_is_said(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{api.folder}/rules/rules.yaml"
    etag = (await api.get(name))[2]

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    status, said, _ = await api.patch(name, [{"op": "add", "path": "/zone", "value": "Asia/Almaty"}], etag)
    assert (status, said["detail"]) == (503, f"{name} cannot be written: No space left on device")


async def test_what_is_shipped_is_not_edited(tmp_path: Path) -> None:
    async def reload() -> None:
        raise AssertionError

    files = EditedFiles(read_installation(None, tmp_path), reload)
    assert await files.names() == []
