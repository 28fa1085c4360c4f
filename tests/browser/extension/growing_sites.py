"""Demo sites that change while or after they are judged, and those whose elements have names of properties."""

from typing import Final

from tests.browser.extension.origin import HIDDEN, LIST, RTA, SHOWN, Page, card, html

# Firefox films too seldom for what is seen in a few frames only: the page looks itself before each painting.
_GROWS: Final = """
<script>
const [list, more] = Document.prototype.querySelectorAll.call(document, "ul, template");
const grow = () => list.append(more.content.cloneNode(true));
(function look() {
  window.isSeen ||= window.night?.checkVisibility({opacityProperty: true});
  requestAnimationFrame(look);
})();
</script>
<p>the end
"""
# Their names hide properties of the document, from its own scripts, and of the form.
_OF_DOCUMENTS: Final = (
    "body createTreeWalker defaultView documentElement head nodeType querySelector querySelectorAll readyState "
    "styleSheets URL getElementById children childNodes adoptedStyleSheets"
)
_OF_FORMS: Final = (
    "after attributes childNodes children getAttribute getRootNode hasAttribute id isConnected localName matches "
    "nodeType ownerDocument parentNode querySelector querySelectorAll setAttribute shadowRoot style tagName "
    "nextSibling firstChild className textContent"
)
_NAMED: Final = "".join(f"<img name={name}>" for name in _OF_DOCUMENTS.split())
_NAMED_CONTROLS: Final = "".join(f"<input type=hidden name={name}>" for name in _OF_FORMS.split())

GROWING: Final[dict[str, Page]] = {
    "meets.test/": Page(
        html(
            LIST % (card("meadow", "6+", SHOWN) + card("dusk", "18+", HIDDEN))
            + f"<template>{card('night', '18+', HIDDEN)}</template>"
            + _GROWS
        )
    ),
    "named-card.test/": Page(
        html(
            LIST % (card("meadow", "6+", SHOWN) + card("dusk", "18+", HIDDEN, f"<form>{_NAMED_CONTROLS}</form>"))
            + "".join(
                f"<form id={name} itemscope itemtype='https://schema.org/Movie' style='{style}'>{_NAMED_CONTROLS}"
                f"<a href=/{name} itemprop=url><b itemprop=name>{name}</b></a>"
                f"<meta itemprop=contentRating content='{mark}'></form>"
                for name, mark, style in (("morn", "6+", SHOWN), ("eve", "18+", HIDDEN), ("noon", "6+", SHOWN))
            )
            + f"<template>{card('night', '18+', HIDDEN, f'<form>{_NAMED_CONTROLS}</form>')}</template>"
            + _GROWS
        )
    ),
    "named-adult.test/": Page(
        html(f"{_NAMED}<form>{_NAMED_CONTROLS}</form><p id=browser>secret</p>", head=RTA, style=HIDDEN)
    ),
    "named.test/": Page(
        html(
            _NAMED
            + f"<form>{_NAMED_CONTROLS}"
            + LIST % (card("meadow", "6+", SHOWN) + card("dusk", "18+", HIDDEN))
            + "</form>"
            + f"<template>{card('night', '18+', HIDDEN)}</template>"
            + _GROWS
        )
    ),
    "restless.test/": Page(
        html(
            LIST
            % (card("meadow", "6+", SHOWN) + card("dusk", "18+", HIDDEN))
            + "<script>let last = 0; const mark = document.querySelector('#meadow meta');"
            "setInterval(() => { mark.content = '6+'; mark.parentNode.id = `meadow${last += 1}` }, 20)</script>"
        )
    ),
}
