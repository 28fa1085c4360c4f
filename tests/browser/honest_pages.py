"""Pages as there are many, which say nothing of an age: a look for traces should pass over nearly all of them."""

from typing import Any, Final

_HEAD: Final = (
    '<meta charset="utf-8"><meta name="viewport" content="a"><meta name="description" content="{name}">'
    '<meta property="og:title" content="{name}"><meta property="og:image" content="/i/2024/18/cover.jpg">'
    '<meta name="twitter:card" content="summary"><meta name="twitter:label1" content="Reading time">'
    '<meta name="twitter:data1" content="6 minutes"><title>{name}</title>'
    "<style>.page-title::before {{ content: '\u2014 ' }} .icon::after {{ content: '\\f101' }}</style>"
)
_FOOT: Final = (
    '<footer class="page-footer"><p>© 2016–2024. All rights reserved.</p><a href="tel:+77272501618">+7 (727) 250-16-18'
    '</a> <a href="/terms">Terms</a> <span>12:00-18:00</span><img class="image" src="/i/logo.png" alt="Logo"></footer>'
)
_BODIES: Final = {
    "A shop": '<div class="product-page"><h1>Lamp, 16 W</h1><p>100+ reviews, 4.6 of 5, from 18 to 21 May</p>'
    '<div itemscope itemtype="https://schema.org/Product"><i itemprop="price">1 800</i></div></div>',
    "News": "<article><h1>The road was repaired</h1><p>On 12 June, 6 teams came; 2024-06-12.</p></article>"
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Caf\\u00e9"}</script>',
    "A forum": "<table><tr><td>Posts: 1812</td><td>Joined: 2016</td></tr></table><blockquote>So do I.</blockquote>",
    "A recipe": "<h1>Borscht</h1><ul><li>6 potatoes</li><li>180 g of beetroot</li></ul><p>Cook 16 minutes.</p>",
    "Weather": '<div class="day">Mon <b>+5…+9 °C</b></div><div class="day">Tue <b>-6 °C</b>, wind 12 m/s</div>',
    "Code": "<pre><code>for (let i = 0; i &lt; 10; i++) sum = sum + i;</code></pre><p>It prints 45.</p>",
    "A timetable": "<table><tr><th>No.</th><th>Leaves</th></tr><tr><td>16</td><td>06:14</td></tr></table>",
    "Новости": "<article><h1>Дорогу открыли</h1><p>В 2016 году её закрыли на 18 месяцев.</p></article>",
    "Жаңалықтар": "<article><h1>Жол ашылды</h1><p>2016 жылы жол 18 айға жабылған еді.</p></article>",
    "A blog": '<main class="home-page"><img src="/2018/06/image-14.jpg" alt="A bridge in 2018"><p>21 km.</p></main>',
    "An app": '<div id="app"><nav aria-label="Main"><a title="Home (6)">Home</a></nav></div><script>f(18+x)</script>',
    "A form": '<form><label>Name <input name="parentNode"></label><button title="Send">Send</button></form>',
}


def pages() -> list[dict[str, Any]]:
    """Each as `known` of the readers with a body, as tests/browser/pages.py has its pages."""
    return [
        {
            "url": "https://site.test/page",
            "kind": None,
            "headers": {"Content-Type": "text/html; charset=utf-8", "Link": "</s.css>; rel=preload"},
            "body": f"<!doctype html><html><head>{_HEAD.format(name=name)}</head><body>{body}{_FOOT}</body></html>",
        }
        for name, body in _BODIES.items()
    ]
