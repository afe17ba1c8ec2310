"""Whether models fit this machine, in the words of the command line."""

from __future__ import annotations

from localr1.catalog_entry import CatalogEntry, Shape
from localr1.cli.machine import this_machine
from localr1.config import Config
from localr1.fit.machine import Machine
from localr1.fit.need import Room
from localr1.fit.shape import shape_of
from localr1.fit.verdict import Fit, Verdict, judge
from localr1.gguf.header import GGUFHeader
from localr1.paths import Paths
from localr1.units import size_text, speed_text


class Fits:
    """Judges models with the context and the GPU layers of the settings in force."""

    def __init__(self, machine: Machine, config: Config) -> None:
        self.machine = machine
        self._config = config

    @classmethod
    def measure(cls, paths: Paths, config: Config) -> Fits:
        """For the machine as it is now."""
        return cls(this_machine(paths), config)

    def of_entry(self, entry: CatalogEntry, size: int) -> Fit | None:
        """Of a file of so many bytes; None where the catalog does not know the model's shape."""
        return self._of(entry.shape, size, entry.context)

    def of_header(self, header: GGUFHeader, size: int) -> Fit | None:
        """Of all files of a model together; None where the header leaves out what has to be known."""
        return self._of(shape_of(header), size - header.data_offset, header.context_length)

    def warning(self, name: str, fit: Fit | None) -> str:
        """What to know before a model is fetched; empty for one that fits well."""
        if fit is None or fit.verdict is Verdict.FITS:
            return ""
        sizes = f"it needs {size_text(fit.memory)}, {size_text(self.machine.memory_free)} are free"
        return f"{name} {'will not fit' if fit.verdict is Verdict.TOO_BIG else 'is a tight fit'}: {sizes}."

    def _of(self, shape: Shape | None, size: int, trained: int) -> Fit | None:
        config = self._config
        room = Room(config.context, config.cache_type)
        return judge(shape, size, self.machine, trained=trained, room=room, gpu_layers=config.gpu_layers)


def fit_lines(fit: Fit, free: int) -> tuple[str, str]:
    """The verdict with its numbers, and what they are made of."""
    need = fit.need
    parts = (("weights", need.weights), ("context", need.cache), ("computing", need.buffers))
    speed = f", about {speed_of(fit)}" if fit.tokens_per_second else ""
    return (
        f"{fit.verdict.value}: {size_text(fit.memory)} of the {size_text(free)} that are free{speed}",
        ", ".join(f"{size_text(size)} for {what}" for what, size in parts),
    )


def verdict_text(fit: Fit | None) -> str:
    """For a table."""
    return fit.verdict.value if fit else "–"


def speed_of(fit: Fit | None) -> str:
    """Tokens a second, about."""
    return "–" if fit is None or fit.tokens_per_second is None else speed_text(fit.tokens_per_second)
