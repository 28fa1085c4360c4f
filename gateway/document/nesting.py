"""How deep the elements of a page stand in each other at most, told without reading it tag by tag.

Elements whose end tags stand where they belong are taken out of the page, the innermost first, layer by layer; what is
left over is counted. An element that was taken out is certainly closed where it ends, whatever it stands in and
whatever a parser makes of the rest (WHATWG HTML, 13.2.5 and 13.2.6):

* No tag that is taken out has a second "<" in it. If its "<" opens a tag in truth, it ends where we think, and up to
  its end tag there is only text, and what was taken out before. If not, as in a script, a comment or an attribute,
  nothing is opened.
* The end tag of each name used here closes its element when all in it is closed, but for formatting that came back.
* Elements that close others around them are taken out after the formatting: none is left behind by what is in it.

Of scripts, comments, drawings and formulas more is taken out than that. This holds only if every "<" of the page opens
what we think; where one is left over that does not, what was taken out so is counted as left over too.
"""

import re
from dataclasses import dataclass
from typing import Final

MOST_LAYERS: Final = 48
MOST_READ: Final = 8  # times the length of the page
MOST_IN_FOREIGN: Final = 100  # tags of one drawing or formula that do not close themselves
_LEAST: Final = 100  # a layer of fewer elements than one in so many tags left is the last that is looked for

_END: Final = rb"[\t\n\r ]*+>"
# After the name of a tag; a tag that is written in any other way is left over, and so is one out of which something
# was taken that seemed to open in a value: what it hid is then open in truth.
_REST: Final = (
    rb"""(?:[\t\n\r ]++[a-z0-9:_.@-]++(?:=(?:"[^"<\x02\x03\x05]*+"|'[^'<\x02\x03\x05]*+'"""
    rb"""|[^\t\n\f\r <>"'`=\x02\x03\x05]++))?+)*+[\t\n\r ]*+/?+>"""
)
_SPACE: Final = rb"(?=[\t\n\r >])"  # the name ends
_NOT_CLOSED: Final = rb"(?<!/>)"
_PARAGRAPH_MARK: Final = b"\x01"  # stands for a paragraph's tag: an end tag that means one around it may be ignored
_BLOCK_MARK: Final = b"\x02"  # stands for elements that close others around them
_TITLE_MARK: Final = b"\x03"  # stands for a title, which in a drawing is HTML again
_FOREIGN_MARK: Final = b"\x05"  # stands for a drawing or a formula
_MARKS: Final = bytes.maketrans(b"\x01\x02\x03\x05", b"\x04\x04\x04\x04")  # in the page itself
_TEXT: Final = rb"[^<]*+"
_NO_PARAGRAPH: Final = rb"[^<\x01]*+"
_NO_BLOCK: Final = rb"[^<\x01\x02]"


# A custom element: it closes nothing around it. Of names with a hyphen only this one is known to a parser.
_CUSTOM: Final = rb"|(?!annotation-xml[\t\n\r />])[a-z][a-z0-9]*+-[a-z0-9-]*+"


def _named(names: str, others: bytes = b"") -> bytes:
    """Any of these names, as a whole, or of `others`.

    Grouped by their first letters: for each alternative that does not fit, every tag of a page costs some nanoseconds.
    """
    grouped: dict[str, list[str]] = {}
    for name in names.split():
        grouped.setdefault(name[0], []).append(name[1:])
    groups = (first + "(?:" + "|".join(sorted(rest, key=len, reverse=True)) + ")" for first, rest in grouped.items())
    return rb"(?:" + "|".join(groups).encode() + others + rb")(?=[\t\n\r />])"


def _tag(names: str) -> bytes:
    return b"<" + _named(names) + _REST


def _raw(name: bytes, but: bytes = b"") -> bytes:
    """An element whose content is text, tags or not, and none of its own name."""
    start = b"<" + name + _SPACE + _REST
    return start + rb"[^<]*+(?:<(?!/?" + name + but + rb")[^<]*+)*+</" + name + _END


