"""One answer of a server: what it states, and its body, which must keep coming."""

from __future__ import annotations

import time
from collections.abc import Mapping

import urllib3

from localr1.hub.failure import TemporaryError, nonsense, portal
from localr1.hub.lost import guarded
from localr1.hub.stop import Stop

DISMISSED = 65_536
"""Bytes."""
PACE = 4096
"""Bytes that must come within the read timeout, lest a connection that drips keeps everybody waiting."""
TEXT_LIMIT = 16 * 1024 * 1024
"""Bytes of a JSON document."""
TEXT_SECONDS = 60.0


class Reply:
    """Read by one thread; raises TemporaryError where the connection is lost, StoppedError when stopped."""

    def __init__(
        self, response: urllib3.BaseHTTPResponse, *, host: str, url: str, patience: float, stop: Stop
    ) -> None:
        self._response = response
        self._patience = patience
        self._stop = stop
        self._waited = 0.0
        self._came = 0
        self.host = host
        self.url = url
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers

    def read(self, most: int) -> bytes:
        """What has come, `most` bytes of it; waits for the first byte, and is empty at the end."""
        began = time.monotonic()
        with guarded(self.host, self._stop):
            data = self._response.read1(most, decode_content=False)
        self._keep_pace(time.monotonic() - began, len(data))
        return data

    def document(self) -> bytes:
        """The whole body of a JSON document, which is short."""
        self.require_no_page()
        if "json" not in self.headers.get("Content-Type", "").lower():
            raise nonsense(self.host)
        if self.headers.get("Content-Encoding", "identity") != "identity":
            raise nonsense(self.host)
        data, until = bytearray(), time.monotonic() + TEXT_SECONDS
        while piece := self.read(TEXT_LIMIT):
            data += piece
            if len(data) > TEXT_LIMIT:
                raise nonsense(self.host)
            if time.monotonic() > until:
                raise self._too_slow()
        return bytes(data)

    def require_no_page(self) -> None:
        """Raises DownloadError for a web page: nothing that is asked for is one."""
        if "html" in self.headers.get("Content-Type", "").lower():
            raise portal(self.host)

    def dismiss(self) -> None:
        """The body is not wanted; a short one is read, so that the connection can be used again."""
        with guarded(self.host, self._stop):
            self._response.read1(DISMISSED, decode_content=False)
        self.close()

    def close(self) -> None:
        """Ends the connection, unless the body has been read to its end."""
        self._response.close()

    def _keep_pace(self, seconds: float, count: int) -> None:
        """Only the time spent waiting counts: whoever reads may take a rest."""
        self._waited += seconds
        self._came += count
        if self._came >= PACE or not count:
            self._waited = self._came = 0
        elif self._waited > self._patience:
            raise self._too_slow()

    def _too_slow(self) -> TemporaryError:
        return TemporaryError(
            f"{self.host} sends too slowly.", hint="Try again later, or from another network."
        )
