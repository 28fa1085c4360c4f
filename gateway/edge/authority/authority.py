"""The CA of an installation: made at the first start, proved at every start, renewed in time, never swapped.

authority/                          0700
  root.pem                          the root certificate: what every device installs
  made-here.json                    fingerprints of what this box made; anything else is refused
  offline/root-key.pem              the root's key: to be moved off the box; only a renewal needs it
  mitmproxy/mitmproxy-ca.pem        key and certificate of the intermediate, and the root: what the workers read
  mitmproxy/mitmproxy-dhparam.pem   a public constant that mitmproxy would otherwise write at a worker's start
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from mitmproxy.certs import DEFAULT_DHPARAM

from gateway.edge.authority import description
from gateway.edge.authority.certificates import (
    Signer,
    excluded_names,
    make_intermediate,
    make_root,
    pem,
)
from gateway.edge.authority.fault import AuthorityError
from gateway.edge.authority.keeping import Keeping
from gateway.edge.authority.lists import shipped_never_signed
from gateway.edge.authority.self_test import prove_authority
from gateway.store import private_files

RENEW_BEFORE: Final = timedelta(days=30)
# A box without a battery clock starts in 1970; a CA made then would be expired when the clock is set.
_EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Authority:
    """The CA as it stands: proved, and ready for the workers. Holds no private key."""

    directory: Path
    root: x509.Certificate
    intermediate: x509.Certificate
    notes: tuple[str, ...] = ()  # sentences that the operator should read

    @property
    def confdir(self) -> Path:
        """The directory that mitmproxy takes as its `confdir`."""
        return self.directory / "mitmproxy"

    @property
    def root_file(self) -> Path:
        """The root certificate as a PEM file."""
        return self.directory / "root.pem"

    @property
    def never_signed(self) -> tuple[str, ...]:
        """The names that the intermediate can never sign, each with every name below it; sorted A-labels."""
        return excluded_names(self.intermediate)

    def root_pem(self) -> bytes:
        """The root certificate in PEM, for download."""
        return pem(self.root)

    def root_der(self) -> bytes:
        """The root certificate in DER, for download (media type application/x-x509-ca-cert)."""
        return self.root.public_bytes(serialization.Encoding.DER)

    def fingerprint(self) -> str:
        """SHA-256 of the root certificate, as every device shows it: 32 pairs of hexadecimal digits."""
        return self.root.fingerprint(hashes.SHA256()).hex(":").upper()

    def renewal_due(self, now: datetime) -> bool:
        """Whether the intermediate should be made anew: call `ensure` again and restart the workers."""
        return self.intermediate.not_valid_after_utc - now < RENEW_BEFORE

    def describe(self) -> str:
        """What `qorgan ca` prints: what it is, what it can never sign, how a device is made to trust it."""
        return description.describe(
            root=self.root,
            root_file=self.root_file,
            fingerprint=self.fingerprint(),
            until=self.intermediate.not_valid_after_utc,
            key_file=Keeping(self.directory).root_key_file,
            notes=self.notes,
            never_signed=self.never_signed,
        )


def ensure(
    data_directory: Path, now: datetime, installation_name: str, never_signed: Sequence[str] | None = None
) -> Authority:
    """The CA below `data_directory` (made when it is missing), loaded, checked, renewed when due, and proved.

    `now` is aware. `installation_name` goes into the certificates' organisation, so that a person knows the root again
    in a list of roots; it may be empty. `never_signed` replaces the shipped list.
    Raises AuthorityError with a sentence that names the file and what to do.
    """
    names = sorted(never_signed if never_signed is not None else (entry.host for entry in shipped_never_signed()))
    _require_sane(now, names)
    _prepare(data_directory)
    with private_files.locked(data_directory / "authority.lock"):
        keeping = Keeping(data_directory / "authority")
        if not keeping.exists():
            _create(keeping, names, installation_name, now)
        root, intermediate = keeping.load()
        _require_valid_root(root, keeping, now)
        notes, renewed = _renew(keeping, root, intermediate, names, installation_name, now)
        signer = renewed or intermediate
    prove_authority(root, signer, excluded_names(signer.certificate), now)
    return Authority(keeping.directory, root, signer.certificate, notes)


def _require_sane(now: datetime, names: Sequence[str]) -> None:
    if now < _EARLIEST:
        raise AuthorityError(f"the clock says {now:%Y-%m-%d}: set it before certificates are made or judged")
    if not names:
        raise AuthorityError("the list of names that may never be signed is empty")


def _prepare(data_directory: Path) -> None:
    if not data_directory.exists():
        try:
            data_directory.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise AuthorityError(f"{data_directory.parent} cannot be made: {fault.strerror}") from fault
        private_files.make_directory(data_directory)
    # Whoever may write here could put another CA in the place of ours; reading is closed one level below.
    private_files.require_directory(data_directory.resolve(), forbidden=0o022)


def _create(keeping: Keeping, names: Sequence[str], installation_name: str, now: datetime) -> None:
    """Makes everything beside the final place and moves it there in one step: there is no half-made CA."""
    fresh = Keeping(keeping.directory.with_name("authority.new"))
    try:
        if fresh.directory.exists():  # left by a process that was killed: it was never used
            shutil.rmtree(fresh.directory)
        fresh.make_directories()
        root = make_root(token_hex(8), installation_name, now)
        fresh.put_root(root)
        fresh.put_intermediate(root.certificate, make_intermediate(root, names, installation_name, now))
        private_files.write(fresh.confdir / "mitmproxy-dhparam.pem", DEFAULT_DHPARAM)
        fresh.directory.rename(keeping.directory)
        private_files.settle(keeping.directory.parent)
    except OSError as fault:
        raise AuthorityError(f"{keeping.directory} cannot be made: {fault.strerror}") from fault


def _require_valid_root(root: x509.Certificate, keeping: Keeping, now: datetime) -> None:
    if now < root.not_valid_before_utc:
        raise AuthorityError(
            f"the clock says {now:%Y-%m-%d}, before the CA in {keeping.directory} was made "
            f"({root.not_valid_before_utc:%Y-%m-%d}): set the clock"
        )
    if now > root.not_valid_after_utc:
        raise AuthorityError(
            f"the root in {keeping.directory} ended on {root.not_valid_after_utc:%Y-%m-%d}: move that folder away to "
            f"make a new CA; every device must then install the new root"
        )


def _renew(
    keeping: Keeping,
    root: x509.Certificate,
    current: Signer,
    names: Sequence[str],
    installation_name: str,
    now: datetime,
) -> tuple[tuple[str, ...], Signer | None]:
    """Makes the intermediate anew when it ends soon or the list of names has changed. Returns notes and the new."""
    until = current.certificate.not_valid_after_utc
    # A root that itself ends soon cannot give a later end: making the same one again would help nobody.
    ends_soon = until - now < RENEW_BEFORE and until < root.not_valid_after_utc
    changed = set(excluded_names(current.certificate)) != set(names)
    if not (ends_soon or changed):
        return _notes(root, now), None
    why = f"it ends on {until:%Y-%m-%d}" if ends_soon else "the list of names that it can never sign has changed"
    root_key = keeping.root_key(root)
    if root_key is None:
        missing = f"the intermediate CA must be made anew ({why}); put the root's key back as {keeping.root_key_file}"
        if now > until:
            raise AuthorityError(missing)
        return (*_notes(root, now), missing), None
    made = make_intermediate(Signer(root_key, root), names, installation_name, now)
    keeping.put_intermediate(root, made)
    note = f"the intermediate CA was made anew ({why}); the root, which devices trust, is the same"
    return (*_notes(root, now), note), made


def _notes(root: x509.Certificate, now: datetime) -> tuple[str, ...]:
    left = root.not_valid_after_utc - now
    if left < timedelta(days=180):
        return (f"the root ends in {left.days} days: plan a new CA and its installation on every device",)
    return ()