_TITLE: Final = re.compile(rb"<title" + _SPACE + _REST + rb"[^<]*+</title" + _END)
# What hides tags: one after the other as the page goes, because each may hide the beginning of another.
_COMMENT: Final = rb"<!(?:--(?!-?>)[^<-]*+(?:(?:-(?!-!?>)|<(?!!--))[^<-]*+)*+-->|(?!--|\[cdata\[)[^<>]*+>)"
_RAW: Final = (b"style", b"textarea", b"iframe", b"noembed", b"noframes", b"xmp")
_HIDING: Final = b"|".join([_COMMENT, _raw(b"script", b"|!--"), *map(_raw, _RAW)])
_HIDING_WITH_SCRIPTS: Final = re.compile(_HIDING + b"|" + _raw(b"noscript"))
_HIDING_WITHOUT: Final = re.compile(_HIDING)
_RAW_TAG: Final = re.compile(b"<" + _named("script noscript title style textarea iframe noembed noframes xmp") + _REST)
_LONG: Final = 1_000  # bytes of a tag, whose attributes then matter
_DRAWN: Final = "path circle ellipse rect line polyline polygon use stop image animate animatetransform"
_DRAWING_TAGS: Final = f"g defs symbol mask lineargradient radialgradient clippath text tspan {_DRAWN}"
_FORMULA_TAGS: Final = (
    "mrow mfrac msup msub msubsup msqrt mroot mtable mtr mtd mfenced mover munder munderover mstyle mspace mpadded "
    "semantics"
)


def _foreign(name: bytes, alone: bytes, tags: str, texts: str) -> re.Pattern[bytes]:
    """An svg or math element with nothing in it that is HTML but the text of some elements."""
    part = rb"</?" + _named(tags) + _REST
    if texts:
        part += (
            rb"|<(?:"
            + b"|".join(each + _SPACE + _REST + rb"[^<]*+</" + each + _END for each in texts.encode().split())
            + rb")"
        )
    between = rb"(?:[^<\x02" + (b"" if texts else _TITLE_MARK) + rb"]++" + alone + rb")*+"
    return re.compile(
        b"<" + name + _SPACE + _REST + _NOT_CLOSED + between
        + rb"(?:(?:" + part + rb")" + between + rb"){0,%d}+</" % MOST_IN_FOREIGN + name + _END
    )  # fmt: skip


