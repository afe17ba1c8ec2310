"""localr1: chat with distilled reasoning models, wholly on your own machine."""

__version__ = "0.1.0"
