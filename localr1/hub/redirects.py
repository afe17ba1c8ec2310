"""Where a server may send us on to."""

from __future__ import annotations

from urllib.parse import urljoin

from localr1.errors import DownloadError
from localr1.hub.endpoint import Endpoint, is_loopback, is_private, origin_of
from localr1.hub.failure import PORTAL_HINT

STATUSES = frozenset({301, 302, 303, 307, 308})
LIMIT = 5
"""In a row."""

_HINT = "Nothing was fetched from there."


def next_address(asked: str, location: str, endpoint: Endpoint) -> str:
    """The address that follows `asked`; raises DownloadError for one that could do harm.

    Encrypted, or from this machine to this machine; never into the private network that the user sits in.
    """
    url = urljoin(asked, location) if location else ""
    origin = origin_of(url)
    if not origin:
        raise DownloadError("The hub sends on to something that is no web address.", hint=_HINT)
    if endpoint.is_local and is_loopback(origin.host):
        return url
    if origin.scheme != "https":
        raise DownloadError(f"The hub sends on to {origin.host}, unencrypted.", hint=PORTAL_HINT)
    if is_private(origin.host) and origin != endpoint.origin:
        raise DownloadError(f"The hub sends on to {origin.host}, an address inside your network.", hint=_HINT)
    return url


def endless() -> DownloadError:
    """The error for a way that does not come to an end."""
    return DownloadError("The hub sends in circles.", hint="Try again later.")
