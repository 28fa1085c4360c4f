"""The tree of an XML text: its paths, its namespaces and its limits."""

import pytest

from gateway.labels.xml_tree import DEEPEST, LONGEST_TEXT, MOST_ELEMENTS, Element, XmlRefused, read_xml


def root_of(xml: str | bytes) -> Element:
    root = read_xml(xml).root
    assert root is not None
    return root


def test_a_path_numbers_only_an_element_that_is_not_alone() -> None:
    root = root_of("<rss><channel><item/><item><m:rating/></item><title/></channel></rss>")
    paths = [element.path for element in root.all_named("rss", "item", "rating", "title")]
    assert paths == [
        "/rss",
        "/rss/channel/item[1]",
        "/rss/channel/item[2]",
        "/rss/channel/item[2]/m:rating",
        "/rss/channel/title",
    ]


def test_a_namespace_is_that_of_the_nearest_declaration() -> None:
    root = root_of('<a xmlns="one" xmlns:m="two"><b xmlns:m="three"><m:c/><d/></b><m:e/><n:f/></a>')
    assert [element.space for element in root.all_named("b", "c", "d", "e", "f")] == ["one", "three", "one", "two", ""]


def test_an_attribute_is_found_with_or_without_its_prefix() -> None:
    root = root_of('<a opf:role="aut" role="x" xml:lang="kk"/>')
    assert (root.attribute("role"), root.attribute("lang"), root.attribute("none")) == ("x", "kk", "")


def test_text_keeps_its_declaration_from_lying_about_the_charset() -> None:
    assert root_of('\n <?xml version="1.0" encoding="windows-1251"?><a>жас</a>').text == "жас"
    assert root_of('<?xml version="1.0" encoding="windows-1251"?><a>жас</a>'.encode("cp1251")).text == "жас"


def test_the_text_of_an_element_that_breaks_off_is_not_kept() -> None:
    tree = read_xml("<a><b>18</b><c>1")
    assert tree.fault
    assert tree.root is not None
    assert [(each.name, each.text) for each in tree.root.all_named("b", "c")] == [("b", "18"), ("c", "")]


def test_what_is_no_xml_at_all_has_no_root() -> None:
    for text in ("", "hello", "\0", b"\xff\xfe", b'<?xml version="1.0" encoding="nobody-knows"?><a/>'):
        tree = read_xml(text)
        assert tree.fault
        assert tree.root is None


@pytest.mark.parametrize(
    "xml",
    [
        "<r>" + "<a/>" * MOST_ELEMENTS + "</r>",
        "<a>" * (DEEPEST + 1),
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'x' []><a/>",
    ],
    ids=["wide", "deep", "entities", "empty subset"],
)
def test_past_its_limits_it_is_refused(xml: str) -> None:
    with pytest.raises(XmlRefused):
        read_xml(xml)


def test_text_is_kept_up_to_a_length() -> None:
    root = root_of("<a>" + ("x" * 1_000 + "&amp;") * 1_000 + "</a>")
    assert LONGEST_TEXT <= len(root.text) < 20 * LONGEST_TEXT
