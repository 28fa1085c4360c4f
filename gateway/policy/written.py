"""Values as people write them, read into what they mean. Every function raises Fault with a sentence and a hint."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from gateway.decision.verdict import Action
from gateway.document.url import canonical, canonical_host
from gateway.policy.faults import Fault, did_you_mean
from gateway.profiles.week import minute_of

ADULT: Final = 18
_OLDEST: Final = 120
_STANCE_ACTIONS: Final = {"allow": Action.ALLOW, "ask": Action.ASK, "block": Action.BLOCK}
_BAND: Final = re.compile(r"([0-9]{1,3})-([0-9]{1,3})|([0-9]{1,3})\+", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII
)  # RFC 3339, section 5.6, also without seconds or offset
_MAC: Final = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_NAME: Final = re.compile(r"\w(?:[\w .'-]{0,62}[\w.])?")
_RESERVED_NAMES: Final = frozenset({"everyone", "nobody", "unknown", "adult"})
_ZONE: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}", re.ASCII)
_FOLDER: Final = re.compile(r"(?:\./)?\w[\w.-]*(?:/\w[\w.-]*)*/?")
_PACK: Final = re.compile(r"[a-z0-9-]{1,40}(?:/[a-z0-9-]{1,60}){0,3}")


def age_of(value: object) -> int:
    """8 → 8; "adult" → 18."""
    if value == "adult":
        return ADULT
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _OLDEST:
        raise Fault("an age is a whole number of years from 0 to 120, or adult", "write it like age: 8")
    return value


def band_of(value: object) -> int:
    """The youngest age of a band: "14-15" → 14, "18+" → 18."""
    match = _BAND.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Fault("a band is two ages, like 6-11, or 18+", "write it like band: 14-15")
    youngest, oldest = int(match[1] or match[3]), int(match[2] or match[3])
    if youngest > oldest or oldest > _OLDEST:
        raise Fault(f"{value} is not a band: the younger age comes first", "write it like band: 14-15")
    return youngest


def turns_of(value: object) -> tuple[int, date]:
    """{"14": "2027-03-02"} → (14, 2 March 2027)."""
    if not isinstance(value, dict) or len(value) != 1:
        raise Fault("turns names one age and the day it is reached", "write it like turns: {14: 2027-03-02}")
    [(age, day)] = value.items()
    if not (age.isascii() and age.isdigit() and len(age) <= 2 and 1 <= int(age) <= ADULT):
        raise Fault(f"{age!r} is not an age from 1 to 18", "write it like turns: {14: 2027-03-02}")
    return int(age), date_of(day)


def date_of(value: object) -> date:
    """A day, written 2027-03-02."""
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Fault(f"{value!r} is not a day of the calendar", "write it year-month-day, like 2027-03-02")


def moment_of(value: object) -> datetime:
    """A moment; without an offset it is naive and means the policy's zone. A bare day means the end of that day."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            if len(value) == 10:
                return datetime.combine(date.fromisoformat(value) + timedelta(days=1), time())
            return datetime.fromisoformat(value)
        except (ValueError, OverflowError):
            pass
    raise Fault(f"{value!r} is not a moment", "write it like 2026-12-01T20:00 or 2026-12-01T20:00+05:00")


def clock_of(value: object) -> int:
    """The minute of the day of a clock time."""
    if not isinstance(value, str):
        raise Fault(f"{value!r} is not a clock time", 'write it like "21:30"')
    try:
        return minute_of(value)
    except ValueError as fault:
        raise Fault(str(fault)) from None


def host_of(value: str) -> str:
    """A host in its canonical form. It covers all below it, so a wildcard is refused with what to write."""
    if "://" in value or "/" in value:
        raise Fault(
            f"{value!r} is an address, not a host", f"write host: {_host_in(value)}, and path: for a part of it"
        )
    if "*" in value or value.startswith("."):
        raise Fault(f"{value!r}: a host covers all below it", f"write host: {value.lstrip('*.')}")
    try:
        return canonical_host(value)
    except ValueError as fault:
        raise Fault(str(fault), "write it like example.kz") from None


def path_of(value: str) -> str:
    """A path in its canonical form."""
    if not value.startswith("/") or "?" in value or "#" in value:
        raise Fault(f"{value!r} is not a path: it begins with / and has no ? or #", "write it like /games")
    try:
        return canonical("http://host" + value).path
    except ValueError as fault:
        raise Fault(str(fault)) from None


