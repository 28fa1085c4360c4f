"""Hostile HTML: for every reader of pages, what could make it walk a page again for each thing that it finds."""

from tests.fuzz.shape import Shape, both, levels, merged, nest, rows

LANG = "<!doctype html><html lang=ru><head><title>x</title></head><body>"
SIGN = '<span class="age">18+</span>'
MARKS = ("0+", "6+", "12+", "16+", "18+")

SIGNS: dict[str, Shape] = {
    "signs beside each other": rows(SIGN, LANG),
    "signs without elements": rows("18+ ", LANG),
    "signs in one long line": rows("18+ a ", LANG + "<p>"),
    "signs between commas": rows("18+, ", LANG + "<p>"),
    "signs in lines of their own": rows("18+<br>", LANG),
    "signs in paragraphs": rows("<p>18+</p>", LANG),
    "signs in a list": rows("<li>16+", LANG + "<ul>"),
    "signs in table cells": rows("<td>12+</td>", LANG + "<table><tr>"),
    "signs in rows with their names": rows("<tr><td>Film {n}</td><td>12+</td></tr>", LANG + "<table>"),
    "cards of a listing": rows(
        '<div class="card"><a href="/f/{n}"><img src="/p/{n}.jpg" alt="Film {n}"></a><h3>Film {n}</h3>'
        + SIGN
        + "</div>",
        LANG,
    ),
    "cards of a listing with ids": rows('<li id="f{n}"><h3>Film {n}</h3>' + SIGN + "</li>", LANG + "<ul>"),
    "cards that share one id": rows('<li id="f"><h3>Film {n}</h3>' + SIGN + "</li>", LANG + "<ul>"),
    "cards in deep wrappings": levels("<div>", '<div class="c"><h3>x</h3>' + SIGN + "</div>", "</div>", 20, LANG),
    "signs deep in one stack each": levels("<div>", SIGN, "</div>", 40, LANG),
    "one stack of elements with a sign at each step": nest("<div>" + SIGN, "", "</div>", LANG),
    "one stack of inline elements": nest("<span>", "18+", "</span>", LANG),
    "inline elements with signs at each step": nest("<span>18+ ", "", "</span>", LANG),
    "links around nothing but signs": rows('<a href="/{n}">18+</a>', LANG),
    "one link around everything": rows(SIGN, LANG + '<a href="/x">'),
    "signs in a heading": rows("16+ ", LANG + "<h1>"),
    "headings with signs": rows("<h2>Film {n} 16+</h2>", LANG),
    "signs in a footer": rows(" · 16+", LANG + "<footer>"),
    "footers with signs": rows("<footer>16+</footer>", LANG),
    "imprint lines": rows("<p>Сетевое издание «Дорога» · 16+</p>", LANG),
    "one imprint line without end": rows("Сетевое издание 16+ ", LANG + "<footer>"),
    "warnings in words": rows("<p>Запрещено для лиц, не достигших 18 лет</p>", LANG),
    "warnings in one line": rows("запрещено для лиц не достигших ", LANG),
    "beginnings of warnings": rows("запрещено для ", LANG),
    "warnings in Kazakh": rows("<p>18 жасқа толмағандарға тыйым салынады</p>", LANG),
    "titles of ages": rows("Возрастное ограничение: ", LANG),
    "titles with ages": rows("<p>Возрастная категория: 16+</p>", LANG),
    "numbers with captions": rows("<div><b>18+</b><span>countries {n}</span></div>", LANG),
    "numbers with captions in one box": rows("<b>18+</b><i>x</i>", LANG + "<div>"),
    "rhombus characters": rows("◊18+◊", LANG),
    "empty elements between signs": rows("18+<i></i><!---->", LANG),
    "comments between signs": rows("18+<!-- -->", LANG),
    "text pieces of one letter": rows("<i>1</i><i>8</i><i>+</i>", LANG),
    "signs in alt": rows('<img alt="18+">', LANG),
    "signs in different alts": rows('<img alt="Film {n} 18+">', LANG),
    "a long alt": rows("18+ ", LANG + '<img alt="', '">'),
    "signs in aria-label": rows('<i aria-label="18+"></i>', LANG),
    "the emoji": rows("🔞", LANG),
    "the emoji in paragraphs": rows("<p>🔞</p>", LANG),
    "minus marks": rows("<p>6-</p>", LANG),
    "full-width signs": rows("<b>１８＋</b>", LANG),
    "signs by references": rows("&#49;8&#43; ", LANG),
    "mentions": rows("<p>Users are 18+ years old and Android 6+ is needed</p>", LANG),
    "guarded rows": rows("<tr><td>Android</td><td>6+</td></tr>", LANG + "<table>"),
    "a filter of all marks": rows("".join(f"<li>{mark}</li>" for mark in MARKS), LANG + "<ul>"),
    "filters of all marks": rows("<ul>" + "".join(f"<li>{mark}</li>" for mark in MARKS) + "</ul>", LANG),
    "choices": rows("<option>18+", LANG + "<select>"),
    "signs in comments of readers": rows('<div class="comment"><p>18+</p></div>', LANG),
    "long class names": rows('<b class="' + "age-badge " * 40 + '">18+</b>', LANG),
    "different class names": rows('<b class="age{n} b{n} c{n}">18+</b>', LANG),
    "different styles": rows('<b class=x style="transform:rotate(45deg);top:{n}px">18+</b>', LANG),
    "styles of spaces": rows('<b class=x style="display' + " " * 200 + '">18+</b>', LANG),
}
PARTS: dict[str, Shape] = {
    "cards without names": rows('<div class="card">' + SIGN + "</div>", LANG),
    "cards of many kinds": rows('<div class="c{n}"><h3>x</h3>' + SIGN + "</div>", LANG),
    "names far from signs": both(rows("<h3>x</h3>", LANG), rows(SIGN)),
    "rows beside thousands of comments": rows("<!---->", LANG + "<ul>", "<li><h3>x</h3>18+</li>" * 200),
    "words of many pieces in links": rows("<a href=x><i>1</i><i>8</i>+</a>", LANG),
    "links with long texts": rows('<a href="/{n}">' + "x " * 200 + "18+</a>", LANG),
    "main headings": rows("<h1>x 18+</h1>", LANG),
}
METAS: dict[str, Shape] = {
    "ratings in meta": rows("<meta name=rating content=adult>"),
    "different ratings in meta": rows('<meta name=rating content="{n}+">'),
    "unknown ratings in meta": rows('<meta name=rating content="word {n}">'),
    "ratings in meta of the body": rows("<div><meta name=rating content=adult></div>", LANG),
    "ratings deep in elements": levels("<div>", "<meta name=rating content=adult>", "</div>", 40),
    "a long rating": rows("18+,", '<meta name=rating content="', '">'),
    "a rating of many words": rows("a ", '<meta name=rating content="', '">'),
    "end tags without end": rows("</script8+b;"),
    "end tags without end or names": rows("</a"),
    "forms without end": rows("<form id=a 18+ "),
    "choices without end": rows("<p id=a 18+ ", "<select>"),
    "one end of many tags": rows("</x a 18+ ", "", ">"),
    "an age label without end": rows("age ", '<meta name="age-de-meta-label" content="', '">'),
    "odd metas": rows("<meta name=rating content=adult<"),
    "metas without end": rows("<meta name='"),
    "metas in an element with a long name": rows("x", "<m", "><meta name=rating content=adult>"),
    "metas of many attributes": rows("<meta " + "a=b " * 50 + "name=rating content=adult>"),
    "metas of different attributes": rows(" a{n}=b", "<meta name=rating content=adult", ">"),
    "cards of Twitter": rows(
        '<meta name="twitter:label{n}" content="Возраст"><meta name="twitter:data{n}" content="18+">'
    ),
    "one card of Twitter": rows(
        '<meta name="twitter:label1" content="Возраст: "><meta name="twitter:data1" content="18+">'
    ),
    "Open Graph": rows('<meta property="og:restrictions:age" content="18+">'),
    "Yandex": rows('<meta property="ya:ovs:adult" content="true">'),
    "Dublin Core": rows('<meta name="dcterms.audience" content="18 лет {n}">'),
    "tokens of RTA": rows("<meta name=x{n} content=RTA-5042-1996-1400-1577-RTA>"),
    "PICS in metas": rows(
        """<meta http-equiv=pics-label content='(pics-1.1 "http://www.icra.org/ratingsv02.html" l gen true r (nf 1))'>"""
    ),
    "a PICS label of brackets": rows("(", "<meta http-equiv=pics-label content='(pics-1.1 ", "'>"),
    "a PICS label of ratings": rows(
        "r (n 4) ", '<meta http-equiv=pics-label content=\'(pics-1.1 "http://www.rsac.org/ratingsv01.html" l ', "'>"
    ),
    "links to descriptions": rows('<link rel=describedby type="application/powder+xml" href="/{n}">'),
}
ITEMS: dict[str, Shape] = {
    "an item whose type is half of the page": both(
        rows("x", LANG + '<div itemscope itemtype="', '">'), rows("<b itemprop=contentRating>18+</b>" + 100 * " ")
    ),
    "nested items": nest(
        '<div itemscope itemtype="https://schema.org/Movie" itemprop="contentRating">', "18+", "</div>", LANG
    ),
    "nested items without types": nest('<div itemscope itemprop="contentRating">', "18+", "</div>", LANG),
    "nested properties": nest('<div itemprop="contentRating">', "18+", "</div>", LANG),
    "stacks of nested items": levels(
        '<div itemscope itemtype=Movie itemprop="contentRating">', "18+", "</div>", 20, LANG
    ),
    "items of a kind": rows(
        '<div itemscope itemtype="https://schema.org/Movie"><b itemprop="contentRating">18+</b></div>', LANG
    ),
    "items of many kinds": rows('<div itemscope itemtype="x{n}"><b itemprop="contentRating">18+</b></div>', LANG),
    "items of two kinds each in its own element": rows(
        '<p><span itemscope itemtype="x{n}"><b itemprop=contentRating>18+</b></span></p>' * 2, LANG
    ),
    "Rating items": rows(
        '<div itemprop=contentRating itemscope itemtype="https://schema.org/Rating"><span itemprop=author>MPAA</span>'
        "<span itemprop=ratingValue>R</span></div>",
        LANG,
    ),
    "Rating items with much inside": rows(
        "<div itemprop=contentRating itemscope>" + "<i itemprop=name>x</i>" * 38 + "</div>", LANG
    ),
    "Rating items inside each other": levels(
        "<div itemprop='contentRating author ratingvalue name alternatename' itemscope>", "R", "</div>", 30, LANG
    ),
    "lists of items": rows(
        '<li itemprop=itemListElement itemscope itemtype="https://schema.org/ListItem"><b itemprop=contentRating>16+</b>',
        LANG + "<ul itemscope itemtype=https://schema.org/ItemList>",
    ),
    "properties of one item": rows("<b itemprop=contentRating>18+</b>", LANG + "<div itemscope itemtype=Movie>"),
    "unknown properties": rows("<b itemprop=contentRating>word {n}</b>", LANG + "<div itemscope itemtype=Movie>"),
    "properties with many names": rows(
        '<b itemprop="' + "contentRating typicalAgeRange isFamilyFriendly " * 20 + '">18+</b>', LANG
    ),
    "properties with one long list of names": rows("contentRating{n} ", LANG + '<b itemprop="', '">18+</b>'),
    "properties with long texts": rows("<b itemprop=contentRating>" + "18+ " * 100 + "</b>", LANG),
    "audiences": rows(
        "<div itemscope itemtype=https://schema.org/Movie><div itemprop=audience itemscope>"
        "<b itemprop=suggestedMinAge>18</b></div></div>",
        LANG,
    ),
    "audiences inside each other": levels("<div itemprop='audience suggestedAge' itemscope>", "18", "</div>", 20, LANG),
    "RDFa": rows(
        '<div typeof="Movie"><b property="contentRating">18+</b></div>', LANG + '<div vocab="https://schema.org/">'
    ),
    "RDFa inside each other": nest(
        '<div typeof="Movie" property="contentRating">', "18+", "</div>", LANG + '<div vocab="https://schema.org/">'
    ),
    "RDFa prefixes": rows(
        '<div prefix="p{n}: https://schema.org/"><b property="p{n}:contentRating">18+</b></div>', LANG
    ),
    "RDFa prefixes inside each other": levels(
        '<div prefix="p: https://schema.org/ q: https://x/" xmlns:r="https://schema.org/">',
        '<b property="p:contentRating">18+</b>',
        "</div>",
        30,
        LANG,
    ),
    "RDFa prefixes of one element": rows(
        "p{n}: https://schema.org/ ", LANG + '<b property="p1:contentRating" prefix="', '">18+</b>'
    ),
    "RDFa properties that hold nothing": rows("property=", LANG + '<b property="contentRating">'),
    "RDFa quotes": rows('property="x', LANG),
}
BADGES: dict[str, Shape] = {
    "links of RTA": rows('<a href="http://www.rtalabel.org/?{n}">RTA</a>', LANG),
    "links of RTA in a footer": rows('<a href="http://www.rtalabel.org/{n}"><img src=x></a>', LANG + "<footer>"),
    "pictures of RTA": rows("<img src='/120x60_RTA-5042-1996-1400-1577-RTA_c.gif'>", LANG),
    "links of RTA in one long line": rows('word {n} <a href="http://www.rtalabel.org/">x</a>', LANG + "<p>"),
    "notices": rows("<p>18 U.S.C. 2257</p>", LANG),
    "notices in one line": rows("2257 ", LANG),
    "notices as links": rows('<a href="/2257">2257</a>', LANG + "<footer>"),
    "numbers of notices": rows("2257{n} ", LANG),
}
BROKEN: dict[str, Shape] = {
    "half-open tags": rows("<b class=age 18+ <i ", LANG),
    "stacks of formatting": nest("<b><i>", "18+", "", LANG),
    "formatting around blocks": rows("<b><p>18+</b></p>", LANG),
    "formatting with different attributes": rows("<b id={n}>18+<p>", LANG),
    "links around blocks": rows("<a href=/{n}><div>18+", LANG),
    "foster parents": rows("<table>18+<tr>", LANG),
    "one table of text": rows("18+<tr>", LANG + "<table>"),
    "tables in tables": nest("<table><tr><td>", "18+", "", LANG),
    "choices in tables": rows("<table><select><option>18+", LANG),
    "elements without end": nest("<div>", "18+", "", LANG),
    "cells outside of tables, deep": rows('<div>"x"</body><td>]318 ', LANG),
    "rows outside of tables, deep": rows("<p>x</tr></div><footer><th><i>", LANG),
    "links in templates": rows('<template><a href="/2">', LANG),
    "unsure elements in a deep stack": rows("<b><p></b><h3><div><x-y>18+", LANG),
    "unsure elements between sure ones": rows("<b><x-y></b><div><li>", LANG),
    "end tags of formatting behind a marker": both(rows("<b><object><x-y>", LANG), rows("</b>")),
    "items in deep formatting": rows("<span><li><i>x</b>", LANG),
    "paragraphs that nothing ends": rows("<p><div></p>18+", LANG),
    "end tags of nothing": rows("</b></div></p>18+", LANG),
    "misnested formatting": rows("<b><i></b>18+</i>", LANG),
    "templates": rows("<template>18+</template>", LANG),
    "drawings": nest("<svg><g>", "18+", "", LANG),
    "drawings with titles": rows("<svg><title>18+</title></svg>", LANG),
    "comments without end": rows("<!--18+", LANG),
    "scripts with signs": rows("<script>x='18+'</script>", LANG),
    "scripts in scripts": rows("<script><!--<script>18+", LANG),
    "NUL characters": rows("18\0+ ", LANG),
    "references": rows("&amp;&#x31;&plus;", LANG),
    "half references": rows("&#", LANG),
    "quotes": rows("'\"=", LANG + "<p "),
    "attributes": rows(" a{n}", LANG + "<p", ">18+"),
    "attributes with values": rows(" a{n}='>18+'", LANG + "<p", ">18+"),
    "attributes of the root": rows("<html a{n}>", "", "18+"),
    "tags of one letter": rows("<a>", LANG),
    "angle brackets": rows("<", LANG, "18+"),
    "closing brackets": rows(">", LANG, "18+"),
    "spaces": rows(" ", LANG + "<p ", ">18+"),
    "line breaks": rows("\n", LANG, "18+"),
    "names of custom elements": rows("<x-{n}>18+</x-{n}>", LANG),
    "ruby": rows("<ruby><rb>18+<rt>", LANG),
    "ids": rows('<p id="i{n}">18+</p>', LANG),
    "an id that is most of the page": rows("<b>", LANG + '<div id="f', '">18+</div>'),
    "class names that are most of the page": rows("<b>", LANG + '<div class="f', '">18+</div>'),
    "ids deep": levels("<div id=x{n}>", "<p class=x>18+</p>", "</div>", 30, LANG),
    "frames": rows("<frameset><frame>", "", "18+"),
    "forms": rows("<form><table><td></form><form></td></table></form>18+", LANG),
    "letters of Russian": rows("возраст", LANG),
    "plus signs": rows("+", LANG),
    "digits and plus signs": rows("6 +", LANG),
}
SCRIPTS: dict[str, Shape] = {
    "JSON-LD scripts": rows('<script type="application/ld+json">{{"@type":"Movie","contentRating":"18+"}}</script>'),
    "JSON-LD scripts with addresses": rows(
        '<script type="application/ld+json">{{"@type":"Movie","url":"/{n}","contentRating":"18+"}}</script><a href="/{n}">x</a>'
    ),
    "broken JSON-LD scripts": rows('<script type="application/ld+json">{{"contentRating":</script>'),
    "empty JSON-LD scripts": rows('<script type="application/ld+json"></script>', "", '"contentRating"'),
}
POSTS: dict[str, Shape] = {
    "posts beside each other": rows('<shreddit-post id="t{n}" nsfw> "x"</shreddit-post>', LANG),
    "posts inside each other": nest('<shreddit-post id="t3_2" nsfw> "x"', "", "", LANG),
    "posts around one text": both(nest("<shreddit-post nsfw>", "", "", LANG), rows("18+ ")),
}
HTML = merged(SIGNS, PARTS, METAS, ITEMS, BADGES, BROKEN, SCRIPTS)
