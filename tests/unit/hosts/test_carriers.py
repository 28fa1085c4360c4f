"""The addresses that shipped carriers carry, and files that are no carriers."""

import pytest

from gateway.document.url import canonical
from gateway.hosts.carriers import Carriers, build_carriers
from gateway.problems import ProblemsFound
from gateway.shipped import texts


@pytest.fixture(scope="module")
def carriers() -> Carriers:
    return build_carriers(texts("carriers"))


@pytest.mark.parametrize(
    ("address", "carried"),
    [
        ("https://www-example-com.translate.goog/page?_x_tr_sl=en", ["http://www.example.com/page"]),
        ("https://my--site-example-org.translate.goog/", ["http://my-site.example.org/"]),
        ("https://translate.google.com/translate?sl=en&u=https://example.com/a?b=c", ["https://example.com/a?b=c"]),
        ("https://translated.turbopages.org/proxy_u/en-ru.ru.abc/https/example.com/a", ["https://example.com/a"]),
        ("https://web.archive.org/web/2020*/http://example.com/a", ["http://example.com/a"]),
        ("https://web.archive.org/web/20200101000000id_/https://example.com/a?b=c", ["https://example.com/a?b=c"]),
        ("https://web.archive.org/web/2020/example.com", ["http://example.com/"]),
        ("https://archive.ph/2020/https://example.com/", ["https://example.com/"]),
        ("https://archive.ph/newest/https://example.com/", ["https://example.com/"]),
        (
            "https://webcache.googleusercontent.com/search?q=cache:AbC_123456:example.com/a+word",
            ["http://example.com/a"],
        ),
        ("https://www.google.com/amp/s/example.com/a", ["http://example.com/a"]),
        ("https://r.jina.ai/https://example.com/", ["https://example.com/"]),
        ("https://wsrv.nl/?url=example.com/a.jpg", ["http://example.com/a.jpg"]),
        ("https://WSRV.nl/?URL=%65xample.com", ["http://example.com/"]),
        (
            "https://web.archive.org/web/2020/https://translate.google.com/translate?u=http://example.com/",
            ["https://translate.google.com/translate?u=http://example.com/", "http://example.com/"],
        ),
        ("https://translate.google.com/?sl=en&text=hello", []),
        ("https://web.archive.org/", []),
        ("https://www.google.com/search?q=https://example.com/", []),
        ("https://example.org/?u=https://example.com/", []),
        ("https://wsrv.nl/?url=javascript:x", []),
    ],
)
def test_what_an_address_carries(carriers: Carriers, address: str, carried: list[str]) -> None:
    found = [url.href for url in carriers.carried(canonical(address))]
    assert [href for href in found if "example" in href or not carried] == carried


def test_an_address_inside_itself_ends(carriers: Carriers) -> None:
    address = "https://web.archive.org" + "/web/2020/https://web.archive.org" * 500 + "/web/1/http://example.com/"
    assert len(carriers.carried(canonical(address))) <= 3


def test_a_thousand_parameters_are_none(carriers: Carriers) -> None:
    assert carriers.carried(canonical("https://wsrv.nl/?" + "&".join(["url=example.com"] * 1_000))) == ()


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ("{host: A.example, query: [u], source: x}", 4, "is not how a host is written"),
        ("{host: a.example, source: x}", 4, "nothing says where"),
        ("{host: a.example, path: [web], source: x}", 4, "is no beginning of a path"),
        ("{host: a.example, query: [u]}", 4, "source"),
    ],
)
def test_a_file_that_is_wrong_names_the_place(entry: str, line: int, said: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        build_carriers({"carriers/x.yaml": f"about: x\nchecked: 2026-11-28\ncarriers:\n  - {entry}\n"})
    assert {(problem.file, problem.line) for problem in found.value.problems} == {("carriers/x.yaml", line)}
    assert any(said in problem.message for problem in found.value.problems)


def test_a_host_stands_once() -> None:
    entry = "  - {host: a.example, query: [u], source: x}\n"
    with pytest.raises(ProblemsFound, match="written twice"):
        build_carriers({"x.yaml": f"about: x\nchecked: 2026-11-28\ncarriers:\n{entry}{entry}"})
