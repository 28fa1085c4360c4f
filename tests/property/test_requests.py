"""However a client spells it: what leaves asks for safe results, once and last, and the rest is left as it was."""

from urllib.parse import parse_qsl, unquote_plus

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.document.url import canonical
from gateway.enforce.services import build_services
from gateway.enforce.to_request import to_request
from gateway.policy.stances import Stances
from gateway.shipped import texts

SERVICES = build_services(texts("safe"))
SAFE = Stances(safe_search=True)


def spelt(letter: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [letter, letter.upper(), f"%{ord(letter):02x}", f"%{ord(letter):02X}", f"%{ord(letter.upper()):02x}"]
    )


NAMES = st.tuples(*map(spelt, "safe")).map("".join)
BEFORE, AFTER = st.sampled_from(["", "+", "%20", "%09", "%00"]), st.sampled_from(["", "[]", "[a]", "%00", "+"])
LOOSE = st.tuples(BEFORE, NAMES, AFTER)
UNDOING = LOOSE.map(lambda parts: "".join(parts) + "=off")
OTHER = st.sampled_from(["q=cats", "q=a%26safe%3Doff", "hl=kk", "safer=1", "x", "q=safe=off", "=", "%2573afe=off"])


@settings(max_examples=300, deadline=None)
@given(st.lists(UNDOING | OTHER, max_size=8), st.sampled_from("&;"))
def test_no_spelling_undoes_it(parameters: list[str], between: str) -> None:
    target = "/search?" + between.join(parameters)
    changes = to_request(SERVICES, SAFE, canonical("https://www.google.com" + target))
    assert changes is not None
    sent = changes.to_target(target.encode()).decode()
    read = parse_qsl(sent.partition("?")[2].replace(";", "&"), keep_blank_values=True)
    values = [value for name, value in read if name.strip("\0\t ").casefold().partition("[")[0].strip("\0") == "safe"]
    assert values == ["active"]
    for kept in set(parameters) & {"q=cats", "hl=kk", "safer=1"}:
        name, _, value = kept.partition("=")
        assert (unquote_plus(name), unquote_plus(value)) in read
    assert changes.to_target(sent.encode()).decode() == sent  # a second time changes nothing
