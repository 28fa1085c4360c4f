"""A page that somebody saved to a file, read as if its site had sent it."""

import mimetypes
from typing import BinaryIO

from gateway.document.coding import LARGEST_BODY
from gateway.document.document import Document, Headers, Unreadable
from gateway.document.read import read_document
from gateway.document.url import canonical


def read_saved_page(stream: BinaryIO, name: str, url: str, media_type: str | None) -> Document | Unreadable:
    """The document in `stream`. Its media type is the given one, else by the file's `name`, else sniffed.

    Raises ValueError with a sentence when `url` is no address. No more is read than a page may have.
    """
    address = canonical(url)
    kind, coding = (media_type, None) if media_type else mimetypes.guess_type(name)
    named = {"Content-Type": kind, "Content-Encoding": coding}
    headers = Headers([(header, value) for header, value in named.items() if value])
    return read_document(url=address, status=200, headers=headers, body=stream.read(LARGEST_BODY + 1))
