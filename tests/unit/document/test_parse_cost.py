"""Which pages are parsed and which are not. What the parser really does is compared in tests/property."""

import json

import pytest

from gateway.document.parse_cost import cost_of_parsing, is_affordable


def pile(kinds: int) -> str:
    """Formatting elements that no end tag closes."""
    return "".join(f"<b id={number}>" for number in range(kinds))


COSTLY = {
    "open elements": "<div>" * 40_000,
    "open elements under end tags of none": "<div></b></x></p>" * 20_000,
    "end tags that a special element stops": "<span><div></span></div>" * 20_000,
    "end tags of formatting that is elsewhere": "<b><div><b id=1></div></b>" * 20_000,
    "a form closed where it is not": "<form><table><td></form><form></td></table></form>" * 20_000,
    "paragraphs that an end tag does not reach": "<p><div></p>" * 20_000,
    "nested lists": "<ul><li>" * 20_000,
    "ruby": "<rb>" * 40_000,
    "links around blocks": "<a><div>" * 20_000,
    "misnested formatting": ("<b>" + "<div>" * 8 + "</b>") * 5_000,
    "links behind a marker that outlives its element": "<a><table><marquee></table>" * 20_000,
    "templates": "<template>" * 20_000,
    "drawings": "<svg>" + "<g>" * 40_000,
    "drawings that leave and come back": "<svg><g><p>" * 20_000,
    "a title that is none in a drawing": "<svg><title>" + "<div>" * 40_000,
    "tags in what looks like a script of a drawing": "<svg><script>" + "<g>" * 40_000,
    "tags after a comment that ends early": "<!--><div>" + "<div>" * 40_000 + "-->",
    "tags after a comment that ends oddly": "<!-- --!>" + "<div>" * 40_000 + "-->",
    "tags after a quote that opens nothing": '<p x">' + "<div>" * 40_000 + '">',
    "tags after an unquoted value with a quote": '<p x=y">' + "<div>" * 40_000 + '">',
    "tags after a script with an end tag in capitals": "<script></SCRIPT >" + "<div>" * 40_000,
    "tags between values that look like a comment": '<p title="<!-- "><div><i title=" -->">x</p>' * 30_000,
    "tags between values that look like a script": '<p title="<script>"><div><i title="</script>">x</p>' * 30_000,
    "tags between values that look like a drawing": ('<p title="<svg>">' + "<g>" * 90 + '</svg>">x</p>') * 4_000,
    "tags between values without quotes": "<p title=<!-- ><div><i title= -->>x</p>" * 30_000,
    "tags of many cases": "<dIv/x>" * 40_000,
    "tags after a frameset": "<frameset><title>" + "<frameset>" * 40_000,
    "choices in bold": "<b><p></b><select>" + "<option><b>" * 20_000,
    "formatting opened again": "<p>" + pile(300) + "<p>x" * 3_000,
    "formatting with many attributes opened again": f"<p><b {' '.join(f'a{n}' for n in range(100))}>" + "<p>x" * 10_000,
    "text between forms in a form": "18+<form id=film>" * 20_000,
    "text between roots": "<html lang='ru'>OK 18+ text of words" * 10_000,
    "text between cells of no table": "18+<td id=a>" * 20_000,
    "text between end tags of none": "text</x a=1>" * 20_000,
    "text between end tags of none with tags in quotes": """text</x a=">" b="<p>">""" * 20_000,
    "text between end tags of none with odd names": "text</x<y a=1>" * 20_000,
    "text between end tags of none with long names": f"{'text' * 40}</{'x' * 40} a=1>" * 5_000,
    "text between end tags of none with slashes": "text</x/a=1>" * 20_000,
    "text between cells of no table with slashes": "18+<td/id=a>" * 20_000,
    "text between what is no choice with slashes": "<select>" + "text<p/id=a>" * 20_000,
    "text between what is no choice": "<select>" + "text<p id=a>" * 20_000,
    "formatting with many attributes moved": f"<b {' '.join(f'a{n}' for n in range(100))}><p></b></p>" * 2_000,
    "formatting opened again in cells": "<table>" + pile(300) + "<tr><td>x</td>y" * 3_000,
    "formatting told apart behind a tag end": "<p>"
    + "".join(f'<b x=">" id={number}>' for number in range(300))
    + "<p>x" * 3_000,
    "formatting in a comment that is none": "<!--><p>" + pile(300) + "<p>x" * 3_000,
    "attributes": "<div " + " ".join(f"a{number}=1" for number in range(20_000)) + ">",
    "attributes without values": "<div " + " ".join(f"a{number}" for number in range(20_000)) + ">",
    "attributes between tag ends": "<div " + " ".join(f'a{number}=">"' for number in range(20_000)) + ">",
    "attributes between tags": "<div " + " ".join(f"a{number}='<p>'" for number in range(20_000)) + ">",
    "attributes after a tag end": '<div x=">" ' + " ".join(f"a{number}" for number in range(20_000)) + ">",
    "attributes side by side": "<div " + "".join(f'a{number}="1"' for number in range(20_000)) + ">",
    "attributes of a script": "<script " + " ".join(f"a{number}='>'" for number in range(20_000)) + "></script>",
    "attributes of a title": "<title " + " ".join(f"a{number}='>'" for number in range(20_000)) + "></title>",
    "attributes of the root": "".join(f"<html a{number}>" for number in range(10_000)),
    "attributes of the body, some at a time": "".join(
        "<body " + " ".join(f"a{number}" for number in range(start, start + 100)) + ">"
        for start in range(0, 20_000, 100)
    ),
}


