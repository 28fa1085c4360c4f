"""What `qorgan ca` prints: the CA in words, and how to make a device trust it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Final

from cryptography import x509

from gateway.edge.authority.certificates import common_name
from gateway.edge.authority.lists import NeverSigned, shipped_never_signed

# Short steps; the vendors' manuals have the pictures. Android 7 and later: apps decide for themselves whether they take
# an added CA (Android Developers, "Network security configuration"), and most do not.
_STEPS: Final = {
    "Windows": """certutil -addstore -f Root root.pem (as administrator).
        In a school: group policy, Public Key Policies > Trusted Root Certification Authorities.""",
    "macOS": """Open root.pem, add it to the System keychain, open it there, Trust: Always Trust.
        Or a profile by MDM.""",
    "iPhone, iPad": """Open root.pem in Safari; Settings > Profile Downloaded > Install; then Settings > General >
        About > Certificate Trust Settings: switch it on. A profile by MDM is trusted at once.""",
    "Android": """Settings > Security > Encryption and credentials > Install a certificate > CA certificate.
        Browsers use it, most other apps do not: what they load passes through unread.""",
    "ChromeOS": """Admin console > Devices > Networks > Certificates > Add; switch it on as an HTTPS authority.""",
    "Firefox": """Settings > Privacy & Security > View Certificates > Authorities > Import.
        In a school: the policy Certificates, key Install.""",
    "Linux": """Debian, Ubuntu: copy root.pem to /usr/local/share/ca-certificates/qorgan.crt, run
        update-ca-certificates. Fedora: trust anchor root.pem.""",
}


def describe(
    *,
    root: x509.Certificate,
    root_file: Path,
    fingerprint: str,
    until: datetime,
    key_file: Path,
    notes: Sequence[str],
    never_signed: Sequence[str],
) -> str:
    """The text, in plain lines of 100 characters at most, but for long paths.

    `until` is the end of the intermediate, `never_signed` its excluded names, `key_file` the place of the root's key.
    """
    lines = [
        common_name(root),
        f"  SHA-256      {fingerprint[:47]}",
        f"               {fingerprint[48:]}",
        f"  root         valid until {root.not_valid_after_utc:%Y-%m-%d}",
        f"  intermediate valid until {until:%Y-%m-%d}; made anew in its last 30 days, with the root's key",
        f"  certificate  {root_file}",
        f"  root's key   {_where(key_file)}",
        "",
        "It was made on this box, for this box alone. Whoever holds its key can read the traffic of every device that",
        "trusts it, so install it only on devices that you are responsible for, and compare the fingerprint.",
        "",
        "It can never sign, so nobody behind this gateway can be overheard at (each with all names below it):",
        *_never(never_signed),
        "",
        "To make a device trust it (the file is root.pem; remove it the same way):",
        *(line for system, steps in _STEPS.items() for line in _entry(system, steps)),
    ]
    if notes:
        lines += ["", *(f"Note: {note}." for note in notes)]
    return "\n".join(lines) + "\n"


def _where(key_file: Path) -> str:
    if key_file.exists():
        return f"{key_file}\n               move it to a safe place off this box; the yearly renewal asks for it"
    return f"not on this box, as it should be; a renewal needs it as {key_file}"


def _never(names: Sequence[str]) -> list[str]:
    known: dict[str, NeverSigned] = {entry.host: entry for entry in shipped_never_signed()}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[known[name].why if name in known else "other"].append(name)
    return [line for why, found in sorted(groups.items()) for line in _entry(why, ", ".join(sorted(found)))]


def _entry(head: str, text: str) -> list[str]:
    return wrap(" ".join(text.split()), 100, initial_indent=f"  {head:<13}", subsequent_indent=" " * 15)
