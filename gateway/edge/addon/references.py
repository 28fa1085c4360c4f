"""What the files of an add-on name: each name must lead to a packed file, or a browser refuses or half-works."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from json import JSONDecodeError, loads
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

# What a module imports or fetches of its own add-on, where it says so in plain words.
_IMPORTS: Final = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*(["'])(\.{1,2}/[^"'\n]+)\1""")
_FETCHES: Final = re.compile(r"""\bgetURL\(\s*(["'])/?([^"'\n?#]+)""")
_COMMENTS: Final = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
_IN_STYLE: Final = re.compile(r"""(?:\burl\(\s*|@import\s+)(["']?)([^"'()\s]+)\1""")
_MESSAGE: Final = re.compile(r"__MSG_(\w+)__")
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)


def faults(files: Mapping[str, bytes]) -> list[str]:
    """What the files (their paths → bytes) name and is not among them, as sentences. `manifest.json` is one of them."""
    found = [*_in_manifest(files)]
    for name in sorted(files):
        wanted = _named_in(name, files[name])
        found += [f"{name} names {each}, which is not there" for each in wanted if each not in files]
    return found


def named_in_manifest(manifest: Mapping[str, Any]) -> Iterator[str]:
    """The paths that a manifest names; those of web-accessible resources may have wildcards."""
    background = _group(manifest, "background")
    yield from _texts([background.get("service_worker"), *background.get("scripts", [])])
    for script in manifest.get("content_scripts", []):
        yield from _texts([*script.get("js", []), *script.get("css", [])])
    yield from _texts(_group(manifest, "icons").values())
    action = _group(manifest, "action")
    icon = action.get("default_icon")
    yield from _texts([action.get("default_popup"), *(icon.values() if isinstance(icon, Mapping) else [icon])])
    yield from _texts([_group(manifest, "options_ui").get("page"), manifest.get("options_page")])
    yield from _texts([_group(manifest, "storage").get("managed_schema")])
    for each in _group(manifest, "declarative_net_request").get("rule_resources", []):
        yield from _texts([each.get("path")])
    for each in manifest.get("web_accessible_resources", []):
        yield from _texts(each.get("resources", []))


def _group(manifest: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = manifest.get(key, {})
    return found if isinstance(found, Mapping) else {}


def _texts(values: Iterable[object]) -> Iterator[str]:
    return (value.removeprefix("/") for value in values if isinstance(value, str))


def _in_manifest(files: Mapping[str, bytes]) -> Iterator[str]:
    text = files["manifest.json"].decode()
    manifest = loads(text)
    for name in sorted(set(named_in_manifest(manifest))):
        if not any(fnmatchcase(file, name) for file in files):
            yield f"the manifest names {name}, which is not there"
    wanted = set(_MESSAGE.findall(text))
    locales = sorted(name for name in files if fnmatchcase(name, "_locales/*/messages.json"))
    if wanted or "default_locale" in manifest:
        default = f"_locales/{manifest.get('default_locale')}/messages.json"
        if default not in locales:
            yield f"the manifest needs {default}, which is not there"
    for locale in locales:
        try:
            known = loads(files[locale])
        except (JSONDecodeError, UnicodeDecodeError) as fault:
            yield f"{locale} is no JSON: {fault}"
            continue
        yield from (
            f"the manifest says __MSG_{key}__, and {locale} has no {key}" for key in sorted(wanted - set(known))
        )


def _named_in(name: str, content: bytes) -> Iterator[str]:
    reader = _READERS.get(posixpath.splitext(name)[1])
    if reader is None:
        return
    for target in reader(content.decode("utf-8", "replace")):
        path = re.split("[?#]", target)[0]
        if path and not _ELSEWHERE.match(target):
            whole = path.removeprefix("/") if path.startswith("/") else posixpath.join(posixpath.dirname(name), path)
            yield posixpath.normpath(whole)


def _in_script(text: str) -> Iterator[str]:
    code = _COMMENTS.sub("", text)
    yield from (match[2] for match in _IMPORTS.finditer(code))
    yield from ("/" + match[2] for match in _FETCHES.finditer(code))


def _in_page(text: str) -> Iterator[str]:
    for element in LexborHTMLParser(text).css("[src], link[href], a[href]"):
        yield element.attributes.get("src") or element.attributes.get("href") or ""


def _in_style(text: str) -> Iterator[str]:
    return (match[2] for match in _IN_STYLE.finditer(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)))


_READERS: Final = {".js": _in_script, ".html": _in_page, ".css": _in_style}
