"""What a server's refusal means, each kind in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from localr1.errors import DownloadError
from localr1.hub.claims import said
from localr1.hub.retry_after import asked_wait
from localr1.units import time_text

WAIT_LIMIT = 60.0
"""Seconds that are waited for a hub that is busy; who has to wait longer is told when to come back."""
NETWORK_HINT = "Check the network of this machine and try again."
PORTAL_HINT = "Open a web page in a browser: the network may want you to log in first."


class TemporaryError(DownloadError):
    """It may work when it is tried again; `seconds` is the pause that the server asks for, if it does."""

    def __init__(self, message: str, *, hint: str = "", seconds: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.seconds = seconds


class UnreachableError(TemporaryError):
    """There was not even a connection."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; whatever is not empty belongs to the question."""

    page: str = ""
    """Where a person reads about it."""
    repo: str = ""
    revision: str = ""
    file: str = ""

    @property
    def name(self) -> str:
        return self.file or self.repo or "the list of models"

    @property
    def see(self) -> str:
        """A hint."""
        return f"See {self.page}" if self.page else ""


def refusal(
    host: str, status: int, headers: Mapping[str, str], wanted: Wanted, *, with_token: bool
) -> DownloadError:
    """The error for an answer that does not bring what was wanted."""
    match headers.get("X-Error-Code", ""):
        case "GatedRepo":
            return _gated(wanted, with_token)
        case "RepoNotFound":
            return _no_repo(host, wanted, with_token)
        case "RevisionNotFound":
            return DownloadError(f"{wanted.repo} has no revision {wanted.revision}.", hint=wanted.see)
        case "EntryNotFound":
            return DownloadError(f"{wanted.repo} has no file {wanted.file}.", hint=wanted.see)
        case _:
            return _by_status(host, status, headers, wanted, with_token)


def _by_status(
    host: str, status: int, headers: Mapping[str, str], wanted: Wanted, with_token: bool
) -> DownloadError:
    match status:
        case 401:
            return _unauthorised(host, wanted, with_token)
        case 404:
            return DownloadError(f"{host} does not have {wanted.name}.", hint=wanted.see)
        case 407:
            return proxy_login()
        case 429 | 503:
            return _busy(host, status, headers)
        case _ if status >= 500:
            return TemporaryError(f"{host} has a fault of its own ({status}).", hint="Try again later.")
        case _:
            return DownloadError(
                f"{host} refuses {wanted.name} ({status}).{_words(headers)}", hint=wanted.see
            )


def proxy_login() -> DownloadError:
    """The error for a proxy that does not know the user."""
    return DownloadError(
        "The proxy wants a name and a password.",
        hint="Put the right ones into its address: HTTPS_PROXY=http://name:password@host:port"
        " (with %40 for @, %3A for :, %2F for /, %23 for #).",
    )


def portal(host: str) -> DownloadError:
    """The error for a web page in place of an answer."""
    return DownloadError(f"Something other than {host} answered, with a web page.", hint=PORTAL_HINT)


def nonsense(host: str) -> DownloadError:
    """The error for an answer that no hub gives."""
    return DownloadError(
        f"{host} does not answer as a model hub does.", hint="The setting `endpoint` says which hub is asked."
    )


def _gated(wanted: Wanted, with_token: bool) -> DownloadError:
    if with_token:
        return DownloadError(
            f"Your token does not open {wanted.repo} yet.", hint=f"Accept its licence at {wanted.page}"
        )
    return DownloadError(
        f"{wanted.repo} is gated: its licence must be accepted first.",
        hint=f"Accept it at {wanted.page} and name a token of yours with --token-file.",
    )


def _no_repo(host: str, wanted: Wanted, with_token: bool) -> DownloadError:
    """The hub does not tell strangers which of the two it is."""
    hint = "" if with_token else " A private one needs a token: --token-file."
    return DownloadError(
        f"There is no {wanted.repo} on {host}, or it is private.", hint=f"Check its name.{hint}"
    )


def _unauthorised(host: str, wanted: Wanted, with_token: bool) -> DownloadError:
    if with_token:
        return DownloadError(
            f"{host} does not accept your token.", hint="It may have expired: make a new one."
        )
    return DownloadError(
        f"{host} wants to know who asks for {wanted.name}.", hint="Name a token of yours with --token-file."
    )


def _busy(host: str, status: int, headers: Mapping[str, str]) -> DownloadError:
    seconds = asked_wait(headers, datetime.now(timezone.utc))
    problem = "has had too many questions from here" if status == 429 else "is busy"
    if seconds is not None and seconds > WAIT_LIMIT:
        return DownloadError(f"{host} {problem}.", hint=f"Come back in {time_text(seconds)}.")
    return TemporaryError(f"{host} {problem} ({status}).", hint="Try again later.", seconds=seconds)


def _words(headers: Mapping[str, str]) -> str:
    """What the server says about it."""
    words = said(headers.get("X-Error-Message", ""))
    return f" It says: {words}" if words else ""
