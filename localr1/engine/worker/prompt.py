"""Conversation → tokens, so that no text of a message can become a control token."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from localr1.engine.requests import ChatMessage
from localr1.engine.worker.template import ChatTemplate, TemplateFailedError
from localr1.engine.worker.vocabulary import Vocabulary

_INSTRUCTION = "Answer in the words of a lighthouse keeper."
"""Something that no template says by itself."""
_QUESTIONS = ("a", "b")
"""Two next questions that have no beginning in common."""


class PromptBuilder:
    """Renders and tokenizes conversations for one model.

    Tokenizing messages without special tokens is not enough: llama.cpp still recognises added tokens such as
    R1's `<think>` and `<｜User｜>`. So each name of a special token in a message is hidden behind a mark
    while the template runs, and tokenized in two halves afterwards.
    """

    def __init__(self, vocabulary: Vocabulary, template: ChatTemplate) -> None:
        self._vocabulary = vocabulary
        self._template = template

    def tokens(self, messages: Sequence[ChatMessage], prefill: str) -> list[int]:
        """Tokens of a request, up to where the model goes on; raises TemplateFailedError."""
        names = self._names_in(messages)
        mark = f"\ue000{secrets.token_hex(8)}:"
        hidden = {name: f"{mark}{index}\ue001" for index, name in enumerate(names)}
        shown = {hiding: name for name, hiding in hidden.items()}
        text = self._template.render([_hide(message, hidden) for message in messages]) + prefill
        tokens: list[int] = []
        for part in re.split(f"({mark}\\d+\ue001)", text):
            if name := shown.get(part):
                tokens += self._as_text(name)
            elif part:
                tokens += self._vocabulary.tokenize(part, special=True)
        if not tokens:
            raise TemplateFailedError("it writes nothing")
        return self._with_bos(tokens)

    def known_tokens(self, messages: Sequence[ChatMessage]) -> list[int]:
        """What the prompts of all next questions begin with; raises TemplateFailedError."""
        first, second = (self.tokens([*messages, ChatMessage("user", text)], "") for text in _QUESTIONS)
        return first[: common_length(first, second)]

    def generation_prompt(self) -> str:
        """What the template adds after a conversation to make the model speak."""
        question = [ChatMessage("user", "?")]
        silent = self._template.render(question, generation_prompt=False)
        return self._template.render(question).removeprefix(silent)

    def takes_system(self) -> bool:
        """Whether the template writes what a system message says; some refuse it, some leave it out."""
        question = ChatMessage("user", "?")
        try:
            return _INSTRUCTION in self._template.render([ChatMessage("system", _INSTRUCTION), question])
        except TemplateFailedError:
            return False

    def _names_in(self, messages: Sequence[ChatMessage]) -> list[str]:
        names = {name for message in messages for name in self._vocabulary.special_names_in(message.content)}
        return sorted(names, key=len, reverse=True)

    def _as_text(self, name: str) -> list[int]:
        """The name of a special token, as any other text."""
        return [
            *self._vocabulary.tokenize(name[:1], special=False),
            *self._vocabulary.tokenize(name[1:], special=False),
        ]

    def _with_bos(self, tokens: list[int]) -> list[int]:
        """One BOS where the model wants it, whether or not its template writes it too."""
        vocabulary = self._vocabulary
        if vocabulary.adds_bos and vocabulary.bos is not None and tokens[:1] != [vocabulary.bos]:
            return [vocabulary.bos, *tokens]
        return tokens


def common_length(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens two prompts begin with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(first), len(second)))


def _hide(message: ChatMessage, hidden: dict[str, str]) -> ChatMessage:
    if not hidden:
        return message
    pattern = "|".join(re.escape(name) for name in hidden)
    return ChatMessage(message.role, re.sub(pattern, lambda match: hidden[match.group()], message.content))
