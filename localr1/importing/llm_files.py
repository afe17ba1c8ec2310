"""What prompts of `llm` have in common: fragments, which are texts, and attachments."""

from __future__ import annotations

from pathlib import PurePath

from localr1.importing.content import LeftOut
from localr1.store.foreign import ForeignDatabase


class Files:
    """Looks them up by their ids."""

    def __init__(self, database: ForeignDatabase) -> None:
        self._database = database
        self._attachments = database.ids_by("attachments", "id")

    def fragment(self, id_: int) -> str:
        """The text of a fragment; empty where it is not there."""
        rows = self._database.rows("fragments", ("content",), [id_])
        return next((str(text or "") for (text,) in rows), "")

    def attachment(self, id_: str) -> LeftOut:
        """The name of an attachment, as far as one is known."""
        ids = self._attachments.get(id_, ())
        for type_, path, url in self._database.rows("attachments", ("type", "path", "url"), ids):
            kind = str(type_ or "file").partition("/")[0]
            return LeftOut(kind, PurePath(str(path or url or "")).name)
        return LeftOut("file")
