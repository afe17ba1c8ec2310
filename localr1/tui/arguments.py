"""What the arguments of commands can be, where only the running program knows it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from localr1.commands import Argument, Choices
from localr1.errors import LocalR1Error
from localr1.open_chat import OpenChat
from localr1.tui.completion import Choice
from localr1.wording import plural

LISTED_CHATS = 500


class Arguments:
    """Looks them up again each time, as models come and chats go."""

    def __init__(self, chat: OpenChat, themes: Iterable[str]) -> None:
        self._chat = chat
        self._themes = themes

    async def choices(self, argument: Argument | None) -> list[Choice]:
        """All that an argument can be; nothing where any text will do, or where they can't be found out."""
        try:
            match argument.choices if argument else ():
                case Choices.MODELS:
                    return await self._models()
                case Choices.CHATS:
                    return await self._chats()
                case Choices.THEMES:
                    names: Iterable[str] = self._themes
                case Choices.PRESETS:
                    names = [preset.name for preset in (await self._chat.runtime()).presets.all()]
                case names:
                    pass
        except LocalR1Error:
            return []
        return [Choice(name, name) for name in names]

    async def _models(self) -> list[Choice]:
        library = (await self._chat.runtime()).library
        models = await asyncio.to_thread(library.models)
        return [Choice(model.name, model.name, model.quant) for model in models]

    async def _chats(self) -> list[Choice]:
        chats = (await self._chat.saved_chats()).list(LISTED_CHATS)
        return [
            Choice(str(chat.id), f"{chat.id} {chat.title}", plural(chat.messages, "message"))
            for chat in chats
        ]
