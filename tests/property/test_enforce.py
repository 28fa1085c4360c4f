"""Laws of what is sent: foreign text stays text, pages stay pages, and what is hidden is gone."""

from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason, Verdict
from gateway.document.document import Document, Headers
from gateway.document.url import Url
from gateway.enforce.languages import LANGUAGES, order_of
from gateway.enforce.notice import shown
from gateway.enforce.to_error import system_verdict
from gateway.enforce.to_masked_html import to_masked_html
from gateway.enforce.to_page import to_frame, to_page
from gateway.enforce.to_substitute import to_substitute
from gateway.enforce.wants import Wants, wants_of
from gateway.labels.label import Label, Scope, Trust

# Anything a decoder or a header can yield, with what breaks out of markup made likely; lone surrogates included.
HOSTILE = st.text(st.one_of(st.sampled_from("<>&\"'`=/{}%\0\r\n\u202e\ud800 "), st.characters()), max_size=300)
GROUNDS = st.builds(
    Ground, rule=HOSTILE, where=HOSTILE, says=st.sampled_from(Action), cites=st.lists(HOSTILE, max_size=3).map(tuple)
)
LABELS = st.builds(
    Label,
    scale=HOSTILE,
    mark=HOSTILE,
    min_age=st.integers(0, 21),
    scope=st.sampled_from(Scope),
    trust=st.sampled_from(Trust),
    carrier=HOSTILE,
    raw=HOSTILE,
    place=HOSTILE,
)
VERDICTS = st.builds(
    Verdict,
    action=st.sampled_from(Action),
    reason=st.sampled_from(Reason),
    effect=st.sampled_from(Effect),
    layer=st.sampled_from(Layer),
    category=st.sampled_from(["6-", "6+", "12+", "14+", "16+", "18+", None]),
    min_age=st.none() | st.integers(0, 21),
    grounds=st.lists(GROUNDS, max_size=3).map(tuple),
    evidence=st.lists(LABELS, max_size=3).map(tuple),
    revision=HOSTILE,
    until=st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
)
# The elements that a block page consists of: foreign text must not add any other.
OURS = frozenset(
    (
        *(
            "html",
            "head",
            "meta",
            "title",
            "link",
            "style",
            "body",
            "main",
            "footer",
            "section",
            "div",
            "p",
            "h1",
            "h2",
        ),
        *("a", "details", "summary", "dl", "dt", "dd", "code", "time", "svg", "path", "text"),
    )
)
OURS_INSIDE = frozenset(
    (
        *("lang", "class", "id", "charset", "name", "content", "rel", "href", "target", "open", "dir", "datetime"),
        *("role", "aria-label", "aria-labelledby", "aria-hidden"),
        *("viewBox", "viewbox", "width", "height", "d", "x", "y", "fill", "stroke", "stroke-width", "stroke-linejoin"),
        *("stroke-linecap", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline"),
    )
)


@given(verdict=VERDICTS, host=HOSTILE, accept=st.none() | HOSTILE, ask_url=st.none() | HOSTILE)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_verdict_the_page_is_ours(
    verdict: Verdict, host: str, accept: str | None, ask_url: str | None
) -> None:
    assume(ask_url is None or ask_url.isprintable())
    for answer in (
        to_page(verdict, accept_language=accept, host=host, ask_url=ask_url),
        to_frame(verdict, accept_language=accept, host=host),
    ):
        text = answer.body.decode("utf-8", "strict")
        page = LexborHTMLParser(text)
        assert len(page.css("h1")) == 1
        assert {node.tag for node in page.css("*")} <= OURS
        assert {name for node in page.css("*") for name in node.attributes} <= OURS_INSIDE
        assert len(answer.body) <= 12_288 + 3 * len((ask_url or "").encode()) * 5
    again = to_page(verdict, accept_language=accept, host=host, ask_url=ask_url)
    assert again == to_page(verdict, accept_language=accept, host=host, ask_url=ask_url)


@given(text=HOSTILE)
@settings(max_examples=200, deadline=None)
def test_a_labels_own_words_are_shown_as_text(text: str) -> None:
    label = Label(
        scale="kz", mark="18+", min_age=18, scope=Scope.PAGE, trust=Trust.B, carrier="meta", raw=text, place="byte 1"
    )
    verdict = Verdict(
        action=Action.BLOCK, reason=Reason.LABEL, effect=Effect.RESTRICT, layer=Layer.LAW, evidence=(label,)
    )
    page = LexborHTMLParser(to_page(verdict, accept_language=None, host="").body.decode())
    codes = [node.text() for node in page.css("section code")]
    assert codes == [shown(text, 200), "meta: byte 1"]


@given(verdict=VERDICTS, wants=st.sampled_from(Wants), blocked_by=st.none() | st.text(max_size=50))
@settings(max_examples=200, deadline=None)
def test_every_answer_can_be_sent(verdict: Verdict, wants: Wants, blocked_by: str | None) -> None:
    assume(blocked_by is None or not any("\ud800" <= letter <= "\udfff" for letter in blocked_by))
    answer = to_substitute(verdict, wants=wants, blocked_by=blocked_by)
    assert answer.status in (403, 451)
    for name, value in answer.headers:
        assert (name + value).isascii()
        assert (name + value).isprintable()


@given(text=HOSTILE, longest=st.integers(2, 300))
def test_shown_text_is_short_and_visible(text: str, longest: int) -> None:
    cut = shown(text, longest)
    assert len(cut) <= longest
    assert cut.isprintable()
    cut.encode("utf-8", "strict")


@given(field=st.none() | st.text(max_size=200) | st.text("kkruen-*;=q0.519, ", max_size=60))
def test_any_field_orders_all_three_languages(field: str | None) -> None:
    assert sorted(order_of(field)) == sorted(LANGUAGES)


@given(
    destination=st.none() | st.text(max_size=20),
    accept=st.none() | st.text(max_size=80),
    extension=st.none() | st.text(),
)
def test_any_request_wants_something(destination: str | None, accept: str | None, extension: str | None) -> None:
    assert wants_of(destination, accept, extension) in Wants


INNER = st.recursive(
    st.sampled_from(
        ["text ", "<br>", "<img src=/a.png alt=free>", "&amp;", "<!-- c -->", "<script>var a='<p>'</script>"]
    ),
    lambda inner: st.builds(
        "<{0} class=c>{1}</{0}>".format,
        st.sampled_from(["div", "p", "span", "ul", "li", "table", "a", "section", "b", "h2"]),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=12,
)
SECRET = "zqx7secretzqx7"


def masked(page: str) -> str | None:
    document = Document(
        url=Url("https://a.example/", "https", "a.example", 443, "/", ""),
        status=200,
        headers=Headers(),
        media_type="text/html",
        body=page.encode(),
        text=page,
        charset="utf-8",
    )
    part = Label(
        scale="kz",
        mark="18+",
        min_age=18,
        scope=Scope.PART,
        trust=Trust.B,
        carrier="visible-sign",
        raw="18+",
        place="#x",
        part="#x",
    )
    answer = to_masked_html(document, [part], system_verdict(Reason.LABEL))
    return None if answer is None else answer.body.decode()


@given(
    before=INNER,
    after=INNER,
    inside=INNER,
    tag=st.sampled_from(["div", "p", "li", "section", "article", "span", "a", "figure"]),
)
@settings(max_examples=250, deadline=None)
def test_nothing_of_a_hidden_part_is_left(before: str, after: str, inside: str, tag: str) -> None:
    result = masked(f"<body>{before}<{tag} id=x data-a={SECRET}>{SECRET}{inside}</{tag}>{after}</body>")
    assert result is None or SECRET not in result
    assert result is None or LexborHTMLParser(result).css_first("#x") is None


# Markup that closes what it opens, in no form that a parser would write itself.
TIDY = st.recursive(
    st.sampled_from(
        ["text\r\n", "<BR>", "<img src='/a.png'  alt=free>", "&eacute;&#x41;", "<!-- <p> -->", "<pre>\n\nx</pre>"]
    ),
    lambda inner: st.builds(
        "<{0}  CLASS='c'>{1}</{0} >".format,
        st.sampled_from(["DIV", "section", "blockquote", "article"]),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=12,
)


@given(before=TIDY, after=TIDY, inside=TIDY)
@settings(max_examples=150, deadline=None)
def test_nothing_but_the_hidden_part_changes(before: str, after: str, inside: str) -> None:
    other = inside.replace("/a.png", "/b.png")  # an image of the part would be hidden wherever it stands
    result = masked(f"<body>{before}<div id=x>{other}<div>{SECRET}</div></div>{after}</body>")
    assert result is not None
    assert result.startswith(f"<body>{before}<span lang=")
    assert result.endswith(f"</span></span>{after}</body>")


@given(text=st.text(min_size=1, max_size=60), attribute=st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_text_of_a_hidden_part_is_left(text: str, attribute: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    quoted = attribute.replace("&", "&amp;").replace('"', "&quot;")
    whole = f'<body><h1>free</h1><div id=x title="{quoted}">{escaped}</div><p>free too</p></body>'
    empty = "<body><h1>free</h1><div id=x></div><p>free too</p></body>"
    result = masked(whole)
    assert result is None or result == masked(empty)


@given(page=st.text(st.sampled_from("<>/!-\"'=pdivx id#script \n"), max_size=120))
@settings(max_examples=200, deadline=None)
def test_masking_never_raises(page: str) -> None:
    masked(page + "<p id=x>a</p>")
