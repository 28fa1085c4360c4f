"""The certificates that the proxy shows to clients: made once a name, kept by how lately they were asked for.

mitmproxy keeps a hundred, and goes through all of them whenever one more is made.
"""

from typing import Any, ClassVar, Final

from cachetools import TTLCache
from cryptography import x509
from mitmproxy.certs import CertStore, CertStoreEntry, dummy_cert

# mitmproxy makes them for 197 days: one that is kept is good for long enough when it is shown for the last time.
_KEPT_SECONDS: Final = 30 * 24 * 3_600.0


class LeafStore(CertStore):
    """Stands in for mitmproxy's CertStore. Where somebody put certificates of his own in it, it does as stock."""

    most: ClassVar[int] = 5_000

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._generated: TTLCache[Any, CertStoreEntry] = TTLCache(self.most, _KEPT_SECONDS)

    def get_cert(
        self,
        commonname: str | None,
        sans: Any,
        organization: str | None = None,
        crl_url: str | None = None,
    ) -> CertStoreEntry:
        """The leaf for a name; arguments as stock's."""
        if self.certs:
            return super().get_cert(commonname, sans, organization, crl_url)
        names = x509.GeneralNames(sans)
        key = (commonname, names, organization, crl_url)
        entry = self._generated.get(key)
        if entry is None:
            ca = self.default_ca._cert
            leaf = dummy_cert(self.default_privatekey, ca, commonname, names, organization, crl_url)
            entry = CertStoreEntry(leaf, self.default_privatekey, self.default_chain_file, self.default_chain_certs)
            self._generated[key] = entry
        return entry
