"""Keeps a model from being loaded into memory that is not there, and says what would fit instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from localr1.config import Config
from localr1.engine.reports import Device
from localr1.errors import EngineError, ModelFileError
from localr1.fit.machine import Machine
from localr1.fit.need import Room, context_for
from localr1.fit.offers import Offer, offers
from localr1.fit.shape import shape_of
from localr1.fit.verdict import ALL_LAYERS, Fit, Verdict, judge
from localr1.gguf.header import GGUFHeader
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.memory import Memory, read_memory
from localr1.units import size_text

CONTEXT_LEAST = 2048
"""Tokens of the smallest context that is proposed; a reasoning model fills less with one thought."""


class Guard:
    """Judges the load of one model."""

    def __init__(
        self,
        model: LocalModel,
        header: GGUFHeader,
        config: Config,
        library: Library,
        *,
        beside: int = 0,
        read: Callable[[int], Memory] = read_memory,
    ) -> None:
        """A draft model takes so many bytes `beside` it."""
        self._name = model.path.name if "/" in model.name else model.name
        self._weights = model.size - header.data_offset
        self._shape = shape_of(header)
        self._context = context_for(config.context, header.context_length)
        self._trained = header.context_length
        self._config = config
        self._library = library
        self._beside = beside
        self._read = read

    def require_fit(self, devices: Sequence[Device], held: int = 0) -> int:
        """The layers to put on a GPU; raises ModelFileError with numbers when memory is too short.

        `held` bytes belong to a worker that unloads what it has before it loads this model.
        """
        machine = self._machine(devices, held)
        fit = self._fit(machine, self._context)
        if fit is None:
            return self._config.gpu_layers
        if self._config.memory_check and fit.verdict is Verdict.TOO_BIG:
            raise ModelFileError(
                f"{self._name} needs {size_text(fit.memory)}, {size_text(machine.memory_free)} are free.",
                hint=self._advice(machine, fit),
            )
        return fit.need.layers + 1 if machine.gpus and fit.gpu_layers == ALL_LAYERS else fit.gpu_layers

    def explained(self, error: EngineError) -> EngineError:
        """The error of an engine that ran out of memory all the same, with numbers and a smaller choice."""
        machine = self._machine((), 0)
        fit = self._fit(machine, self._context)
        if fit is None:
            return error
        return EngineError(
            f"{error.message} The model needs about {size_text(fit.memory)}, "
            f"{size_text(machine.memory_free)} are free.",
            hint=error.hint if fit.verdict is Verdict.FITS else self._advice(machine, fit),
        )

    def _machine(self, devices: Sequence[Device], held: int) -> Machine:
        memory = self._read(held)
        return Machine(memory.total, max(0, memory.free - self._beside), devices=tuple(devices))

    def _fit(self, machine: Machine, context: int) -> Fit | None:
        return judge(
            self._shape,
            self._weights,
            machine,
            trained=self._trained,
            room=Room(context, self._config.cache_type),
            gpu_layers=self._config.gpu_layers,
        )

    def _advice(self, machine: Machine, fit: Fit) -> str:
        """What fits well: the same model with less context, else another one that needs less."""
        for context in self._smaller_contexts():
            smaller = self._fit(machine, context)
            if smaller and smaller.verdict is Verdict.FITS:
                return f"With a context of {context:,} tokens it needs {size_text(smaller.memory)}."
        return self._another(machine, fit.memory) or "Close other programs, or choose a smaller model."

    def _another(self, machine: Machine, memory: int) -> str:
        """The largest model that needs less, one that is here before one that would have to be fetched."""
        choices = [
            (_fetched(offer), offer.fit.memory, offer.label)
            for offer in offers(self._library, machine)
            if offer.fit and offer.fit.verdict is Verdict.FITS and offer.fit.memory < memory
        ]
        if not choices:
            return ""
        _, size, label = max(choices)
        return f"{label} needs {size_text(size)}."

    def _smaller_contexts(self) -> Iterator[int]:
        """Powers of two that the model was trained for, where it says for how much, the largest first."""
        below = self._context - 1
        context = 1 << min(below, self._trained or below).bit_length() >> 1
        while context >= CONTEXT_LEAST:
            yield context
            context //= 2


def _fetched(offer: Offer) -> bool:
    """Whether the user has it, beside the model that everybody has."""
    return offer.local is not None and not (offer.entry and offer.entry.bundled)
