"""Laws of editing a policy's text: nothing else changes, and every edit can be undone, byte for byte."""

import contextlib
import json
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gateway.policy.edit import Edit, EditRefused, edit, undone
from gateway.policy.parse import as_plain, parse
from gateway.problems import ProblemsFound

HOME = """# a home
extends: home   # the preset
zone: "Asia/Almaty"

people:
  # the children
  aigerim: {age: 8, listeners: [kids], devices: "3c:22:fb:01:02:03"}   # a comment
  daniyar:
    turns: {14: 2027-03-02}
    logins:
    - daniyar   # his own
    - 'd.s'

  dana: {age: adult}
groups: {children: [aigerim, daniyar]}
block:
- {topic: gambling}
# about hosts
- host: [a.kz, b.kz]
  for: children   # both
  until: 2026-12-01
allow: [
  {host: c.kz},   # first
  {host: d.kz, for: daniyar}    # second
]
stances: {unlabelled: {0: block, 12: allow}, estimate-from: 0.5}
timetable:
  - for: children
    block: sun-thu
    from: "21:30"
    to: '07:00'
quota:
  -
    minutes: 90
# the end
"""
TEXTS = st.sampled_from(
    [
        HOME,
        HOME.rstrip("\n"),
        HOME.replace("\n", "\r\n"),
        "\ufeff" + HOME,
        json.dumps(as_plain(parse(HOME, "x")), indent=2),
        json.dumps(as_plain(parse(HOME, "x"))),
        "a:\n- - x\n  - w\n- k: 1\n  l: 2\n-\n  - z\nb:\n  c: |\n    text\n\n    more\n\n  d: >-\n    folded\n",
    ]
)
SCALARS = (
    st.booleans()
    | st.integers(-(10**16), 10**16)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)
    | st.text(max_size=12)
    | st.sampled_from(
        ["NO", "22:00", "012", "1_8", "yes", "~", "null", "2027-03-02", "a: b", "# c", "- d", "a.kz", "*", "'"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=3),
    max_leaves=5,
)


def plain_of(text: str) -> Any:
    return as_plain(parse(text, "x"))


def paths(value: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every path in a plain value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path for key, each in entries for path in paths(each, (*above, str(key)))]
    return [above, *found] if above else found


def at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


@st.composite
def edits(draw: st.DrawFn, plain: Any) -> Edit:
    path = draw(st.sampled_from(paths(plain)))
    found = at(plain, path)
    op = draw(st.sampled_from(["replace", "remove", "add"]))
    if op != "add":
        return Edit(op, path, draw(VALUES) if op == "replace" else None)
    if isinstance(found, list):
        index = draw(st.sampled_from(["-", *map(str, range(len(found) + 1))]))
        return Edit("add", (*path, index), draw(VALUES))
    if isinstance(found, dict):
        return Edit("add", (*path, draw(st.text(min_size=1, max_size=8))), draw(VALUES))
    return Edit("add", (draw(st.text(min_size=1, max_size=8)),), draw(VALUES))


def expected(plain: Any, wanted: Edit) -> Any:
    plain = json.loads(json.dumps(plain))
    parent, key = at(plain, wanted.path[:-1]), wanted.path[-1]
    if isinstance(parent, list):
        index = len(parent) if key == "-" else int(key)
        if wanted.op == "add":
            parent.insert(index, wanted.value)
        elif wanted.op == "remove":
            del parent[index]
        else:
            parent[index] = wanted.value
    elif wanted.op == "remove":
        del parent[key]
    else:
        parent[key] = wanted.value
    return plain


@given(TEXTS, st.data())
@settings(max_examples=400, deadline=None)
def test_an_edit_changes_its_value_and_nothing_else_and_can_be_undone(text: str, data: st.DataObject) -> None:
    wanted = data.draw(edits(plain_of(text)))
    try:
        edited = edit(text, [wanted])
    except EditRefused:
        return
    assert json.dumps(plain_of(edited.text)) == json.dumps(expected(plain_of(text), wanted))
    assert undone(edited) == text
    [splice] = edited.undo
    assert edited.text[: splice.start] == text[: splice.start]
    tail = len(text) - splice.start - len(splice.text)
    assert edited.text[len(edited.text) - tail :] == text[len(text) - tail :]


@given(TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_what_was_added_and_is_removed_leaves_the_same_bytes(text: str, data: st.DataObject) -> None:
    plain = plain_of(text)
    wanted = data.draw(edits(plain).filter(lambda edit: edit.op == "add"))
    parent, key = at(plain, wanted.path[:-1]), wanted.path[-1]
    assume(parent and not (isinstance(parent, dict) and key in parent))
    index = str(len(parent)) if key == "-" and not isinstance(parent, dict) else key
    try:
        edited = edit(text, [wanted])
    except EditRefused:
        return
    assert edit(edited.text, [Edit("remove", (*wanted.path[:-1], index))]).text == text


@given(TEXTS, st.data(), st.from_regex(r"w[a-zа-я]{1,8}", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_a_value_that_is_replaced_and_put_back_leaves_the_same_bytes(
    text: str, data: st.DataObject, other: str
) -> None:
    plain = plain_of(text)
    path = data.draw(st.sampled_from(paths(plain)))
    before = at(plain, path)
    assume(isinstance(before, int | float) or (isinstance(before, str) and "\n" not in before and before != "folded"))
    value = 7 if isinstance(before, int | float) else other
    there = edit(text, [Edit("replace", path, value)])
    back = edit(there.text, [Edit("replace", path, before)])
    assert back.text == text


@given(TEXTS, st.lists(st.sampled_from(["add", "remove", "replace", "test"]), max_size=3), st.data())
@settings(max_examples=200, deadline=None)
def test_any_edits_give_a_text_or_a_sentence(text: str, ops: list[Any], data: st.DataObject) -> None:
    keys = st.sampled_from(["people", "aigerim", "age", "block", "0", "1", "-", "host", "", "allow", "a", "k"])
    wanted = [Edit(op, tuple(data.draw(st.lists(keys, max_size=4))), data.draw(VALUES | st.none())) for op in ops]
    try:
        edited = edit(text, wanted)
    except EditRefused:
        return
    assert undone(edited) == text


@given(st.text(max_size=60), st.text(max_size=4), VALUES)
@example("-", "0", [])
@example("-", "-", [])
@settings(max_examples=200, deadline=None)
def test_an_edit_of_any_text_gives_a_text_problems_or_a_sentence(text: str, key: str, value: Any) -> None:
    with contextlib.suppress(ProblemsFound, EditRefused):
        edited = edit(text, [Edit("add", (key,), value)])
        plain = plain_of(edited.text)
        # The text may be a list: in one, "-" is the place behind its last entry (RFC 6901, section 4).
        place = (-1 if key == "-" else int(key)) if isinstance(plain, list) else key
        assert plain[place] == value
        assert undone(edited) == text