def network_of(value: str) -> str:
    """An IP address or network, IPv4 inside IPv6 undone: "192.168.1.20" → "192.168.1.20/32"."""
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise Fault(f"{value!r} is not an IP address or network", "write it like 192.168.1.20 or 10.0.0.0/24") from None
    if "/" in value and ip_address(value.partition("/")[0]) != network.network_address:
        raise Fault(f"{value!r} has bits set after its prefix", f"write {network}, or one address without /")
    mapped = network.network_address.ipv4_mapped if network.version == 6 else None
    if mapped is not None and network.prefixlen >= 96:
        return str(ip_network((mapped, network.prefixlen - 96)))
    return str(network)


def device_of(value: str) -> str:
    """A MAC address, lower case with colons."""
    address = value.lower().replace("-", ":")
    if not _MAC.fullmatch(address):
        raise Fault(f"{value!r} is not a device's MAC address", "write it like 3c:22:fb:01:02:03")
    return address


def directory_of(value: str) -> str:
    """The id of a Microsoft directory: a UUID (RFC 9562, section 4)."""
    if not _UUID.fullmatch(value):
        raise Fault(
            f"{value!r} is no directory id", "copy it from the directory's overview: 8-4-4-4-12 hexadecimal digits"
        )
    return value.lower()


def token_of(value: str) -> str:
    """The digest of a token; the token itself does not belong in a file that people mail around."""
    if not _DIGEST.fullmatch(value):
        raise Fault("a token is written as its digest: sha256: and 64 hexadecimal digits")
    return value


def login_pattern_of(value: str) -> str:
    """How the logins of a group are made of its people's names: `*` stands for the name."""
    if value.count("*") != 1 or value != value.strip():
        raise Fault(f"{value!r} does not say where the name stands", 'write it like "*" or "*@school.kz"')
    return value


def folder_of(value: str) -> str:
    """A folder beside or below the file that names it, without a `/` at its end."""
    if not _FOLDER.fullmatch(value):
        raise Fault(f"{value!r} is not a folder beside this file", "write it like subscribers")
    return value.removeprefix("./").rstrip("/")


def name_of(value: str) -> str:
    """The name of a person or group."""
    if value in _RESERVED_NAMES:
        raise Fault(f"{value!r} has a meaning of its own and cannot be a name", "choose another name")
    if not _NAME.fullmatch(value):
        raise Fault(f"{value!r} is not a name", "use letters, digits, spaces, - and _, at most 64 characters")
    return value


def pack_of(value: str) -> str:
    """The id of a law pack."""
    if not _PACK.fullmatch(value):
        raise Fault(f"{value!r} is not the id of a law pack", "write it like kz/169-vi")
    return value


def zone_of(value: str) -> str:
    """The name of a time zone that exists."""
    if _ZONE.fullmatch(value):
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError):  # no such zone, a folder of zones, or a file that is none
            pass
    raise Fault(f"there is no time zone {value!r}", did_you_mean(value, available_timezones()))


def action_of(value: object) -> Action:
    """An action that a stance can take."""
    if not isinstance(value, str) or value not in _STANCE_ACTIONS:
        raise Fault(f"{value!r} is not one of: allow, ask, block", did_you_mean(str(value), _STANCE_ACTIONS))
    return _STANCE_ACTIONS[value]


def steps_of(value: object) -> tuple[tuple[int, Action], ...]:
    """An action for every age, or by lower age bounds: {"0": "block", "12": "allow"}; never stricter with age."""
    if not isinstance(value, Mapping):
        return ((0, action_of(value)),)
    if "0" not in value or not all(age.isascii() and age.isdigit() and len(age) <= 2 for age in value):
        raise Fault("the steps are ages in years, the first one 0", "write them like {0: block, 12: allow}")
    steps = tuple(sorted((int(age), action_of(action)) for age, action in value.items()))
    if any(later > earlier for (_, earlier), (_, later) in pairwise(steps)):
        raise Fault("a younger child may never get more than an older one", "the later step must not be the stricter")
    if len({age for age, _ in steps}) < len(steps):
        raise Fault("an age is given twice")
    return steps


def _host_in(address: str) -> str:
    return address.split("://", 1)[-1].split("/", 1)[0] or "example.kz"
