import pytest

from gateway.labels.xml_text import XmlStart, every_element, markup_of, read_markup, start_of
from gateway.labels.xml_tree import XmlRefused


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("<rss>", "rss"),
        ("\ufeff \n<rss version='2.0'>", "rss"),
        ("<?xml version='1.0'?><!-- <feed> --><?xml-stylesheet href='a>b'?>\n<rdf:RDF>", "rdf:RDF"),
        ("<!DOCTYPE tv SYSTEM 'xmltv.dtd'>\n<tv>", "tv"),
        ("<!doctype html><html>", "html"),
        ("<!DOCTYPE rss [<!ENTITY a ']>'> <!-- ] > --> <?x ]?> ]  ><rss>", "rss"),
    ],
)
def test_the_first_element_is_found(text: str, tag: str) -> None:
    start = start_of(text)
    assert start is not None
    assert start.tag == tag
    assert text.startswith(f"<{tag}", start.place)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "rss",
        "{}",
        "<",
        "< rss>",
        "<?xml",
        "<!-- <rss>",
        "<!DOCTYPE rss",
        "<!DOCTYPE rss [<rss>",
        "</rss>",
    ],
)
def test_what_does_not_begin_as_xml(text: str | None) -> None:
    assert start_of(text) is None


def test_a_document_type_that_could_define_entities() -> None:
    text = "<!DOCTYPE rss [<!ENTITY a 'adult'>]><rss>&a;</rss>"
    assert start_of(text) == XmlStart("rss", 36, defines=True)
    with pytest.raises(XmlRefused):
        read_markup(text)


def test_the_name_is_without_prefix_and_case() -> None:
    assert XmlStart("rdf:RDF", 0, defines=False).name == "rdf"


def test_mended_text() -> None:
    tree = read_markup("<a t='1&2' u=\"&QUOT;\">x & y &nbsp;&lt;&#33;&bogus;&lang;</a> junk")
    assert tree.fault == ""
    assert tree.root is not None
    assert tree.root.attributes == {"t": "1&2", "u": '"'}
    assert tree.root.text == "x & y \xa0<!&bogus;⟨"


def test_an_entity_never_makes_an_element() -> None:
    tree = read_markup("<a>&LT;b&GT;</a>")  # names that HTML has for "<" and ">"
    assert tree.root is not None
    assert (tree.root.text, tree.root.children) == ("<b>", [])


def test_elements_in_the_order_of_the_text() -> None:
    root = read_markup("<a><b><c/></b><d/></a>").root
    assert root is not None
    assert [element.tag for element in every_element(root)] == ["a", "b", "c", "d"]


def test_evidence_is_written_out() -> None:
    root = read_markup("<a b='1'>\n x\n y </a>").root
    assert root is not None
    assert markup_of(root) == '<a b="1">x y</a>'


@pytest.mark.parametrize(
    "text",
    [
        " " * 1_000_000,
        "<?a?>" * 200_000,
        "<!DOCTYPE a>" * 80_000,
        "<!DOCTYPE a [" + "<!--" * 250_000,
        "<!DOCTYPE a [" + "'\"" * 500_000,
        "<!DOCTYPE a [" + "<!DOCTYPE b [" * 80_000,
        "<rss>" + "&" * 1_000_000,
        "<rss>" + "&amp" * 250_000,
        "<rss>" + "</rss" * 200_000,
    ],
)
@pytest.mark.timeout(20)  # seconds; a search that is quadratic anywhere needs minutes
def test_the_time_grows_with_the_length_only(text: str) -> None:
    tree = read_markup(text)
    assert tree.fault or tree.root is None
