"""The random key of a database, and how a passphrase seals it.

scrypt makes 64 bytes of the passphrase and a salt that no other sealing has: the first half is a one-time pad
for the key, the second authenticates all of it: a wrong passphrase is known before the database is touched.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from hashlib import scrypt
from typing import Annotated, Literal

import msgspec

from localr1.errors import WrongPassphraseError
from localr1.store.passphrase import passphrase_bytes

_LENGTH = 32
"""Bytes of a key, of a pad and of a tag."""
_SALT_LENGTH = 16
_MEMORY = 2**30
"""Bytes that opening a file made by others may take at most."""

Half = Annotated[bytes, msgspec.Meta(min_length=_LENGTH, max_length=_LENGTH)]
Salt = Annotated[bytes, msgspec.Meta(min_length=_SALT_LENGTH, max_length=_SALT_LENGTH)]


@dataclass(frozen=True, slots=True)
class DatabaseKey:
    """What a database is encrypted with, as long as the database is."""

    raw: bytes = field(repr=False)

    @classmethod
    def random(cls) -> DatabaseKey:
        return cls(os.urandom(_LENGTH))

    @property
    def literal(self) -> str:
        """As SQLCipher takes a key that is none of its own passphrases."""
        return f"\"x'{self.raw.hex()}'\""


class Cost(msgspec.Struct, frozen=True):
    """What scrypt is told to spend on one passphrase: 128·n·r bytes of memory."""

    n: Annotated[int, msgspec.Meta(ge=2, le=2**20)]
    r: Annotated[int, msgspec.Meta(ge=1, le=64)]
    p: Annotated[int, msgspec.Meta(ge=1, le=16)]

    def __post_init__(self) -> None:
        if self.n & (self.n - 1) or self.memory > _MEMORY:
            raise ValueError("not what scrypt can be told")

    @property
    def memory(self) -> int:
        """Bytes."""
        return 128 * self.n * self.r


COST = Cost(n=2**16, r=8, p=1)
"""64 MiB; `pytest -m bench -s tests/bench/test_passphrase.py` measures the time."""


class SealedKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key that only its passphrase gives back."""

    version: Literal[1] = 1
    cost: Cost
    salt: Salt
    key: Half
    tag: Half

    @classmethod
    def seal(cls, key: DatabaseKey, passphrase: str, cost: Cost = COST) -> SealedKey:
        """Raises LockedError for an empty passphrase."""
        salt = os.urandom(_SALT_LENGTH)
        pad, secret = _derive(passphrase, salt, cost)
        sealed = _xor(key.raw, pad)
        return cls(cost=cost, salt=salt, key=sealed, tag=_tag(secret, cost, salt, sealed))

    def open(self, passphrase: str) -> DatabaseKey:
        """Raises WrongPassphraseError for any passphrase but the one, LockedError for an empty one."""
        pad, secret = _derive(passphrase, self.salt, self.cost)
        if not hmac.compare_digest(self.tag, _tag(secret, self.cost, self.salt, self.key)):
            raise WrongPassphraseError(
                "That is not the passphrase of the chats.", hint="Nothing was changed."
            )
        return DatabaseKey(_xor(self.key, pad))


def _derive(passphrase: str, salt: bytes, cost: Cost) -> tuple[bytes, bytes]:
    derived = scrypt(
        passphrase_bytes(passphrase),
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        maxmem=cost.memory + 128 * cost.r * (cost.p + 2) + 2**20,
        dklen=2 * _LENGTH,
    )
    return derived[:_LENGTH], derived[_LENGTH:]


def _tag(secret: bytes, cost: Cost, salt: bytes, sealed: bytes) -> bytes:
    return hmac.digest(secret, f"localr1 1 {cost.n} {cost.r} {cost.p}".encode() + salt + sealed, "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
