"""The examples in Python of docs/api.md and docs/scripting.md, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENTS = [Path(__file__).parents[2] / "docs" / name for name in ("api.md", "scripting.md")]
EXAMPLES = [
    example
    for document in DOCUMENTS
    for example in re.findall(r"```python\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL)
]
SAID = (
    *("47 + 85 = 132.", "(stop)", "It says", "Sum(sum=", "0 + 1 = 1."),
    *("47 + 85 = 132.", "About the files: ", "9 - 4 = 5.", "0.5"),
)
TIMEOUT = 60


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("example", "said"), zip(EXAMPLES, SAID, strict=True), ids=SAID)
def test_an_example_says_what_it_promises(example: str, said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert said in done.stdout.decode()
