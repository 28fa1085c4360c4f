"""The demo sites: each page shows MARKER where something is for adults, FINE where everybody may look."""

from dataclasses import replace
from typing import Final

from tests.browser.extension.growing_sites import GROWING
from tests.browser.extension.origin import HIDDEN, LIST, RTA, SHOWN, Page, card, html

_FULL: Final = "position:fixed;inset:0;"
_JS_PAGE: Final = """
<div id="root"></div>
<script>
const show = () => {
  document.getElementById("root").innerHTML =
    '<div style="position:fixed;inset:0;background:#ff00ff">Secret film</div>';
  const meta = document.createElement("meta");
  meta.name = "rating";
  meta.content = "RTA-5042-1996-1400-1577-RTA";
  document.head.append(meta);
};
%s
</script>
"""
_SPA: Final = """
<main id="view">Home</main>
<script>
function go() {
  history.pushState({}, "", "/film");
  document.getElementById("view").innerHTML =
    '<article style="position:fixed;inset:0;background:#ff00ff"><h1>A film</h1><p class="age">18+</p></article>';
  const ld = document.createElement("script");
  ld.type = "application/ld+json";
  const film = {"@context": "https://schema.org", "@type": "Movie", "name": "A film", "contentRating": "18+"};
  ld.textContent = JSON.stringify(film);
  document.head.append(ld);
}
</script>
"""
_SHADOW: Final = """
<age-card></age-card>
<script>
customElements.define("age-card", class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({mode: "open"});
    root.innerHTML = `<ul>MEADOW NIGHT</ul>`;
  }
});
</script>
"""


# What no observer tells of comes when the page was shown and read; on a page that was open before, only when asked for.
_LATER: Final = """
<script>
(function shown() {
  const isShown = document.readyState === "complete" && getComputedStyle(document.documentElement).opacity === "1";
  if (!isShown) requestAnimationFrame(shown);
  else if (location.hash !== "#never") setTimeout(() => { %s; window.isLate = true }, 400);
})();
</script>
"""
_LATE_STYLE: Final = """document.styleSheets[0].insertRule('footer::before { content: "18+" }')"""
_LATE_TREE: Final = "document.querySelector('section').attachShadow({mode: 'open'}).innerHTML = `<ul>MEADOW NIGHT</ul>`"
_LATE_ELEMENT: Final = _LATE_TREE.replace("section", "late-card")
_LATE_FRAME: Final = "document.querySelector('iframe').contentDocument.body.innerHTML = `<p>NIGHT</p>`"

_VIDEO: Final = '<video src="/clip.webm" width="50" height="30" autoplay loop muted></video>'

