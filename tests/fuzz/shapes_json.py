"""Hostile JSON: bodies, and the same inside a script element."""

from tests.fuzz.shape import Shape, merged, nest, rows

GRAPH = '{"@context":"https://schema.org","@graph":['
LIST = '{"@type":"ItemList","itemListElement":['

BODIES: dict[str, Shape] = {
    "digits": rows("0"),
    "numbers in a row": rows("0 "),
    "empty texts": rows('""'),
    "empty objects": rows("{{}}"),
    "empty lists": rows("[]"),
    "works": rows('{{"@type":"Movie","contentRating":"18+"}},', GRAPH, "0]}"),
    "works with addresses": rows('{{"@type":"Movie","url":"/m/{n}","contentRating":"18+"}},', GRAPH, "0]}"),
    "listed works": rows('{{"@type":"ListItem","item":{{"url":"/m/{n}","contentRating":"18+"}}}},', LIST, "0]}"),
    "Rating objects": rows(
        '{{"@type":"Movie","contentRating":{{"@type":"Rating","author":{{"name":"MPAA"}},"ratingValue":"R"}}}},',
        GRAPH,
        "0]}",
    ),
    "Rating objects in one work": rows('{{"@type":"Rating","ratingValue":"R{n}"}},', '{"contentRating":[', "0]}"),
    "Rating objects inside each other": nest('{{"ratingValue":"R","name":', '"x"', "}", '{"contentRating":', "}"),
    "lists of ratings": rows('"18+",', '{"contentRating":[', '"x"]}'),
    "lists of different ratings": rows('"R {n}",', '{"contentRating":[', '"x"]}'),
    "lists of long ratings": rows('"' + "a b " * 20 + '{n}",', '{"contentRating":[', '"x"]}'),
    "lists of lists of ratings": rows('["18+","x{n}"],', '{"contentRating":[', '"x"]}'),
    "works with lists of ratings": rows('{{"contentRating":["PG","R","G","18+","x{n}"]}},', GRAPH, "0]}"),
    "the same name again": rows('"contentRating":"18+",', "{", '"x":1}'),
    "the same name again with objects": rows('"contentRating":{{"name":"R"}},', "{", '"x":1}'),
    "works inside each other": nest('{{"contentRating":"18+","hasPart":', "1", "}"),
    "works inside each other in lists": nest('[{{"contentRating":"18+","x":', "1", "}]"),
    "brackets": nest("[", "1", "]", '{"contentRating":', "}"),
    "brackets without end": rows("[", '{"contentRating":'),
    "braces without end": rows('{{"contentRating":'),
    "stacks of sixty": rows("[" * 60 + '{{"contentRating":"18+"}}' + "]" * 60 + ",", "[", "0]"),
    "long names": rows('{{"' + "x" * 900 + '":{{"contentRating":"18+"}}}},', "[", "0]"),
    "names inside each other": nest('{{"' + "n" * 30 + '{n}":', '{"contentRating":"18+"}', "}"),
    "audiences": rows('{{"@type":"Movie","audience":{{"suggestedMinAge":{n}}}}},', GRAPH, "0]}"),
    "audiences of one work": rows('{{"suggestedMinAge":18}},', '{"@type":"Movie","audience":[', "0]}"),
    "ages of one audience": rows("18,", '{"@type":"Movie","audience":{"suggestedMinAge":[', "0]}}"),
    "unknown ratings": rows('{{"contentRating":"word {n}"}},', "[", "0]"),
    "empty ratings": rows('{{"contentRating":[]}},', "[", "0]"),
    "numbers": rows("1,", '{"contentRating":"x","a":[', "0]}"),
    "long numbers": rows("9", '{"contentRating":', "}"),
    "escapes": rows("\\u0063", '{"', 'ontentRating":"18+"}'),
    "escaped names": rows('"\\u0063ontentRating":"18+",', "{", '"x":1}'),
    "spaces": rows(" ", '{"contentRating":', '"18+"}'),
    "commas": rows(",", '{"contentRating":"18+"', "}"),
    "commas and spaces": rows("," + " " * 99, '{"contentRating":"18+"', "}"),
    "trailing commas": rows('{{"contentRating":"18+",}},', "[", "]"),
    "works of one address": rows('{{"url":"/x","contentRating":"18+"}},', GRAPH, "0]}"),
    "reviews": rows('{{"review":{{"url":"/{n}","contentRating":"18+"}}}},', GRAPH, "0]}"),
    "types": rows('"Movie{n}",', '{"contentRating":"18+","@type":[', '"x"]}'),
    "long values": rows('{{"contentRating":"' + "x" * 3_000 + '"}},', "[", "0]"),
    "values with much inside": rows('{{"contentRating":{{"name":"18+","x":[' + "1," * 500 + "0]}}}},", "[", "0]"),
}
KEYS: dict[str, Shape] = {
    "rating keys": rows('{{"ageRating":"18+"}},', "[", "0]"),
    "rating keys of one object": rows('"age_rating{n}":"18+","ageRating":"x{n}",', "{", '"x":1}'),
    "different ratings": rows('{{"ageRating":"PG {n}"}},', "[", "0]"),
    "flags": rows('{{"over_18":true,"nsfw":true,"isAdult":1}},', "[", "0]"),
    "rating objects": rows('{{"rating":{{"system":"MPAA","value":"R"}},"ageRating":{{"name":"18+"}}}},', "[", "0]"),
    "rating keys inside each other": nest('{{"ageRating":', '"18+"', "}"),
    "JSON lines": rows('{{"ageRating":"18+"}}\n'),
    "JSON lines of nothing": rows("1\n", '{"ageRating":"18+"}\n'),
    "record separators": rows("\x1e", '{"ageRating":"18+"}'),
    "callbacks": rows("a.", "", '({"ageRating":"18+"})'),
    "keys in many spellings": rows('{{"AGE-RATING_":"18+","age__rating":"x{n}"}},', "[", "0]"),
    "certificates": rows('"iarc_rating_id": "' + "a" * 39 + '",', "{", '"x":1}'),
    "certificates of spaces": rows('"iarc_rating_id"' + " " * 20, "{", '"x":1}'),
    "states of players": rows(
        '{{"playabilityStatus":{{"status":"AGE_CHECK_REQUIRED"}},"isFamilySafe":false}},', "[", "0]"
    ),
    "lists of lists": rows('[["18+"],["16+"]],', '{"ageRating":[', "0]}"),
    "wide objects": rows('"k{n}":1,', '{"ageRating":{', '"name":"18+"}}'),
}
JSON = merged(BODIES, {f"{name}, keys": shape for name, shape in KEYS.items()})


def in_script(shape: Shape, head: str = "", tail: str = "") -> Shape:
    """The same JSON as JSON-LD of a page, with many links beside it."""
    opening, closing = '<script type="application/ld+json">', "</script>"
    return lambda size: head + opening + shape(size - len(head) - len(tail)) + closing + tail


def with_links(shape: Shape) -> Shape:
    """JSON-LD with as much HTML of links to its works."""
    links = rows('<li><a href="/m/{n}">Film {n}</a></li>', "<ul>")
    scripts = in_script(shape)
    return lambda size: scripts(size // 2) + links(size // 2)


LINKED_DATA: dict[str, Shape] = {f"JSON-LD: {name}": in_script(shape) for name, shape in BODIES.items()}
LINKED_DATA |= {
    f"JSON-LD with links: {name}": with_links(BODIES[name])
    for name in ("works with addresses", "listed works", "works of one address", "reviews")
}
