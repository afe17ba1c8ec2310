"""Completion: what matches, and what the keys of the prompt do while the list is open."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.signal import Signal

from localr1.tui.completion import Choice, Offer, matching
from localr1.tui.downloads.downloads import Download, Downloads
from localr1.tui.widgets.completion_list import CompletionList
from localr1.tui.widgets.foot import Foot
from localr1.tui.widgets.prompt import Prompt
from tests.tui.chatting import until

FRUIT = ("apple", "apricot", "grape", "pear")


class Fruit:
    """Offers fruit behind a percent sign."""

    async def offer(self, before: str) -> Offer | None:
        _, sign, typed = before.rpartition("%")
        if not sign or " " in typed:
            return None
        return Offer([Choice(f"%{name} ", name, "fruit") for name in FRUIT], typed, len(typed) + 1)


class FruitApp(App[None]):
    """A foot whose prompt completes fruit."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        changed: Signal[Download] = Signal(self, "downloads")
        yield Foot(Downloads(changed), [Fruit()])

    def on_prompt_sent(self, event: Prompt.Sent) -> None:
        self.sent.append(event.text)


def test_beginnings_come_before_middles_and_these_before_letters_in_order() -> None:
    choices = [Choice(name, name) for name in ("a-b", "cab", "Abba", "b")]
    assert [choice.label for choice in matching(choices, "AB")] == ["Abba", "cab", "a-b"]
    assert matching(choices, "") == choices


async def test_tab_takes_what_is_marked_and_the_user_goes_on_behind_it() -> None:
    app = FruitApp()
    async with app.run_test() as pilot:
        prompt, list_ = app.query_one(Prompt), app.query_one(CompletionList)
        prompt.focus()
        await pilot.press(*"an %ap")
        await until(pilot, lambda: list_.option_count == 3)
        await pilot.press("down", "tab", "x")
        assert prompt.text == "an %apricot x"
        await until(pilot, lambda: not list_.display)


async def test_enter_takes_a_choice_and_sends_one_that_is_written_already() -> None:
    app = FruitApp()
    async with app.run_test() as pilot:
        list_ = app.query_one(CompletionList)
        app.query_one(Prompt).focus()
        await pilot.press(*"%pea")
        await until(pilot, lambda: list_.display)
        await pilot.press("enter")
        assert app.sent == []
        await pilot.press("backspace")
        await until(pilot, lambda: list_.display)
        await pilot.press("enter")
        await until(pilot, lambda: app.sent == ["%pear"])


async def test_escape_closes_the_list_until_another_word_begins() -> None:
    app = FruitApp()
    async with app.run_test() as pilot:
        list_ = app.query_one(CompletionList)
        app.query_one(Prompt).focus()
        await pilot.press(*"%a")
        await until(pilot, lambda: list_.display)
        await pilot.press("escape", "p")
        await pilot.pause()
        assert not list_.display
        await pilot.press(*" %g")
        await until(pilot, lambda: list_.display)


async def test_the_ends_of_the_list_meet() -> None:
    app = FruitApp()
    async with app.run_test() as pilot:
        list_ = app.query_one(CompletionList)
        app.query_one(Prompt).focus()
        await pilot.press("%")
        await until(pilot, lambda: list_.display)
        await pilot.press("up", "tab")
        assert app.query_one(Prompt).text == "%pear "


async def test_a_click_takes_a_choice() -> None:
    app = FruitApp()
    async with app.run_test() as pilot:
        app.query_one(Prompt).focus()
        await pilot.press("%")
        await until(pilot, lambda: app.query_one(CompletionList).display)
        await pilot.click(CompletionList, offset=(4, 2))
        await until(pilot, lambda: app.query_one(Prompt).text == "%apricot ")
