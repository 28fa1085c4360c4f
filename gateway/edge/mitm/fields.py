"""Header fields by name, for parts of mitmproxy and of ours that every request asks a dozen times."""

from mitmproxy.http import Headers


def named(headers: Headers) -> dict[bytes, bytes]:
    """Values by lower-case names, those of one name joined; made anew when the fields have been changed."""
    fields = headers.fields
    known = headers.__dict__.get("_lean")
    if known is not None and known[0] is fields:
        return known[1]  # type: ignore[no-any-return]
    found: dict[bytes, bytes] = {}
    for name, value in fields:
        key = name.lower()
        found[key] = found[key] + b", " + value if key in found else value
    headers.__dict__["_lean"] = (fields, found)
    return found