@pytest.mark.parametrize("page", COSTLY.values(), ids=COSTLY)
def test_a_costly_page_is_told(page: str) -> None:
    assert not is_affordable(page.encode(), scripting=True)
    assert not is_affordable(page.encode(), scripting=False)


@pytest.mark.parametrize(
    ("page", "scripting"),
    [
        ("<noscript>" + "<div>" * 40_000, True),
        ('<noscript><p x="</noscript>' + "<div>" * 40_000 + '">', False),
    ],
)
def test_what_is_text_with_scripts_costs_nothing_with_scripts_only(page: str, scripting: bool) -> None:
    assert is_affordable(page.encode(), scripting=scripting)
    assert not is_affordable(page.encode(), scripting=not scripting)


ICON = '<svg viewBox="0 0 8 8"><title>Go</title><g fill="none"><path d="M0 0h8"/><circle r="1"></circle></g></svg>'
CARD = f'<div><h2><a href="/{{n}}">{ICON} <b>Name</b></a></h2><p>Text<br>more <i class="x">text</i><img src=a></div>'
OLD = (
    "<tr><td bgcolor=#eeeeee><font size=2 face=Verdana><b>Name{n}</b><br><font color=gray>said:</td>"
    "<td><p>Hi <b><i>all</b></i><p>you<ul><li>one<li><a href=x?{n}>two</ul><center><font>bye</center></td></tr>"
)
ORDINARY = {
    "nothing": "",
    "no tags": "a < b && c > d " * 20_000,
    "a script that compares": "<script>for(i=0;i<n;i++)if(a<b&&c<d)x=`<div class=\"${y}\">`+'<b>'</script>" * 3_000,
    "a script with markup in strings": "<script>x='<div a=\"'+y+'\">';" * 50 + "</script>" + "<p>text</p>" * 20_000,
    "a script in a script": "<script><!-- document.write('<script src=x></scr'+'ipt>') //--></script><p>x" * 500,
    "a style": "<style>a>b{color:red}</style>" * 3_000,
    "paragraphs left open": "<p>One<br>two" * 30_000,
    "a list left open": "<ul>" + "<li>One <a href=x>two</a>" * 20_000,
    "definitions left open": "<dl>" + "<dt>One<dd>two" * 20_000,
    "a table": "<table>" + "<tr><td>1</td><td><a href=x>2</a></td></tr>" * 10_000 + "</table>",
    "a table left open": "<table>" + "<tr><td>1<td>2<td><p>3<br>" * 10_000,
    "tables in tables": "<table>" + ("<tr><td><table><tr><td>x</table>" * 8_000) + "</table>",
    "choices left open": "<form><select name=x>" + "<option value=1>One" * 20_000 + "</select></form>",
    "links": "".join(f"<a href=/{number}>{number}</a> " for number in range(30_000)),
    "links around blocks": "".join(f"<a href=/{number}><div>{number}</div></a>" for number in range(20_000)),
    "icons": ICON * 5_000,
    "cards": "<!doctype html><main>" + "".join(CARD.format(n=number) for number in range(4_000)) + "</main>",
    "formulas": "<p><math><mrow><mi>x</mi><mo>=</mo><mn>1</mn></mrow></math></p>" * 5_000,
    "a forum page of old": "<table>" + "".join(OLD.format(n=number) for number in range(400)) + "</table>",
    "dozens of fonts left open": "".join(f"<font color=#{number}>x<p>" for number in range(40)) + "<p>text</p>" * 2_000,
    "icon fonts": "".join(f'<p><i class="fa fa-{number % 50}"></i> x</p>' for number in range(10_000)),
    "bold by number": "".join(f"<td><b data-n={number}>x</b></td>" for number in range(10_000)),
    "stray end tags": "<div><p>x</p></div></div></span></p>" * 10_000,
    "comments": "<!-- <div> -->\n<!--[if IE]><p><![endif]-->" * 10_000,
    "conditional roots": "".join(f"<!--[if IE {number}]><html class=ie{number}><![endif]-->" for number in range(5)),
    "JSON in an attribute": "<div data-x='" + json.dumps([{"a": "<b>", "n": n} for n in range(12_000)]) + "'></div>",
    "JSON in a script": "<script>" + json.dumps([{"a": "b", "n": n} for n in range(12_000)]) + "</script>",
    "a picture in an attribute": '<img src="data:image/png;base64,' + "QUJD/+==" * 30_000 + '">',
    "a long text": "word word, " * 100_000,
    "objects": "<object data=x><param name=a><embed src=x></object>" * 10_000,
    "templates": "<template><div><slot></slot></div></template>" * 10_000,
    "hidden text": "<div>" + "<noscript><img src=x></noscript><iframe src=x></iframe><textarea><b></textarea>" * 8_000,
    "forms": "<form action=x><input name=a><button>Go</button></form>" * 10_000,
    "readings": "<p><ruby>漢<rt>kan</rt>字<rp>(</rp><rt>ji</rt></ruby></p>" * 8_000,
    "an end within a tag": "<p>x</p>" * 20_000 + "<p title='",
}


