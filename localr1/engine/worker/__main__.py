"""Starts the worker: python -I <this file> LOG [DIRECTORY…], the directories being searched last.

Isolated mode keeps the current directory, PYTHONPATH and the user's site-packages out of the way, so localr1
itself is imported from where this file lies, whatever else is called localr1.
"""

import importlib.util
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def _import_localr1() -> None:
    spec = importlib.util.spec_from_file_location("localr1", _PACKAGE / "__init__.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{_PACKAGE} is not a package")
    package = importlib.util.module_from_spec(spec)
    sys.modules["localr1"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    sys.path += sys.argv[2:]
    _import_localr1()
    from localr1.engine.worker.main import main

    main(sys.argv[1])