PAGES: Final[dict[str, Page]] = {
    **GROWING,
    "plain.test/": Page(html("<p>hello</p>")),
    "second.test/": Page(html("<p>hello again</p>")),
    "adult.test/": Page(html("<p>secret</p>", head=RTA, style=HIDDEN)),
    "film.test/": Page(
        html("<p>A film.</p><footer>18+</footer>", style=HIDDEN, head='<meta property="ya:ovs:adult" content="true">')
    ),
    "labelled.test/": Page(html("<p>A film.</p><footer>18+</footer>", head='<meta name="rating" content="18+">')),
    "header.test/": Page(html("<p>secret</p>", style=HIDDEN), {"Rating": "RTA-5042-1996-1400-1577-RTA"}),
    "games.test/": Page(html("<p>games</p>", style=HIDDEN)),
    "listed.test/": Page(html("<p>games</p>", style=HIDDEN)),
    "six.test/": Page(html("<p>a tale</p>", head='<meta name="rating" content="general">')),
    "dialog.test/": Page(
        html(
            f'<dialog id="d" style="{_FULL}width:100vw;height:100vh;{HIDDEN}">secret</dialog>'
            "<script>d.showModal()</script>",
            head=RTA,
        )
    ),
    "stubborn.test/": Page(
        html(
            "<p>secret</p><script>const root = document.documentElement;"
            "root.removeAttribute('style');setInterval(() => root.setAttribute('style', 'opacity:1'), 1);"
            "const again = () => { root.style.cssText = 'opacity:1'; requestAnimationFrame(again) }; again();"
            "</script>",
            head=RTA + "<style>html{opacity:1!important}body *{visibility:visible!important}</style>",
            style=HIDDEN,
        )
    ),
    "slow.test/": Page(
        "<!doctype html><html><head><meta charset=utf-8>" + RTA + f'</head><body style="{HIDDEN}"><p>secret</p>',
        late=(0.6, "<p>the end</p></body></html>"),
    ),
    "slowly.test/": Page(
        f'<!doctype html><html><head><meta charset=utf-8></head><body style="{SHOWN}"><p>open</p>',
        late=(1.5, "<p>the end</p></body></html>"),
    ),
    "measures.test/": Page(
        "<!doctype html><html><head><meta charset=utf-8><script>let frames = 0, held = 0;"
        "const count = () => { frames += 1; requestAnimationFrame(count) }; count();</script>"
        '</head><body style="margin:0"><div style="height:3000px"></div>',
        late=(0.6, "<script>const tall = document.documentElement.scrollHeight; held = frames</script></body></html>"),
    ),
    "js.test/": Page(html(_JS_PAGE % "show();")),
    "late.test/": Page(html(_JS_PAGE % "setTimeout(show, 500);")),
    "spa.test/": Page(html(_SPA)),
    "shadow.test/": Page(
        html(_SHADOW.replace("MEADOW", card("meadow", "6+", SHOWN)).replace("NIGHT", card("night", "18+", HIDDEN)))
    ),
    "late-style.test/": Page(
        html("<p>A film.</p><footer></footer><style>p { margin: 0 }</style>" + _LATER % _LATE_STYLE)
    ),
    "imports.test/": Page(html("<p>A film.</p><footer></footer><style>@import url(/more.css)</style>")),
    "imports.test/more.css": Page("@import url(/sign.css);", type="text/css"),
    "imports.test/sign.css": Page('footer::before { content: "18+" }', type="text/css"),
    "late-tree.test/": Page(
        html(
            "<section></section>"
            + _LATER
            % _LATE_TREE.replace("MEADOW", card("meadow", "6+", SHOWN)).replace("NIGHT", card("night", "18+", SHOWN))
        )
    ),
    "late-full-tree.test/": Page(
        html(
            "<section><p>A film.</p></section>"
            + _LATER
            % _LATE_TREE.replace("MEADOW", card("meadow", "6+", SHOWN)).replace("NIGHT", card("night", "18+", SHOWN))
        )
    ),
    "late-element.test/": Page(
        html(
            "<late-card>A film.</late-card>"
            + _LATER
            % _LATE_ELEMENT.replace("MEADOW", card("meadow", "6+", SHOWN)).replace("NIGHT", card("night", "18+", SHOWN))
        )
    ),
    "late-frame.test/": Page(
        html("<p>outer</p><iframe></iframe>" + _LATER % _LATE_FRAME.replace("NIGHT", card("night", "18+", SHOWN)))
    ),
    "frames.test/": Page(html('<p>outer</p><iframe src="http://inner.test:PORT/" width="300" height="150"></iframe>')),
    "framed-list.test/": Page(
        html('<p>outer</p><iframe src="http://list.test:PORT/" width="300" height="250"></iframe>')
    ),
    "inner.test/": Page(html("<p>secret</p>", head=RTA, style=HIDDEN)),
    "written.test/": Page(
        html(
            "<p>outer</p><script>setTimeout(() => { const frame = document.createElement('iframe');"
            f"frame.srcdoc = `{html('<p>secret</p>', head=RTA, style=HIDDEN)}`;"
            "document.body.append(frame); }, 300)</script>"
        )
    ),
    "list.test/": Page(
        html(LIST % (card("meadow", "6+", SHOWN) + card("night", "18+", HIDDEN, _VIDEO) + card("river", "6+", SHOWN)))
    ),
    "signs.test/": Page(
        html(
            "<main>"
            + "".join(
                f'<article class="card" id="{name}" style="height:60px;width:240px;{style}">'
                f'<h3><a href="/film/{name}">A film</a></h3><span>{mark}</span></article>'
                for name, mark, style in (("meadow", "6+", SHOWN), ("night", "18+", HIDDEN), ("river", "6+", SHOWN))
            )
            + "</main><footer>6+</footer>"
        )
    ),
    "grows.test/": Page(
        html(
            LIST % card("meadow", "6+", SHOWN)
            + f"<template>{card('night', '18+', HIDDEN)}</template>"
            + "<script>const list = document.querySelector('ul'), more = document.querySelector('template');"
            "setTimeout(() => list.append(more.content), 600)</script>"
        )
    ),
    "rewrites.test/": Page(
        html(
            LIST % (card("meadow", "6+", SHOWN) + card("night", "18+", HIDDEN))
            + "<script>setInterval(() => { night.style.display = 'block'; night.inert = false }, 20)</script>"
        )
    ),
    "told.test/": Page(html("<p>secret</p>", style=HIDDEN)),
    "quiet.test/": Page(html("<p>nothing to say</p>")),
    "away.test/": Page(html("<p>away</p>")),
    "far.test/": Page(html("<p>secret</p>", head=RTA, style=HIDDEN)),
    "old.test/": Page(html("<p>no label</p>", style=HIDDEN)),
    "csp.test/": Page(
        html("<p>secret</p>", head=RTA, style=HIDDEN),
        {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-scripts"},
    ),
    "image.test/picture.svg": Page(
        '<svg xmlns="http://www.w3.org/2000/svg"><rect width="100" height="100" fill="#00a050"/></svg>',
        type="image/svg+xml",
    ),
}
HOSTS: Final = tuple(sorted({name.partition("/")[0] for name in PAGES}))


def pages_at(port: int) -> dict[str, Page]:
    """The pages with the origin's port in the addresses that they name."""
    return {name: replace(page, body=page.body.replace("PORT", str(port))) for name, page in PAGES.items()}
