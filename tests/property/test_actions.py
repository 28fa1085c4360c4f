"""Recognising actions: total, and blind to values, to case and to the order of fields."""

from functools import cache
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.actions.build import build_recipes
from gateway.actions.form import field_names
from gateway.actions.recipe import Recipes
from gateway.decision.question import Asked
from gateway.document.document import Headers
from gateway.document.url import canonical
from gateway.shipped import texts


@cache
def recipes() -> Recipes:
    return build_recipes(texts("actions"))


WORDS = ["signup", "login", "register", "email", "password", "password2", "birthday", "tos", "q", "new", "a", "search"]
words = st.sampled_from(WORDS) | st.text(max_size=8)
paths = st.lists(words, max_size=4).map("/".join)
hosts = st.sampled_from(["forum.test", "x.com", "vk.com", "www.youtube.com"])
pairs = st.lists(st.tuples(words, st.text(max_size=8)), max_size=6)
TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"]
FORM = Headers([("Content-Type", "application/x-www-form-urlencoded")])
methods = st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE", "BREW"])


def url_of(host: str, path: str, query: list[tuple[str, str]]):
    try:
        return canonical(f"https://{host}/{urlencode({'p': path})[2:]}?{urlencode(query, errors='replace')}")
    except ValueError:
        return canonical(f"https://{host}/")


@given(methods, hosts, paths, pairs, st.none() | st.lists(words, max_size=6))
@settings(max_examples=300)
def test_every_request_is_one_of_three(method, host, path, query, fields):
    assert recipes().asked(method, url_of(host, path, query), None, fields) in Asked


@given(pairs, st.lists(st.text(max_size=8), min_size=6, max_size=6))
@settings(max_examples=200)
def test_no_value_of_a_field_changes_what_is_asked(form, others):
    names = [name for name, _ in form]
    one = field_names(FORM, urlencode(form, errors="replace").encode())
    two = field_names(FORM, urlencode(list(zip(names, others, strict=False)), errors="replace").encode())
    assert one == two


@given(hosts, paths, st.lists(words, max_size=6), st.randoms())
@settings(max_examples=200)
def test_neither_the_order_nor_the_case_of_fields_matters(host, path, fields, random):
    url = url_of(host, path, [])
    shuffled = [name.upper() if name.isascii() else name for name in random.sample(fields, len(fields))]
    assert recipes().asked("POST", url, None, fields) == recipes().asked("POST", url, None, shuffled)


@given(
    st.binary(max_size=300),
    st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data", "application/json"]),
)
@settings(max_examples=300)
def test_any_bytes_are_a_form_or_none(body, media_type):
    names = field_names(Headers([("Content-Type", media_type)]), body)
    assert names is None or all(isinstance(name, str) for name in names)
