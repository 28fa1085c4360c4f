"""Asking a gateway that runs on this machine, by its control API and the token in its data directory."""

import http.client
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from gateway.edge.installation import Installation
from gateway.edge.token_file import TOKEN_FILE

_SECONDS: Final = 20.0
_MOST_BYTES: Final = 4 << 20
_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a server listens on, to be asked by loopback
_PREFIX: Final = "/api/v1"


class NoGateway(Exception):  # noqa: N818 - reads as a sentence
    """Nobody answers, or not as a gateway does; the text says where and what to do."""


class NotDone(Exception):  # noqa: N818 - reads as a sentence
    """The gateway will not do it; the text is its own."""


class ControlClient:
    """Waits for each answer. Every method raises NoGateway and NotDone."""

    def __init__(self, installation: Installation) -> None:
        admin = installation.shape.admin
        self._host, self._port = _ANYWHERE.get(admin.address, admin.address), admin.port
        self._token_file = installation.data / TOKEN_FILE

    def grants(self) -> list[dict[str, Any]]:
        """The grants that hold now."""
        found: list[dict[str, Any]] = self._ask("GET", "/grants")["grants"]
        return found

    def give(self, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What was given."""
        given: list[dict[str, Any]] = self._ask("POST", "/grants", asked)["grants"]
        return given

    def revoke(self, grant_id: str) -> dict[str, Any]:
        """What was taken back."""
        revoked: dict[str, Any] = self._ask("DELETE", f"/grants/{quote(grant_id, safe='')}")["revoked"]
        return revoked

    def opened(self, person: str | None) -> list[dict[str, Any]]:
        """What was opened, of one person or of all."""
        asked = "/opened" if person is None else "/opened?" + urlencode({"as": person})
        lines: list[dict[str, Any]] = self._ask("GET", asked)["opened"]
        return lines

    def health(self) -> dict[str, Any]:
        """How it does, in detail."""
        return self._ask("GET", "/health")

    def time_of(self, person: str) -> dict[str, Any]:
        """What time somebody has."""
        return self._ask("GET", "/time?" + urlencode({"as": person}))

    def pair(self, person: str, enrol_days: int | None) -> dict[str, Any]:
        """A code for one device of somebody, or an enrolment token."""
        asked = {} if enrol_days is None else {"enrol": True, "days": enrol_days}
        return self._ask("POST", f"/people/{quote(person, safe='')}/pairing", asked)

    def devices(self) -> dict[str, Any]:
        """The devices that were paired, and the enrolment tokens that hold."""
        return self._ask("GET", "/devices")

    def revoke_device(self, device_id: str) -> dict[str, Any]:
        """Takes back the token of a device, or an enrolment token; by which enrolment the device will come again."""
        return self._ask("DELETE", f"/devices/{quote(device_id, safe='')}")

    def asks(self) -> list[dict[str, Any]]:
        """What people ask to have opened."""
        found: list[dict[str, Any]] = self._ask("GET", "/asks")["asks"]
        return found

    def refuse(self, ask_id: str) -> dict[str, Any]:
        """What was answered with no."""
        refused: dict[str, Any] = self._ask("DELETE", f"/asks/{quote(ask_id, safe='')}")["refused"]
        return refused

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token()}", "Accept": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        if sent is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_SECONDS)
        try:
            connection.request(method, _PREFIX + path, sent, headers)
            response = connection.getresponse()
            content = response.read(_MOST_BYTES)
        except (OSError, http.client.HTTPException) as fault:
            place = f"{self._host}:{self._port}"
            raise NoGateway(f"no gateway answers at {place} ({fault}): start it with qorgan run") from fault
        finally:
            connection.close()
        try:
            told = json.loads(content)
        except ValueError as fault:
            raise NoGateway(f"what answers at {self._host}:{self._port} is no gateway of this version") from fault
        if not isinstance(told, dict):
            raise NoGateway(f"what answers at {self._host}:{self._port} is no gateway of this version")
        if response.status != 200:
            raise NotDone(str(told.get("detail") or response.reason))
        return told

    def _token(self) -> str:
        try:
            return self._token_file.read_text(encoding="ascii").strip()
        except FileNotFoundError as fault:
            told = f"{self._token_file} is missing: start the gateway once (qorgan run), or name its data directory"
            raise NoGateway(told) from fault
        except (OSError, UnicodeDecodeError) as fault:
            raise NoGateway(f"{self._token_file} cannot be read ({fault}): ask as the gateway's own user") from fault
