"""The model file at work: prompts rendered with its own template, replies drawn by llama.cpp."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from jinja2.sandbox import ImmutableSandboxedEnvironment
from llama_cpp import Llama
from vocabulary import END_MARK, EOS, SPECIAL

LONGEST_REPLY = 700

Message = dict[str, str]


@dataclass(frozen=True)
class Sampling:
    """How the next token is drawn."""

    temperature: float = 0.0
    top_p: float = 1.0


GREEDY = Sampling()
USUAL = Sampling(0.6, 0.95)


@dataclass(frozen=True)
class Reply:
    """What the model wrote: its thinking, its answer, and whether it ended by itself."""

    thinking: str
    answer: str
    ended: bool


class Speaker:
    """The model file, loaded and ready to reply."""

    def __init__(self, path: Path, threads: int, seed: int = 0) -> None:
        self.llama = Llama(
            str(path), n_ctx=4096, n_threads=threads, n_threads_batch=threads, verbose=False, seed=seed
        )
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        self.template = environment.from_string(self.llama.metadata["tokenizer.chat_template"])
        self.written, self.seconds = 0, 0.0

    def reply(self, messages: list[Message], sampling: Sampling = GREEDY, begun: str = "") -> Reply:
        """Return the reply to a chat, going on after what was already begun of it."""
        prompt = self.template.render(
            messages=messages,
            bos_token=SPECIAL[0],
            eos_token=SPECIAL[1],
            add_generation_prompt=True,
            enable_thinking=True,
        )
        tokens = self.llama.tokenize((prompt + begun).encode(), add_bos=False, special=True)
        started = monotonic()
        written: list[int] = []
        for token in self.llama.generate(
            tokens, temp=sampling.temperature, top_p=sampling.top_p, top_k=0, min_p=0.0, repeat_penalty=1.0
        ):
            if token == EOS or len(written) == LONGEST_REPLY:
                break
            written.append(token)
        self.seconds += monotonic() - started
        self.written += len(written)
        text = begun + self.llama.detokenize(written, special=True).decode(errors="replace")
        thinking, _, answer = text.partition(END_MARK)
        return Reply(thinking.strip(), answer.strip(), token == EOS)
