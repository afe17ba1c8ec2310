"""A model hub: what there is, what it looks like, and its bytes."""

from __future__ import annotations

import io
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.request import getproxies

from localr1.catalog_entry import CatalogEntry, ModelFile
from localr1.config import Config
from localr1.errors import DownloadError, ModelFileError
from localr1.gguf.header import GGUFHeader, header_of
from localr1.hub.api import Api
from localr1.hub.body import Body
from localr1.hub.choice import choose, meant
from localr1.hub.claims import checked_commit, checked_path, checked_repo, checked_sha256, checked_size
from localr1.hub.connections import Connections, Timeouts, system_certificates
from localr1.hub.endpoint import endpoint_of
from localr1.hub.http import LINKED_ETAG, Http
from localr1.hub.listing import models_of
from localr1.hub.range_file import BLOCK, RangeFile
from localr1.hub.remote import FoundRepo, RemoteFile, RemoteModel
from localr1.hub.stop import Stop
from localr1.hub.target import HubTarget
from localr1.hub.token import checked_token


@contextmanager
def open_hub(
    config: Config,
    *,
    token: str = "",
    stop: Stop | None = None,
    timeouts: Timeouts | None = None,
    proxies: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Hub]:
    """The hub of the settings, for one thread; setting `stop` ends whatever that thread waits for.

    The system says which proxies there are and whom to trust, unless the caller does. Raises DownloadError
    when the settings say to stay offline, ConfigError for an endpoint that can't be one.
    """
    if config.offline:
        raise DownloadError(
            "localr1 is set to stay offline.", hint="`offline` in config.toml or LOCALR1_OFFLINE says so."
        )
    endpoint, stop = endpoint_of(config.endpoint), Stop() if stop is None else stop
    connections = Connections(
        stop,
        timeouts=timeouts or Timeouts(),
        proxies=getproxies() if proxies is None else proxies,
        tls=tls or system_certificates(),
    )
    http = Http(endpoint, connections, stop, token=checked_token(token, "the token") if token else "")
    with stop.waking(connections.shut):
        try:
            yield Hub(http, Api(http, endpoint, stop))
        finally:
            connections.close()


class Hub:
    """What it says has been checked; raises DownloadError for what goes wrong, StoppedError when stopped."""

    def __init__(self, http: Http, api: Api) -> None:
        self._http = http
        self._api = api

    def models(self, target: HubTarget) -> tuple[RemoteModel, ...]:
        """Every GGUF model in the repository, or the ones that the target names; smallest first."""
        info = self._api.info(target.repo, target.revision)
        found = models_of(info.id, info.sha, info.license, self._api.files(info.id, info.sha))
        return meant(found, target)

    def model(self, target: HubTarget) -> RemoteModel:
        """The one that is meant; raises AmbiguousError for several, ModelFileError for none."""
        return choose(self.models(HubTarget(target.repo, target.revision)), target)

    def file_of(self, entry: CatalogEntry, file: ModelFile) -> RemoteModel:
        """A file of the catalog; raises DownloadError where the hub's is another one than the catalog's."""
        repo, path = checked_repo(file.repo), checked_path(file.file)
        headers = self._api.head(repo, file.revision or "main", path)
        if LINKED_ETAG not in headers:
            raise ModelFileError(f"{file.file} in {repo} is too small to be a model.")
        found = RemoteFile(
            repo,
            checked_commit(headers.get("X-Repo-Commit", "")),
            path,
            checked_size(headers.get("X-Linked-Size", "")),
            checked_sha256(headers[LINKED_ETAG]),
        )
        _require_same(file, found)
        return RemoteModel((found,), file.quant, entry.license)

    def header(self, model: RemoteModel) -> GGUFHeader:
        """What the model says about itself, from a few megabytes of its first file."""
        file = model.files[0]
        raw = RangeFile(file, partial(self._block, file))
        with io.BufferedReader(raw, BLOCK) as reader:
            return header_of(reader, Path(file.name))

    def search(self, text: str, limit: int = 20) -> tuple[FoundRepo, ...]:
        """Repositories with GGUF files whose names fit, most downloaded first."""
        return self._api.search(text, limit)

    @contextmanager
    def open(self, file: RemoteFile, start: int) -> Iterator[Body]:
        """The bytes of a file from one on; `Body.start` is 0 where they come from the beginning instead."""
        with self._open(file, start, file.size) as body:
            yield body

    @contextmanager
    def _open(self, file: RemoteFile, start: int, end: int) -> Iterator[Body]:
        url = self._api.address(file.repo, file.commit, file.path)
        last = "" if end == file.size else end - 1
        headers = {"Range": f"bytes={start}-{last}"} if start or last else {}
        with self._http.get(url, self._api.wanted(file.repo, file.commit, file.path), headers) as reply:
            yield Body(reply, file, start, end)

    def _block(self, file: RemoteFile, start: int, end: int) -> bytes:
        """A part of a file, whole."""

        def fetch() -> bytes:
            with self._open(file, start, end) as body:
                if body.start != start:
                    raise DownloadError(f"The server of {file.name} sends it only as a whole.")
                return body.read(end - start)

        return self._api.patiently(fetch)


def _require_same(file: ModelFile, found: RemoteFile) -> None:
    pinned = (file.sha256 or found.sha256, file.bytes or found.size, file.revision or found.commit)
    if pinned != (found.sha256, found.size, found.commit):
        raise DownloadError(
            f"{file.file} in {file.repo} is not the file that the catalog means: it has been replaced since.",
            hint=f"To take the new one all the same: localr1 pull hf:{file.repo}:{file.quant}",
        )
