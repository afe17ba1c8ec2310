"""What a hub answers when nothing goes wrong, as huggingface.co does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.hub.faults import Answer, error_answer, json_answer
from tests.hub.repo import Repo, Stored

Place = Literal["", "resolve", "cdn", "info", "tree", "search"]
"""What is asked for; empty stands for everything."""

_REPO = r"(?P<repo>[^/]+/[^/]+)"
_PATHS: Mapping[Place, str] = {
    "cdn": r"/(?P<sha256>[0-9a-f]{64})/[^/]+",
    "resolve": rf"/{_REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)",
    "info": rf"/api/models/{_REPO}/revision/(?P<revision>[^/]+)",
    "tree": rf"/api/models/{_REPO}/tree/(?P<revision>[^/]+)",
    "search": r"/api/models",
}


@dataclass
class Request:
    """One request as it came, and the bytes of the body that were sent for it."""

    place: Place
    method: str
    path: str
    headers: Message
    client: tuple[str, int] = ("", 0)
    """The other end of the connection."""
    sent: int = 0

    @property
    def query(self) -> dict[str, str]:
        return {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def parts(self) -> dict[str, str] | None:
        """Of the path; None where it is none that a hub knows."""
        match = re.fullmatch(_PATHS[self.place], urlsplit(self.path).path)
        return {key: unquote(part) for key, part in match.groupdict().items()} if match else None


def place_of(path: str, *, on_cdn: bool) -> Place:
    """What a request is for."""
    if on_cdn:
        return "cdn"
    if "/resolve/" in path:
        return "resolve"
    if "/revision/" in path:
        return "info"
    return "tree" if "/tree/" in path else "search"


@dataclass
class HubApi:
    """Repositories, and the right answers to questions about them."""

    page_size: int = 1000
    """Rows in one page of a tree."""
    ranges: bool = True
    """Whether the CDN knows ranges; without them it always sends the whole file."""
    repos: dict[str, Repo] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """The old names of repositories → their new ones."""
    url: str = ""
    """What `endpoint` is set to."""
    cdn_url: str = ""

    def add(self, name: str, files: Mapping[str, bytes | Path], **about: str | int) -> Repo:
        """A new repository; `about` are fields of Repo."""
        repo = Repo(name, {path: Stored(content) for path, content in files.items()})
        for key, value in about.items():
            setattr(repo, key, value)
        self.repos[name] = repo
        return repo

    def right_answer(self, request: Request) -> Answer:
        """To whatever a hub or its CDN can be asked."""
        parts = request.parts
        if parts is None:
            return error_answer(404, message="Not found.")
        match request.place:
            case "cdn":
                return self._bytes(parts["sha256"], request)
            case "search":
                return self._search(request.query)
        if new := self.moved.get(parts["repo"]):
            return Answer(307, {"Location": request.path.replace(parts["repo"], new, 1)})
        repo = self.repos.get(parts["repo"])
        if not repo or parts["revision"] not in ("main", repo.commit):
            return _unknown(repo, parts["revision"], request)
        match request.place:
            case "info":
                return json_answer(repo.info())
            case "tree":
                return self._tree(repo, request)
        return _gated(repo, request) or self._resolve(repo, parts["path"])

    def _resolve(self, repo: Repo, path: str) -> Answer:
        """Where a file lies on the CDN, and what is known of it."""
        if not (stored := repo.files.get(path)):
            return error_answer(404, "EntryNotFound", "Entry not found").having(X_Repo_Commit=repo.commit)
        name = quote(path.rpartition("/")[2])
        headers = {
            "Location": f"{self.cdn_url}/{stored.sha256}/{name}?X-Amz-Signature=secret",
            "X-Repo-Commit": repo.commit,
            "X-Linked-Etag": f'"{stored.sha256}"',
            "X-Linked-Size": str(stored.size),
            "ETag": f'"{stored.sha256}"',
            "Accept-Ranges": "bytes",
        }
        return Answer(302, headers, b"Found. Redirecting.")

    def _bytes(self, sha256: str, request: Request) -> Answer:
        """A file on the CDN, or a range of it."""
        found = [s for repo in self.repos.values() for s in repo.files.values() if s.sha256 == sha256]
        if not found:
            return Answer(
                403, {"Content-Type": "application/xml"}, b"<Error><Code>AccessDenied</Code></Error>"
            )
        stored, size = found[0], found[0].size
        headers = {"ETag": f'"{sha256[:32]}"', "Accept-Ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if not asked or not self.ranges:
            return Answer(200, headers, stored.part(0, size))
        start, end = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
        if start > end:
            return Answer(416, {"Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        return Answer(206, headers, stored.part(start, end - start + 1), start=start)

    def _tree(self, repo: Repo, request: Request) -> Answer:
        """One page of the files of a repository."""
        rows, start = repo.tree(), int(request.query.get("cursor", "0"))
        end = start + self.page_size
        answer = json_answer(rows[start:end])
        if end >= len(rows):
            return answer
        here = f"{self.url}{urlsplit(request.path).path}"
        return answer.having(Link=f'<{here}?recursive=true&cursor={end}>; rel="next"')

    def _search(self, query: Mapping[str, str]) -> Answer:
        """Repositories by a part of their name."""
        text = query.get("search", "").lower()
        found = [repo for repo in self.repos.values() if text in repo.name.lower()]
        if query.get("sort") == "downloads":
            found.sort(key=lambda repo: -repo.downloads)
        return json_answer([repo.info() for repo in found[: int(query.get("limit", "100"))]])


def _unknown(repo: Repo | None, revision: str, request: Request) -> Answer:
    """The hub does not tell a stranger whether a repository is absent or private."""
    if repo:
        return error_answer(404, "RevisionNotFound", f"Invalid rev id: {revision}")
    if "Authorization" in request.headers:
        return error_answer(404, "RepoNotFound", "Repository not found")
    return error_answer(401, "RepoNotFound", "Invalid username or password.")


def _gated(repo: Repo, request: Request) -> Answer | None:
    token = request.headers.get("Authorization")
    if not repo.gated or token == f"Bearer {repo.token}":
        return None
    return error_answer(403 if token else 401, "GatedRepo", f"Access to model {repo.name} is restricted.")
