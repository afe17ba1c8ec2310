"""Why a connection failed, in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from urllib3 import exceptions as problems

from localr1.errors import DownloadError
from localr1.hub.failure import NETWORK_HINT, TemporaryError, UnreachableError, proxy_login
from localr1.hub.stop import Stop


@contextmanager
def guarded(host: str, stop: Stop) -> Iterator[None]:
    """What goes wrong inside becomes a DownloadError; when stopped, whatever it is, a StoppedError."""
    stop.check()
    try:
        yield
    except (problems.HTTPError, OSError) as error:
        stop.check()
        raise lost(error, host) from None


def lost(error: Exception, host: str) -> DownloadError:
    """The error for a connection that could not be made, or did not last."""
    match error:
        case problems.ProxyError():
            return _proxy(error)
        case problems.SSLError() | ssl.SSLError():
            return _tls(error, host)
        case problems.ConnectTimeoutError():
            return _no_connection(error, host)
        case problems.ReadTimeoutError():
            return TemporaryError(f"{host} has stopped sending.", hint=NETWORK_HINT)
        case problems.LocationValueError() | problems.InvalidHeader() | problems.HeaderParsingError():
            return DownloadError(f"{host} does not answer as a web server does.")
        case _:
            return TemporaryError(f"The connection to {host} was lost.", hint=NETWORK_HINT)


def _no_connection(error: Exception, host: str) -> DownloadError:
    match error, error.__cause__:
        case problems.NameResolutionError(), _:
            problem = "can't be found"
        case _, ConnectionRefusedError():
            problem = "refuses connections"
        case _, TimeoutError():
            problem = "does not answer"
        case _:
            problem = "can't be reached from this machine"
    return UnreachableError(f"{host} {problem}.", hint=NETWORK_HINT)


def _tls(error: Exception, host: str) -> DownloadError:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in (error, *error.args)):
        return DownloadError(
            f"{host} can't prove that it is {host}: its certificate is not to be trusted.",
            hint="Somebody may be in between, or this machine's clock is wrong. Nothing was fetched.",
        )
    return TemporaryError(f"No encrypted connection to {host} came about.", hint=NETWORK_HINT)


def _proxy(error: problems.ProxyError) -> DownloadError:
    if "Tunnel connection failed: 407" in str(error.original_error):
        return proxy_login()
    reached = not isinstance(error.original_error, problems.ConnectTimeoutError)
    problem = "does not let this connection through" if reached else "can't be reached"
    return UnreachableError(f"The proxy {problem}.", hint="Check HTTPS_PROXY and NO_PROXY.")
