"""The examples of docs/api.md, run as they stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
SAID = ("47 + 85 = 132.", "(stop)", "It says", "Sum(sum=", "0 + 1 = 1.")
TIMEOUT = 60


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("example", "said"), zip(EXAMPLES, SAID, strict=True), ids=SAID)
def test_an_example_says_what_it_promises(example: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, timeout=TIMEOUT, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert said in done.stdout.decode()