_DRAWING: Final = _foreign(b"svg", rb"|<" + _named(_DRAWN) + _REST + rb"(?<=/>)", _DRAWING_TAGS, "")
_TITLED_DRAWING: Final = _foreign(b"svg", rb"|<" + _named(_DRAWN) + _REST + rb"(?<=/>)", _DRAWING_TAGS, "desc")
_FORMULA: Final = _foreign(b"math", b"", _FORMULA_TAGS, "mi mo mn ms mtext")
_VOID: Final = _tag("br img embed meta")
_VOID_IN_HTML: Final = re.compile(_tag("wbr input source track param area link base"))  # in svg they stay open
# Blocks with nothing in them but text and plain formatting: what pages are made of.
_BLOCKS: Final = (
    "div article section main nav aside header footer address blockquote center details dialog dir fieldset figcaption "
    "figure hgroup summary pre h1 h2 h3 h4 h5 h6 li dd dt dl ul ol menu table tbody thead tfoot tr td th caption form "
    "button select object template"
)
_PLAIN: Final = re.compile(
    rb"<(" + _named(_BLOCKS + " p") + rb")" + _REST
    + rb"(?:[^<]++|<(?:"
    + b"|".join(
        name + _SPACE + _REST + _NO_BLOCK + rb"*+</" + name + _END for name in (b"a", b"span", b"b", b"i", b"strong")
    )
    + rb")|" + _VOID + rb")*+</\1" + _END
)  # fmt: skip
# Formatting but nobr, and elements that close nothing around them, with text in them and nothing more.
_INLINE: Final = re.compile(
    rb"<("
    + _named(
        "a b big code em font i s small strike strong tt u span label abbr cite time sub sup mark q var kbd samp bdi "
        "bdo data dfn del ins picture video audio canvas map output meter progress slot ruby rt rp acronym",
        _CUSTOM,
    )
    + rb")" + _REST + rb"(?:" + _NO_BLOCK + rb"++|" + _VOID + rb")*+</\1" + _END + rb"|" + _VOID
)  # fmt: skip
# A paragraph is closed by the next, so one is open at most between two elements that hide it: counted by `depth`.
_PARAGRAPH: Final = re.compile(_tag("p") + rb"|</p" + _END)
_RULE: Final = re.compile(_tag("hr"))
_WRAPPING_LINK: Final = re.compile(rb"<a" + _SPACE + _REST + _NO_PARAGRAPH + rb"</a" + _END)
_BLOCK: Final = re.compile(
    rb"<(?:(" + _named(_BLOCKS) + rb")" + _REST + _TEXT + rb"</\1"
    rb"|(" + _named("search span label time slot picture video audio option optgroup svg g", _CUSTOM) + rb")" + _REST
    + _NOT_CLOSED + _NO_PARAGRAPH + rb"</\2"
    # End tags that may be left out, where that of the element around is there.
    rb"|(" + _named("ul ol menu dl div article section") + rb")" + _REST
    + _TEXT + _tag("li dd dt option") + _TEXT + rb"</\3"
    rb"|(" + _named("table tbody thead tfoot tr") + rb")" + _REST + _TEXT
    + rb"(?:" + _tag("tbody thead tfoot") + _TEXT + rb")?+(?:" + _tag("tr") + _TEXT + rb")?+"
    + rb"(?:" + _tag("td th") + _TEXT + rb")?+</\4"
    rb")" + _END
    # And where another such element begins.
    + rb"|<li(?=[\t\n\r />])" + _REST + _TEXT + rb"(?=<li[\t\n\r >])"
    rb"|<d[dt](?=[\t\n\r />])" + _REST + _TEXT + rb"(?=<d[dt][\t\n\r >])"
)  # fmt: skip
_PARTS: Final = re.compile(
    rb"<t[dh](?=[\t\n\r />])" + _REST + _TEXT + rb"(?=<t[dhr][\t\n\r >])"
    rb"|<tr(?=[\t\n\r />])" + _REST + _TEXT + rb"(?=<tr[\t\n\r >])"
    rb"|<option(?=[\t\n\r />])" + _REST + _TEXT + rb"(?=<option[\t\n\r >])"
)  # fmt: skip
_FORMATTING: Final = re.compile(b"<" + _named("a b big code em font i nobr s small strike strong tt u"))
_START: Final = re.compile(rb"<[a-z]")
_HARMLESS: Final = re.compile(_tag("html head body"))
# What is left over and opens what we think: a tag without "<" that is none of raw text.
_CLEAN: Final = re.compile(
    rb"<(?!" + _named("script style textarea title iframe noscript noembed noframes xmp plaintext")
    + rb")[a-z][a-z0-9-]*+" + _REST + rb"|</[a-z][a-z0-9-]*+" + _END
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nesting:
    """`layers`: of elements that were taken out, one in another. `left`: start tags that may open one each beside them.

    `shown`: the page in lower case without scripts and comments, unless the tag of one is long. `rest`: without
    what was taken out. `wrapping`: how many links with blocks in them were. `foreign`: whether drawings or formulas
    were. `is_clean`: whether each "<" of the page opens what it seems to. `read`: bytes that were looked through.
    """

    layers: int
    left: int
    shown: bytes
    rest: bytes
    wrapping: int
    foreign: bool
    is_clean: bool
    read: int = 0

    @property
    def depth(self) -> int:
        """How many elements are open at most, formatting that comes back apart.

        For each there may be a paragraph, and for a table a section and a row that nobody wrote.
        """
        return 4 * (self.layers + self.left + 3) + (MOST_IN_FOREIGN if self.foreign else 0)


def nesting_of(source: bytes, *, scripting: bool) -> Nesting:
    """The nesting of the page `source` (UTF-8). Costs some tens of nanoseconds a byte, whatever the page is.

    `scripting`: whether the parser takes what stands in noscript for text.
    """
    return _Peeling(source.lower().translate(_MARKS)).nesting(_HIDING_WITH_SCRIPTS if scripting else _HIDING_WITHOUT)


class _Peeling:
    """A page on the way from its innermost elements to its outermost."""

    def __init__(self, text: bytes) -> None:
        self._rest = text
        self._budget = MOST_READ * len(text)
        self._layers = 0
        self._wrapping = 0
        self._parts = 0

    def nesting(self, hiding: re.Pattern[bytes]) -> Nesting:
        whole = self._rest
        self._rest = _TITLE.sub(_TITLE_MARK, self._rest)
        hidden = self._take(hiding, _BLOCK_MARK)
        shown = whole if any(len(tag) > _LONG for tag in _RAW_TAG.findall(whole)) else self._rest
        drawn = titled = 0
        # Backwards: CPython searches long words so in a fraction of the time.
        if self._rest.rfind(b"</svg") >= 0:
            drawn, titled = self._take(_DRAWING, _FOREIGN_MARK), self._take(_TITLED_DRAWING, _FOREIGN_MARK)
        if self._rest.rfind(b"</math") >= 0:
            titled += self._take(_FORMULA, _FOREIGN_MARK)
        is_foreign = self._rest.rfind(b"<svg") >= 0 or self._rest.rfind(b"<math") >= 0
        self._peel(_PLAIN, _BLOCK_MARK)
        in_html = self._take(_VOID_IN_HTML)
        self._peel(_INLINE)
        self._rest = _RULE.sub(b"", _PARAGRAPH.sub(_PARAGRAPH_MARK, self._rest))
        while self._peel_blocks():
            pass
        left = len(_START.findall(self._rest))
        if is_foreign:
            left += self._parts + in_html + hidden
        else:
            left -= len(_HARMLESS.findall(self._rest))
        is_clean = b"<" not in _CLEAN.sub(b"", self._rest)
        if not is_clean:
            left += hidden + drawn + titled
        elif titled and (self._wrapping or _FORMATTING.search(self._rest)):
            left += titled  # formatting that comes back in such a text keeps what is around it open
        read = MOST_READ * len(whole) - self._budget
        return Nesting(self._layers, left, shown, self._rest, self._wrapping, drawn + titled > 0, is_clean, read)

    def _take(self, pattern: re.Pattern[bytes], mark: bytes = b"") -> int:
        """Take out what fits; returns how many "<" went with it."""
        before = self._rest.count(b"<")
        self._rest = pattern.sub(mark, self._rest)
        return before - self._rest.count(b"<")

    def _peel(self, pattern: re.Pattern[bytes], mark: bytes = b"") -> None:
        """Take off layers of what fits, until few are found or nothing is budgeted."""
        count, left = 1, 0
        while count * _LEAST > left and self._layers < MOST_LAYERS and self._budget > 0:
            self._budget -= len(self._rest)
            self._rest, count = pattern.subn(mark, self._rest)
            self._layers += count > 0
            left = self._rest.count(b"<")

    def _peel_blocks(self) -> bool:
        """The same of blocks, of parts of tables and of links around blocks; whether there may be more."""
        self._peel(_BLOCK)
        self._budget -= 2 * len(self._rest)
        self._rest, parts = _PARTS.subn(b"", self._rest)
        links = 0
        if b"</a" in self._rest:
            self._rest, links = _WRAPPING_LINK.subn(b"", self._rest)
        self._layers += (parts > 0) + (links > 0)
        self._parts += parts
        self._wrapping += links
        return parts + links > 0 and self._layers < MOST_LAYERS and self._budget > 0
