"""Asking a server, following where it safely sends us, and telling the token to the hub alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from localr1 import __version__
from localr1.errors import DownloadError
from localr1.hub import redirects
from localr1.hub.connections import Connections
from localr1.hub.destinations import require_hub
from localr1.hub.endpoint import Endpoint, origin_of
from localr1.hub.failure import TemporaryError, Wanted, refusal
from localr1.hub.lost import guarded
from localr1.hub.reply import Reply
from localr1.hub.stop import Stop

HEADERS = {"User-Agent": f"localr1/{__version__}", "Accept-Encoding": "identity"}
LINKED_ETAG = "X-Linked-Etag"


class Http:
    """A hub and the servers that it sends on to, asked one question at a time."""

    def __init__(self, endpoint: Endpoint, connections: Connections, stop: Stop, *, token: str) -> None:
        self._endpoint = endpoint
        self._connections = connections
        self._stop = stop
        self._token = token

    @contextmanager
    def get(self, url: str, wanted: Wanted, headers: Mapping[str, str] | None = None) -> Iterator[Reply]:
        """The answer of whoever has it; raises DownloadError for any but 200 and 206."""
        with closing(self._final("GET", url, headers or {})) as reply:
            if reply.status not in (200, 206):
                raise self._refusal(reply, wanted)
            yield reply

    def head(self, url: str, wanted: Wanted) -> Mapping[str, str]:
        """The headers of the first server that states the file's hash, or of the last one."""
        with closing(self._final("HEAD", url, {})) as reply:
            if reply.status != 200 and LINKED_ETAG not in reply.headers:
                raise self._refusal(reply, wanted)
            reply.require_no_page()
            return reply.headers

    def _final(self, method: str, url: str, headers: Mapping[str, str]) -> Reply:
        require_hub(url, self._endpoint)
        for _ in range(redirects.LIMIT + 1):
            reply = self._ask(method, url, headers)
            if reply.status not in redirects.STATUSES or (method == "HEAD" and LINKED_ETAG in reply.headers):
                return reply
            reply.dismiss()
            url = redirects.next_address(url, reply.headers.get("Location", ""), self._endpoint)
        raise redirects.endless()

    def _ask(self, method: str, url: str, headers: Mapping[str, str]) -> Reply:
        origin = origin_of(url)
        host = origin.host if origin else ""
        secret = {"Authorization": f"Bearer {self._token}"} if self._token and self._is_hub(url) else {}
        with guarded(host, self._stop):
            response = self._connections.manager(url).urlopen(
                method,
                url,
                headers={**HEADERS, **headers, **secret},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
        return Reply(response, host=host, url=url, patience=self._connections.timeouts.read, stop=self._stop)

    def _is_hub(self, url: str) -> bool:
        return origin_of(url) == self._endpoint.origin

    def _refusal(self, reply: Reply, wanted: Wanted) -> DownloadError:
        if reply.status in (403, 404) and not self._is_hub(reply.url):
            return TemporaryError(f"{reply.host} does not know {wanted.name} any more.", hint="Try again.")
        return refusal(reply.host, reply.status, reply.headers, wanted, with_token=bool(self._token))