@pytest.mark.parametrize("scripting", [True, False])
@pytest.mark.parametrize("page", ORDINARY.values(), ids=ORDINARY)
def test_what_people_make_passes(page: str, scripting: bool) -> None:
    assert is_affordable(page.encode(), scripting=scripting)


def test_a_list_of_a_thousand_custom_elements_is_affordable() -> None:
    inside = "<h3>Post</h3>" + "<p>x <b>y</b></p>" * 20
    page = "<main>" + f'<x-post id="a"><x-body>{inside}</x-body></x-post>' * 1_000 + "</main>"
    assert is_affordable(page.encode(), scripting=True)


@pytest.mark.parametrize(
    ("page", "has_gap"),
    [
        ("", False),
        ("x" * 1_000, False),
        ("x" * 1_001, True),
        ("x" * 999 + ">" + "x" * 999 + ">", False),
        ("<p>" + "x" * 1_000, False),
        ("<p>" + "x" * 1_000 + ">", True),
        ("<p>" * 5_000 + "é" * 501, True),
        ("<p>" * 5_000 + "é" * 500, False),
    ],
)
def test_a_long_stretch_without_a_tag_end_is_told(page: str, has_gap: bool) -> None:
    cost = cost_of_parsing(page.encode(), scripting=True)
    assert cost is not None
    assert cost.has_gap is has_gap
