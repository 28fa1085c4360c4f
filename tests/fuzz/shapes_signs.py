"""Hostile pages for signs that are no text: attributes, style sheets, names; they are sent from a host where names count."""

from tests.fuzz.shape import Shape, levels, nest, rows

HEAD = "<!doctype html><html lang=kk><head><title>x</title></head><body>"
RULE = ".a{n}::after{{content:'18+'}}"

SHOWN: dict[str, Shape] = {
    "titles of elements": rows('<i title="18+"></i>', HEAD),
    "titles with more words": rows('<i title="Film {n} 18+ x"></i>', HEAD),
    "titles in drawings": rows("<svg><title>18+</title></svg>", HEAD),
    "titles beside cells": rows("<tr><th>Возрастное ограничение<td>от 16 лет", HEAD + "<table>"),
    "titles before titles": rows("<dt>Возрастное ограничение", HEAD + "<dl>"),
    "ages in years": rows("Возрастное ограничение: от 18 лет. ", HEAD + "<p>"),
    "titles without an age": rows("Возрастное ограничение: от ", HEAD + "<p>"),
    "soft hyphens in warnings": rows("<p>Запре&shy;щено для детей</p>", HEAD),
    "soft hyphens alone": rows("a\xadb\u200bc ", HEAD + "<p>18+"),
    "look-alike letters": rows("Для дeтeй, достигших ", HEAD + "<p>"),
    "pluses in front in a footer": rows(" +18 |", HEAD + "<footer>"),
    "two pluses": rows(" 18++", HEAD + "<footer>"),
    "rules of a style sheet": rows(RULE, HEAD + "<style>", "</style><i class=a1></i>"),
    "rules with the same selector": rows(
        ".a:after{{content:'18+'}}", HEAD + "<style>", "</style>" + "<i class=a></i>" * 300
    ),
    "selectors of one rule": rows(".a:after,", HEAD + "<style>", ".a:after{content:'18+'}</style><i class=a></i>"),
    "long selectors": rows("div ", HEAD + "<style>", ".a:after{content:'18+'}</style><div><i class=a></i></div>"),
    "a rule for deep elements": nest(
        "<div class=a>", "x", "</div>", HEAD + "<style>div .a::after{content:'18+'}</style>"
    ),
    "a rule for many elements": rows("<b class=a>x</b>", HEAD + "<style>.a::before{content:'18+'}</style>"),
    "comments in a style sheet": rows("/*", HEAD + "<style>", "</style>18+"),
    "beginnings of strings": rows("content:'", HEAD + "<style>", "</style>18+"),
    "pictures with names": rows("<img src=/{n}/18plus.png>", HEAD + "<footer>"),
    "pictures with long names": rows("<img src=/" + "plus-18-" * 40 + "18plus.png>", HEAD),
    "pictures of a sprite": rows("<svg><use href='#age-18'/></svg>", HEAD),
    "drawn pictures": rows("<i style='background:url(18plus.png)'></i>", HEAD),
    "classes with ages": rows("<i class='age-18'></i>", HEAD),
    "classes with words": rows("<i class='age-limit plus18'>x</i>", HEAD),
    "classes with numbers": rows("<i class=age-limit>12</i>", HEAD),
    "numbers in cards": rows("<li class=c><a href=/{n}>Film {n}</a><i class=age-limit>12</i></li>", HEAD + "<ul>"),
    "classes inside each other": nest("<div class=age-limit>", "18", "</div>", HEAD),
    "classes in deep wrappings": levels("<div class=age-18>", "", "</div>", 40, HEAD),
    "many classes": rows("age-limit plus18 ", HEAD + "<i class='", "'>18</i>"),
}
