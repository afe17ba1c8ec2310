"""What the hub says about repositories, as values; its JSON is read here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode, urljoin

import msgspec

from localr1.errors import DownloadError
from localr1.hub.claims import checked_commit, checked_repo, is_repo, said
from localr1.hub.endpoint import Endpoint, origin_of
from localr1.hub.failure import TemporaryError, UnreachableError, Wanted, nonsense
from localr1.hub.http import Http
from localr1.hub.remote import FoundRepo
from localr1.hub.retries import Retries
from localr1.hub.stop import Stop

PAGES_LIMIT = 50
"""Of 1,000 files each."""
TRIES = 3

_NEXT = re.compile(r'<([^<>]+)>\s*;\s*rel="?next"?')
_FIELDS = ("downloads", "likes", "lastModified", "gated")
_T = TypeVar("_T")


class _Card(msgspec.Struct):
    license: str | list[str] | None = None


class Info(msgspec.Struct, rename={"card": "cardData"}):
    """A repository at one commit."""

    id: str
    sha: str
    card: _Card | None = None

    @property
    def license(self) -> str:
        """As its makers put it; empty where they did not."""
        stated = self.card.license if self.card else None
        return said(", ".join(stated) if isinstance(stated, list) else stated or "")


class Lfs(msgspec.Struct):
    """What is known of a large file."""

    oid: str
    size: int


class Row(msgspec.Struct):
    """One file or folder of a repository."""

    type: str
    path: str
    lfs: Lfs | None = None


class _Found(msgspec.Struct, rename={"updated": "lastModified"}):
    id: str
    downloads: int = 0
    likes: int = 0
    updated: str = ""
    gated: bool | str = False


class Api:
    """Questions to the hub; what fails for a moment is tried again, with pauses that `stop` ends."""

    def __init__(self, http: Http, endpoint: Endpoint, stop: Stop) -> None:
        self._http = http
        self._endpoint = endpoint
        self._stop = stop

    def wanted(self, repo: str, revision: str = "", file: str = "") -> Wanted:
        """Words for errors."""
        return Wanted(f"{self._endpoint.url}/{repo}", repo, revision, file)

    def info(self, repo: str, revision: str) -> Info:
        """The repository under its present name, at the commit that a revision means now."""
        url = f"{self._endpoint.url}/api/models/{repo}/revision/{quote(revision, safe='')}"
        found, _ = self._json(url, self.wanted(repo, revision), Info)
        checked_repo(found.id)
        checked_commit(found.sha)
        return found

    def files(self, repo: str, commit: str) -> Iterator[Row]:
        """All files and folders."""
        url = f"{self._endpoint.url}/api/models/{repo}/tree/{commit}?recursive=true"
        for _ in range(PAGES_LIMIT):
            rows, headers = self._json(url, self.wanted(repo, commit), list[Row])
            yield from rows
            following = _NEXT.search(headers.get("Link", ""))
            if not following:
                return
            url = urljoin(url, following[1])
            if origin_of(url) != self._endpoint.origin:
                raise nonsense(self._endpoint.origin.host)
        raise DownloadError(f"{repo} has more files than a model can have.")

    def search(self, text: str, limit: int) -> tuple[FoundRepo, ...]:
        """Repositories with GGUF files, most downloaded first."""
        query = [("search", text), ("filter", "gguf"), ("sort", "downloads")]
        query += [("limit", str(limit)), *(("expand[]", field) for field in _FIELDS)]
        url = f"{self._endpoint.url}/api/models?{urlencode(query)}"
        rows, _ = self._json(url, Wanted(self._endpoint.url), list[_Found])
        return tuple(
            FoundRepo(row.id, row.downloads, row.likes, said(row.updated[:10]), bool(row.gated))
            for row in rows[:limit]
            if is_repo(row.id)
        )

    def head(self, repo: str, revision: str, path: str) -> Mapping[str, str]:
        """The headers that describe one file."""
        address, wanted = self.address(repo, revision, path), self.wanted(repo, revision, path)
        return self.patiently(lambda: self._http.head(address, wanted))

    def address(self, repo: str, revision: str, path: str) -> str:
        """Where a file is fetched."""
        return f"{self._endpoint.url}/{repo}/resolve/{quote(revision, safe='')}/{quote(path)}"

    def patiently(self, ask: Callable[[], _T]) -> _T:
        """The answer to a question that may be put again."""
        retries = Retries()
        for _ in range(TRIES - 1):
            try:
                return ask()
            except UnreachableError:
                raise
            except TemporaryError as error:
                retries.failed(something_came=False)
                self._stop.wait(retries.pause(error.seconds))
                self._stop.check()
        return ask()

    def _json(self, url: str, wanted: Wanted, kind: type[_T]) -> tuple[_T, Mapping[str, str]]:
        def ask() -> tuple[bytes, Mapping[str, str], str]:
            with self._http.get(url, wanted) as reply:
                return reply.document(), reply.headers, reply.host

        document, headers, host = self.patiently(ask)
        try:
            return msgspec.json.decode(document, type=kind), headers
        except (msgspec.DecodeError, RecursionError):
            raise nonsense(host) from None
