"""The models: what fits this machine, what is here, and what can be fetched."""

from __future__ import annotations

from contextlib import aclosing
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList

from localr1.errors import LocalR1Error
from localr1.runtime import Runtime
from localr1.safe_text import safe_line
from localr1.tui.downloads.downloads import Download, Downloads, Phase
from localr1.tui.models.changes import LocalChanges, Question, is_path
from localr1.tui.models.facts import Marked
from localr1.tui.models.surveyor import Surveyor
from localr1.tui.screens.confirm import ConfirmScreen
from localr1.tui.screens.models_view import ModelsView


class ModelsScreen(ModelsView):
    """Gives the name of the model that shall answer; empty when nothing changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+l", "back", "Back"),
        Binding("r", "take", "Try again"),
        Binding("p", "pause", "Pause or go on"),
        Binding("x,delete", "remove", "Cancel or remove"),
        Binding("v", "check", "Check"),
    ]

    def __init__(self, runtime: Runtime, downloads: Downloads, wanted: str = "") -> None:
        super().__init__(downloads, wanted)
        self._surveyor = Surveyor(runtime)
        self._changes = LocalChanges(runtime.library, downloads, self._ask)

    def on_mount(self) -> None:
        self._table.take_focus()
        self._downloads.changed.subscribe(self, self._take_news)
        self.look()

    @work(group="survey", exclusive=True)
    async def look(self) -> None:
        """Show what there is at once, and what fits as soon as that is known."""
        try:
            async with aclosing(self._surveyor.look()) as found:
                async for survey in found:
                    self._show(survey)
        except LocalR1Error as error:
            self._table.fail(error)
            self.say(error)

    def _take_news(self, download: Download) -> None:
        """A download has gone on; one that is here now stands elsewhere in the list."""
        if download.phase is Phase.DONE:
            self.look()
        self._table.refresh_lines()
        self._describe()

    @on(Input.Submitted)
    def _filter_taken(self, event: Input.Submitted) -> None:
        """Go on in the list; where it has nothing, the hub is asked."""
        self._table.take_focus()
        text = event.value.strip()
        if is_path(text):
            self.use_file(text)
        elif text and self.marked is None:
            self.ask_hub(text)

    @work(group="change", exclusive=True)
    async def use_file(self, path: str) -> None:
        """Take a file where it lies, and let it answer."""
        with self.saying_errors():
            self.dismiss(await self._changes.refer_file(path))

    @work(group="hub", exclusive=True)
    async def ask_hub(self, text: str) -> None:
        """Look for models on the hub, and show what it answers in place of what it answered before."""
        self._say_above("asking the hub…")
        try:
            found = await self._surveyor.ask_hub(text)
        except LocalR1Error as error:
            self.say(error)
            self.look()
            return
        self._show_all()
        self._show(found)
        if found.asked:
            self._table.mark(found.asked[0].key)
        else:
            self.notify("The hub has no GGUF model of that name.", markup=False)

    def action_back(self) -> None:
        """Show all models again, or go back to the chat."""
        if not self._show_all():
            self.dismiss("")

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_take()

    @work(group="change", exclusive=True)
    async def action_take(self) -> None:
        """Use the model, or fetch it when it is not here."""
        with self.saying_errors():
            if marked := self.marked:
                await self._take(marked)

    async def _take(self, marked: Marked) -> None:
        if marked.row.found:
            self.dismiss(await self._changes.refer(marked.row.found))
        elif marked.choice.local:
            self.dismiss(marked.choice.local.name)
        elif marked.unopened:
            self.ask_hub(marked.choice.name)
        else:
            await self._changes.fetch(marked)

    def action_pause(self) -> None:
        """Let a download rest, or go on."""
        marked = self.marked
        if marked and marked.download:
            self._downloads.toggle(marked.download.name)

    @work(group="change", exclusive=True)
    async def action_check(self) -> None:
        """Hash the model again, and say above the list how far that is and what comes out."""
        marked = self.marked
        if marked is None or not marked.removable:
            return
        with self.saying_errors():
            async with aclosing(self._changes.check(marked)) as said:
                async for words in said:
                    self._say_above(words)

    @work(group="change", exclusive=True)
    async def action_remove(self) -> None:
        """Give up a download, or remove a model; asks first."""
        with self.saying_errors():
            if marked := self.marked:
                await self._changes.remove(marked)
        self.look()

    async def _ask(self, asked: Question) -> bool:
        question, consequence = safe_line(asked.question), safe_line(asked.consequence)
        return await self.app.push_screen_wait(ConfirmScreen(question, consequence, asked.verb))
