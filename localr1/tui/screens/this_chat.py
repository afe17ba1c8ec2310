"""What this chat is set to: its instructions, how long it thinks, how its tokens are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from msgspec.structs import replace
from textual import getters, on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantBlur
from textual.widget import Widget
from textual.widgets import Static, TextArea

from localr1.chat.session import ChatSession
from localr1.chat_options import ChatOptions
from localr1.presets import Presets
from localr1.safe_text import safe_text
from localr1.sampling import SamplingChoice
from localr1.settings import Settings
from localr1.tui.screens.presets import PresetsScreen
from localr1.tui.screens.values import ValuesScreen
from localr1.tui.settings.chat_rows import NAMES, SAMPLING, chat_rows, place_words
from localr1.tui.settings.row import ValueRow
from localr1.tui.widgets.hints import Hint
from localr1.tui.widgets.instructions import Instructions
from localr1.validation import convert


class ThisChatScreen(ValuesScreen[None]):
    """Everything holds from the next reply on; instructions are kept as soon as they are left."""

    TITLE = "This chat"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "back", "Back"),
        Binding("p", "presets", "Presets"),
        Binding("m", "for_model", "For this model"),
        Binding("X", "reset_all", "All defaults"),
    ]

    _instructions = getters.query_one(Instructions)

    def __init__(self, session: ChatSession, settings: Settings, presets: Presets) -> None:
        super().__init__()
        self._session = session
        self._settings = settings
        self._presets = presets
        self._written = safe_text(session.options.instructions)

    def above(self) -> Iterable[Widget]:
        """The instructions, and where they go."""
        yield Instructions(self._written)
        yield Static(Content(place_words(self._session)), id="place")

    async def on_unmount(self) -> None:
        await self._keep_instructions()

    def rows(self) -> Sequence[ValueRow]:
        """Effort and sampling."""
        return list(chat_rows(self._session, self._settings))

    def hints(self) -> Sequence[Hint]:
        """What can be done with values, instructions and presets."""
        return (
            ("Enter", "change", "screen.edit_marked"),
            ("p", "presets", "screen.presets"),
            ("m", "for this model", "screen.for_model"),
            ("Esc", "back", "screen.back"),
            ("x", "default", "screen.reset"),
            ("X", "all", "screen.reset_all"),
            ("Tab", "text", "app.focus_next"),
        )

    async def change(self, name: str, text: str) -> None:
        """Set this chat to it."""
        value = getattr(
            convert({name: text}, ChatOptions, source="", strict=False) if text else self._default, name
        )
        await self._session.keep_options(replace(self._session.options, **{name: value}))

    @work(group="change", exclusive=True)
    async def action_reset_all(self) -> None:
        """Let the defaults hold for effort and sampling; the instructions stay."""
        defaults = {name: getattr(self._default, name) for name in NAMES}
        with self.saying_errors():
            await self._session.keep_options(replace(self._session.options, **defaults))
        self.show()

    @work(group="change", exclusive=True)
    async def action_for_model(self) -> None:
        """Let the chat's sampling hold wherever this model answers; where the chat has none, its makers'."""
        options = self._session.options
        chosen = {name: getattr(options, name) for name in SAMPLING}
        with self.saying_errors():
            self._settings.keep_sampling(self._session.model.name, SamplingChoice(**chosen))
            self._session.use_settings(self._settings.config)
            await self._session.keep_options(replace(options, **dict.fromkeys(SAMPLING)))
        self.show()

    @work(group="change", exclusive=True)
    async def action_presets(self) -> None:
        """Set this chat to a preset, or make one of it."""
        await self._keep_instructions()
        with self.saying_errors():
            chosen = await self.app.push_screen_wait(PresetsScreen(self._presets, self._session.options))
            if chosen:
                await self._session.keep_options(chosen.options.over(self._default))
                self._instructions.load_text(safe_text(chosen.options.instructions))
        self.show()

    def leave(self) -> None:
        """Back to the chat."""
        self.dismiss(None)

    @property
    def _default(self) -> ChatOptions:
        return self._session.default_options

    @on(TextArea.Changed)
    def _note_instructions(self, event: TextArea.Changed) -> None:
        self._written = event.text_area.text

    @on(DescendantBlur)
    @work(group="instructions", exclusive=True)
    async def _leave_instructions(self) -> None:
        await self._keep_instructions()

    async def _keep_instructions(self) -> None:
        options = self._session.options
        if self._written != safe_text(options.instructions):
            with self.saying_errors():
                await self._session.keep_options(replace(options, instructions=self._written.strip()))
