"""What kind of thing a request waits for, so that a refusal can come in a form that fits."""

from enum import StrEnum
from typing import Final


class Wants(StrEnum):
    DOCUMENT = "document"
    FRAME = "frame"
    IMAGE = "image"
    ICON = "icon"  # an image where SVG will not do
    VIDEO = "video"
    AUDIO = "audio"
    SCRIPT = "script"
    STYLE = "style"
    FONT = "font"
    JSON = "json"
    TEXT = "text"
    WEBSOCKET = "websocket"
    OTHER = "other"


# Fetch standard, section 3.2.7 "destination"; `empty` is fetch(), XMLHttpRequest, EventSource and sendBeacon.
_BY_DESTINATION: Final = {
    "document": Wants.DOCUMENT,
    "embed": Wants.FRAME,
    "fencedframe": Wants.FRAME,
    "frame": Wants.FRAME,
    "iframe": Wants.FRAME,
    "object": Wants.FRAME,
    "image": Wants.IMAGE,
    "video": Wants.VIDEO,
    "audio": Wants.AUDIO,
    "track": Wants.TEXT,
    "audioworklet": Wants.SCRIPT,
    "paintworklet": Wants.SCRIPT,
    "script": Wants.SCRIPT,
    "serviceworker": Wants.SCRIPT,
    "sharedworker": Wants.SCRIPT,
    "worker": Wants.SCRIPT,
    "style": Wants.STYLE,
    "xslt": Wants.STYLE,
    "font": Wants.FONT,
    "empty": Wants.JSON,
    "json": Wants.JSON,
    "manifest": Wants.JSON,
    "report": Wants.JSON,
    "webidentity": Wants.JSON,
    "websocket": Wants.WEBSOCKET,
}
_BY_EXTENSION: Final = {
    extension: wants
    for wants, extensions in {
        Wants.DOCUMENT: "html htm xhtml php asp aspx jsp",
        Wants.IMAGE: "jpg jpeg png gif webp avif apng bmp svg jxl",
        Wants.ICON: "ico",
        Wants.VIDEO: "mp4 m4v webm mov mkv ogv m3u8 mpd ts m4s",
        Wants.AUDIO: "mp3 m4a ogg oga opus wav flac aac",
        Wants.SCRIPT: "js mjs",
        Wants.STYLE: "css",
        Wants.FONT: "woff woff2 ttf otf eot",
        Wants.JSON: "json map webmanifest",
        Wants.TEXT: "txt vtt srt csv",
        Wants.OTHER: "zip gz 7z rar apk exe msi dmg iso bin pdf wasm torrent",
    }.items()
    for extension in extensions.split()
}
_BY_MEDIA_TYPE: Final = {
    "text/html": Wants.DOCUMENT,
    "application/xhtml+xml": Wants.DOCUMENT,
    "text/css": Wants.STYLE,
    "text/javascript": Wants.SCRIPT,
    "application/javascript": Wants.SCRIPT,
    "application/json": Wants.JSON,
    "application/problem+json": Wants.JSON,
    "text/event-stream": Wants.TEXT,
    "text/plain": Wants.TEXT,
}
_BY_TOP_LEVEL_TYPE: Final = {"image": Wants.IMAGE, "video": Wants.VIDEO, "audio": Wants.AUDIO, "font": Wants.FONT}
_SVG: Final = frozenset({"image/svg+xml", "image/*", "*/*"})
_LONGEST: Final = 2000  # characters of Accept that are read


def wants_of(sec_fetch_dest: str | None, accept: str | None, path_extension: str | None) -> Wants:
    """What a request waits for: by Sec-Fetch-Dest (no page can set it), else by Accept, else by the path's extension.

    Each may be None. `path_extension` comes with or without its dot. What nothing tells is a document, so that a person
    with a plain client still reads the reason. A WebSocket is known by its handshake, not from here.
    """
    extension = (path_extension or "").lstrip(".").lower()
    types = _types(accept)
    found = (
        _BY_DESTINATION.get((sec_fetch_dest or "").strip().lower())
        or _by_accept(types)
        or _BY_EXTENSION.get(extension, Wants.DOCUMENT)
    )
    if found is Wants.IMAGE and (extension == "ico" or (types and _SVG.isdisjoint(types))):
        return Wants.ICON
    return found


def _types(accept: str | None) -> tuple[str, ...]:
    """The media types that are wanted, in their order; without parameters, and without those of weight 0."""
    types = []
    for item in (accept or "")[:_LONGEST].split(","):
        essence, _, parameters = item.partition(";")
        if parameters.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000") and essence.strip():
            types.append(essence.strip().lower())
    return tuple(types)


def _by_accept(types: tuple[str, ...]) -> Wants | None:
    """Browsers name what they want most first; `*/*` tells nothing."""
    for essence in types:
        if found := _BY_MEDIA_TYPE.get(essence) or _BY_TOP_LEVEL_TYPE.get(essence.partition("/")[0]):
            return found
        if essence.endswith("+json"):
            return Wants.JSON
    return None
