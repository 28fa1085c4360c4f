"""What the stack of open elements finds by its index is what a walk from the inside finds."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.document import tag_rules as rules
from gateway.document.open_stack import OpenStack, Unsure
from gateway.document.tag_rules import Rule

NAMES = (b"p", b"div", b"td", b"li", b"ul", b"b", b"span", b"table", b"template", b"button", b"h1")
RULES: tuple[Rule, ...] = (
    *rules.ENDS.values(),
    *rules.STARTS.values(),
    (rules.TABLE_PLACES, frozenset()),
    (frozenset((b"b",)), rules.MARKERS),
    (frozenset((b"span",)), rules.SPECIAL),
)

pushes = st.tuples(st.just("push"), st.sampled_from(NAMES))
changes = st.tuples(st.sampled_from(("blur", "pop")), st.integers(0, 30))


def walk(stack: OpenStack, rule: Rule) -> tuple[int, bool]:
    """The nearest target or limit, and whether none may stand before it, as WHATWG HTML 13.2.4.2 walks."""
    names, sure = rule[0] | rule[1], True
    for place in range(len(stack.entries) - 1, -1, -1):
        entry = stack.entries[place]
        if isinstance(entry, Unsure):
            sure = sure and entry.names.isdisjoint(names)
        elif entry in names:
            return place, sure
    return -1, sure


@given(st.lists(st.one_of(pushes, pushes, pushes, changes), min_size=1, max_size=60))
def test_what_is_looked_up_is_what_a_walk_finds(steps: list[tuple[str, bytes | int]]) -> None:
    stack = OpenStack()
    stack.loose.meet(b"b", b"<b>")
    for verb, what in steps:
        if isinstance(what, bytes):
            stack.push(what)
        elif verb == "blur":
            stack.blur(what)
        elif what < len(stack.entries):
            stack.pop(what)
    for rule in RULES:
        assert stack.look(rule) == walk(stack, rule)
    for name in NAMES:
        unsure = [entry.names for entry in stack.entries if isinstance(entry, Unsure)]
        assert stack.count(name) == stack.entries.count(name) + sum(name in names for names in unsure)
        assert stack.may_be_unsure(frozenset((name,))) == any(name in names for names in unsure)
