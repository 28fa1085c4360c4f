"""One response for the fuzz targets, and how it is kept so that `qorgan labels --jsonl` reads it again."""

import base64
import json
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.document.document import Document, Headers, Unreadable
from gateway.document.read import read_document

HTML = "text/html; charset=utf-8"
JSON = "application/json"
XML = "application/xml"
RSS = "application/rss+xml"
PLAIN = "text/plain; charset=utf-8"
BINARY = "application/octet-stream"
PAGE = "https://site.test/page"


@dataclass(frozen=True, slots=True)
class Sample:
    """A response. `name` says where it is from, for the report."""

    name: str
    body: bytes
    content_type: str = HTML
    url: str = PAGE
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        """Bytes of everything that a server sends here."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def document(self) -> Document | Unreadable:
        fields = [("Content-Type", self.content_type)] if self.content_type else []
        return read_document(url=self.url, status=200, headers=Headers([*fields, *self.headers]), body=self.body)

    def with_body(self, body: bytes, how: str) -> "Sample":
        """The same response with another body; `how` it was made goes into the name."""
        return replace(self, body=body, name=f"{self.name} {how}"[:200])

    def keep(self, path: Path) -> None:
        """Write it as one line of `qorgan labels --jsonl`."""
        headers: dict[str, list[str]] = {"Content-Type": [self.content_type]} if self.content_type else {}
        for name, value in self.headers:
            headers.setdefault(name, []).append(value)
        line = {"id": self.name, "url": self.url, "status": 200, "headers": headers}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**line, "body_b64": base64.b64encode(self.body).decode()}) + "\n")
