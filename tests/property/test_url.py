"""One spelling of an address, whichever way it is put together."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from gateway.document.url import Url, at, canonical

SEGMENT = st.text("abzAZ09-._~!$&()*+,;=:@%'\"\\|{}[]^`<> é\t", max_size=6)
TARGET = st.builds(
    lambda path, query: "/" + "/".join(path) + ("" if query is None else "?" + query),
    st.lists(st.one_of(SEGMENT, st.sampled_from([".", "..", "%2e", "...", ""])), max_size=4),
    st.none() | SEGMENT,
)


@given(TARGET, st.sampled_from(["http://kids.test/", "https://kids.test:8443/", "https://[2001:db8::1]/"]))
def test_what_is_asked_for_at_a_place_is_the_whole_address(target: str, place: str) -> None:
    def outcome(work: Callable[[], Url]) -> Url | None:
        try:
            return work()
        except ValueError:
            return None

    assert outcome(lambda: at(canonical(place), target)) == outcome(lambda: canonical(place.removesuffix("/") + target))
