"""Names of models on the hub, as people type and paste them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from localr1.errors import UsageError
from localr1.hub.claims import SUFFIX, is_model_path, is_repo, is_revision

_HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co")
_QUANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_VIEWS = ("blob", "resolve", "tree", "raw")
_HINT = "A model of the hub is hf:owner/repo, hf:owner/repo:Q4_K_M, hf:owner/repo:file.gguf or its page."


@dataclass(frozen=True, slots=True)
class HubTarget:
    """A repository, and perhaps which of its models."""

    repo: str
    revision: str = "main"
    file: str = ""
    """A path inside the repository; empty where none is named."""
    quant: str = ""
    """In capitals; empty where none is named."""

    def __post_init__(self) -> None:
        _require(is_repo(self.repo), f"{self.repo[:80]!r} is no repository of the hub")
        _require(is_revision(self.revision), f"{self.revision[:80]!r} is no revision")
        _require(not self.file or is_model_path(self.file), f"{self.file[:80]!r} is no GGUF file")
        _require(not self.quant or _QUANT.fullmatch(self.quant), f"{self.quant[:80]!r} is no quant")


def hub_target(text: str) -> HubTarget | None:
    """What a name means on the hub; None when it is no name of the hub, UsageError when it is a wrong one."""
    if text.startswith("hf:"):
        return _short(text.removeprefix("hf:").removeprefix("//"))
    if re.match(r"https?://", text):
        return _address(text)
    host, _, rest = text.partition("/")
    if host not in _HOSTS:
        return None
    return _address(f"https://{text}") if "/" in rest.partition("/")[2] else _short(rest)


def _short(text: str) -> HubTarget:
    """owner/repo[@revision][:QUANT or :path/file.gguf]"""
    place, _, which = text.partition(":")
    repo, at, revision = place.partition("@")
    return _target(repo, revision if at else "main", which)


def _address(text: str) -> HubTarget:
    """https://huggingface.co/owner/repo[/blob/revision/path/file.gguf]"""
    try:
        url = urlsplit(text)
    except ValueError:
        raise UsageError(f"{text[:80]!r} is no address of the hub.", hint=_HINT) from None
    _require(url.netloc in _HOSTS, f"{url.netloc[:80]!r} is not the hub")
    owner, repo, view, revision, *folders = [unquote(part) for part in url.path.strip("/").split("/")] + [
        ""
    ] * 4
    repo, _, which = repo.partition(":")
    if view:
        _require(view in _VIEWS and revision, f"{text[:80]!r} is no page of a model")
    path = "/".join(folders).rstrip("/")
    return _target(
        f"{owner}/{repo}", revision or "main", which or (path if path.lower().endswith(SUFFIX) else "")
    )


def _target(repo: str, revision: str, which: str) -> HubTarget:
    if which.lower().endswith(SUFFIX):
        return HubTarget(repo, revision, file=which)
    return HubTarget(repo, revision, quant=which.upper())


def _require(condition: object, problem: str) -> None:
    if not condition:
        raise UsageError(f"{problem}.", hint=_HINT)
