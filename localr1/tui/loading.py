"""The model of the chat that is open: loaded, or changed for another, as it appears there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from localr1.chat.session import ChatSession
from localr1.errors import LocalR1Error, TemplateError
from localr1.open_chat import OpenChat
from localr1.runtime import Runtime
from localr1.safe_text import safe_line
from localr1.settings import Origin
from localr1.tui.device import device_name
from localr1.tui.screens.template import TemplateScreen
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.status import READING_SECONDS, Status
from localr1.wording import model_name, plural


async def load_model(chat: OpenChat, status: Status) -> None:
    """Load the model of the chat, and say how far it is; raises LocalR1Error when it can't be loaded."""

    async def load() -> ChatSession:
        session = await chat.begin_session()
        await session.load()
        return session

    session = await _with_template(await chat.model(), load, chat, status)
    await show_model(session, chat, status)


async def _with_template(
    model: str, load: Callable[[], Awaitable[ChatSession]], chat: OpenChat, status: Status
) -> ChatSession:
    """Load a model; for one whose own chat template can't be used, ask which other one can."""
    try:
        with status.while_loading(chat.load_share):
            return await load()
    except TemplateError as error:
        template = await status.app.push_screen_wait(TemplateScreen(error))
        if template is None:
            raise
    await chat.use_template(model, template)
    with status.while_loading(chat.load_share):
        return await load()


async def change_model(name: str, chat: OpenChat, conversation: Conversation, status: Status) -> None:
    """Let another model answer from here on; where it can't be loaded, say why and keep the one before."""
    try:
        session = await _with_template(name, lambda: chat.change_model(name), chat, status)
    except LocalR1Error as error:
        await conversation.fail(error)
        await _go_back(chat, conversation, status)
        return
    await show_model(session, chat, status)
    await conversation.change_model(session.model.name)
    try:
        _keep(session.model.name, await chat.runtime())
    except LocalR1Error as error:
        status.flash(f"{model_name(name)} is not kept as the default: {error.message}")


async def show_model(session: ChatSession, chat: OpenChat, status: Status) -> None:
    """Show what the model that is loaded now is, what it computes on, and what it takes."""
    runtime = await chat.runtime()
    status.offline = runtime.config.offline
    if info := session.info:
        devices = (await runtime.engine.about()).devices if info.gpu_layers else ()
        status.show_model(session.model, info, device_name(info, devices))
        if info.gpu_layers_left:
            left = plural(info.gpu_layers_left, "layer")
            status.flash(f"The GPU has less room than it said: {left} stay in main memory")
        if info.draft_refused:
            status.flash(safe_line(f"the draft model is not used: {info.draft_refused}"), READING_SECONDS)
    status.follow_memory(chat.engine_memory)


async def _go_back(chat: OpenChat, conversation: Conversation, status: Status) -> None:
    """Have the model before ready again: it made room for the one that failed."""
    try:
        await load_model(chat, status)
    except LocalR1Error as error:
        await conversation.fail(error)


def _keep(name: str, runtime: Runtime) -> None:
    """The first model that a user chooses becomes the one of new chats, in later runs too."""
    settings = runtime.settings
    if not settings.in_file("model") and settings.origin("model") is not Origin.ENVIRONMENT:
        settings.change("model", name)
