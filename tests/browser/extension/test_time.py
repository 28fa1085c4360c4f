"""Hours and minutes that end while a page is open."""

from collections.abc import Iterator

import pytest

from tests.browser.extension.conftest import Tab, World

_HOME = """
zone: Asia/Almaty
packs: [kz/169-vi]
stances: {unlabelled: allow}
people: {aru: {age: 9}}
"""
_BED = _HOME + 'timetable: [{block: daily, from: "00:00", to: "24:00"}]\n'
_HOUR = _HOME + "quota: [{minutes: 60, on: daily}]\n"
# What the background sends each minute where a policy has hours, and when another bundle came.
_AGAIN = (
    "(globalThis.browser ?? chrome).tabs.query({}).then((tabs) => Promise.allSettled(tabs.map(({id}) => "
    "(globalThis.browser ?? chrome).tabs.sendMessage(id, {kind: 'again'})))).then(() => true)"
)


@pytest.fixture
def policy(world: World) -> Iterator[World]:
    yield world
    world.keep(world.family.kept())


@pytest.mark.parametrize("bundle", ["hours", "minutes"])
def test_an_open_page_closes_when_its_time_ends(policy: World, tab: Tab, bundle: str) -> None:
    tab.go(policy.url("plain.test"))
    tab.wait("document.body?.innerText === 'hello' && !document.documentElement.hasAttribute('style')")
    made = policy.family.make(policy=_BED if bundle == "hours" else _HOUR)
    kept = policy.family.kept(made)
    if bundle == "minutes":
        [quota] = made["child"]["quotas"]
        day = policy.in_addon("new Date(Date.now() + 5 * 3600e3).toISOString().slice(0, 10)")  # of Almaty
        kept["used"] = {quota["service"]: {"day": day, "minutes": 60}}
    policy.keep(kept)
    policy.in_addon(_AGAIN)
    tab.wait_for_url("block.html#http://plain.test")
    tab.wait("document.querySelector('h1') !== null")
    # The day's hours never end in this policy, so only the minutes say when it opens again.
    assert tab.evaluate("document.querySelector('.opens time') !== null") == (bundle == "minutes")
    assert ("schedule" if bundle == "hours" else "quota") in tab.text()
