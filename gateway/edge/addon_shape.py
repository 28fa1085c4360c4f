"""The options of an installation for devices with the browser add-on, and by which address these reach the gateway."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.document.url import canonical
from gateway.policy.faults import Fault
from gateway.policy.shape import Shape


def _origin(text: str) -> str:
    try:
        url = canonical(text)
    except ValueError as fault:
        raise Fault(f"{text!r} is no address of a gateway: {fault}") from None
    if url.scheme not in ("http", "https") or url.path != "/" or url.query:
        raise Fault(f"{text!r} is more than an address of a gateway", "write it like http://192.168.1.2:8088")
    return url.href.rstrip("/")


Origin = Annotated[str, AfterValidator(_origin)]


class AddonShape(Shape):
    """Devices with the browser add-on."""

    gateway: Origin | None = Field(
        None, description="address by which devices reach the admin port, like http://192.168.1.2:8088"
    )
    silent_after_hours: int = Field(24, ge=1, le=2_160, description="hours without a word until it counts as silent")
    bundle_days: int = Field(
        14, ge=1, le=90, description="days that a device may decide alone before the strict stance holds"
    )


def reached_at(addon: AddonShape, address: str, port: int) -> str | None:
    """The admin port's address (it listens at `address` and `port`) as devices reach it.

    None: it listens everywhere, and nobody said which of the machine's addresses devices know.
    """
    if addon.gateway or ip_address(address).is_unspecified:
        return addon.gateway
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def only_here(gateway: str) -> bool:
    """Whether no other machine reaches the gateway at this address."""
    host = canonical(gateway).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names_of(addon: AddonShape, address: str) -> tuple[str, ...]:
    """The names by which the admin port may be called, without port."""
    return (address,) if addon.gateway is None else (address, canonical(addon.gateway).host)
