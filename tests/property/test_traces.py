"""Laws of the look at a page's bytes: what is looked for at once is found wherever it stands, in whatever case."""

import sys

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.edge.ruling import label_data
from gateway.labels.folding import FOLDED
from gateway.labels.sign_places import sign_places
from gateway.labels.trace_words import BARE_SIX, CAPITAL_META, LATE_META
from gateway.labels.traces import Traces

DATA = label_data()
WORDS = DATA.trace_words
TEXTS = DATA.signs.traces
FOLDED_WORDS = sorted(word for word in WORDS.known if isinstance(word, bytes))
CHARACTERS = sorted(each for each in WORDS.known if isinstance(each, str) and len(each) == 1)
OWN_NAMES = {BARE_SIX, CAPITAL_META, LATE_META}
PIECES = [
    *TEXTS,
    *CHARACTERS,
    *(word.decode("utf-8", "ignore") for word in FOLDED_WORDS),
    *(
        "<p>",
        "</p>",
        " ",
        "x",
        "6",
        "-",
        "&",
        "<",
        "e",
        "о",
        "С",
        "і",
        "ş",
        "K",
        "İ",
        "\0",
        '"',
        "&zcy;",
        "cy",
        "</head",
    ),
]


def in_some_case(text: str, upper: int) -> str:
    changed = (letter.upper() if upper >> number & 1 else letter.lower() for number, letter in enumerate(text))
    return "".join(each if len(each) == 1 else letter for each, letter in zip(changed, text, strict=True))


PAGES = st.lists(st.builds(in_some_case, st.sampled_from(PIECES), st.integers(0, 1 << 20)), max_size=12).map("".join)


def test_every_word_of_the_data_is_among_them() -> None:
    assert WORDS.known.issuperset(TEXTS)
    assert {each for each in WORDS.known if isinstance(each, str) and len(each) > 1} == {*TEXTS, *OWN_NAMES}
    assert WORDS.known.issuperset(DATA.signs.places.adults_only)


@given(PAGES)
def test_a_folded_word_is_found_where_folded_bytes_have_it(page: str) -> None:
    folded = page.encode().translate(FOLDED)
    found = WORDS.found_in(page.encode())
    assert [word for word in FOLDED_WORDS if word in found] == [word for word in FOLDED_WORDS if word in folded]


@given(PAGES)
def test_a_character_is_found_where_it_stands(page: str) -> None:
    found = WORDS.found_in(page.encode())
    assert [each for each in CHARACTERS if each in found] == [each for each in CHARACTERS if each in page]


@given(PAGES)
def test_no_word_of_a_text_is_missed(page: str) -> None:
    """Words are looked for in the text in lower case (`sign_places`)."""
    read = [word for word in TEXTS if sign_places(page.replace("İ", "x"), [word], "\n")]
    lower = page.replace("İ", "x").lower()
    assert set(Traces(page.encode(), WORDS).words_of(TEXTS)) >= {word for word in read if word in lower}


def test_no_other_character_becomes_a_letter_of_a_word_in_lower_case() -> None:
    letters = {letter for word in TEXTS for letter in word}
    for number in range(sys.maxunicode + 1):
        lower = chr(number).lower()
        if lower in letters:
            assert chr(number) in (lower, lower.upper()), chr(number)


METAS = ["<meta a=b>", "<META c>", "<mEta d='>'>", "</head", "</HEAD>", "<!-- </head> -->", "<p>", "<meta", "\n", "é"]


@given(st.lists(st.sampled_from(METAS), max_size=10).map("".join))
@example("</head><meta a=b>")
@example("<META c></head>")
def test_meta_elements_are_the_same_whatever_their_case_and_wherever_the_head_ends(page: str) -> None:
    plain = page.lower().replace("</head", "</hexd")
    found = Traces(page.encode()).metas
    without_names = [(end, text.replace(b"hexd", b"head")) for end, text in Traces(plain.encode()).metas or ()]
    assert found == (tuple(without_names) if Traces(plain.encode()).metas is not None else None)
