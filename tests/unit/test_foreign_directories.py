"""Where the models of other programs are looked for."""

from __future__ import annotations

from pathlib import Path

from localr1.foreign_directories import foreign_directories


def test_other_programs_are_looked_for_where_their_variables_say_first(tmp_path: Path) -> None:
    env = {
        "HOME": str(tmp_path),
        "OLLAMA_MODELS": "/disk/ollama",
        "LLAMA_CACHE": "~/llama",
        "HF_HOME": "relative",
        "HF_HUB_CACHE": "~nobody-of-that-name/hub",
    }
    there = foreign_directories(env)
    assert there.ollama[:2] == (Path("/disk/ollama"), tmp_path / ".ollama/models")
    assert there.llama_cpp[:2] == (Path.home() / "llama", tmp_path / ".cache/llama.cpp")
    assert there.hugging_face == (Path.cwd() / "relative/hub", tmp_path / ".cache/huggingface/hub")
    assert there.lm_studio[0] == tmp_path / ".lmstudio"


def test_an_empty_variable_of_another_program_counts_as_not_set(tmp_path: Path) -> None:
    assert foreign_directories({"HOME": str(tmp_path), "OLLAMA_MODELS": "", "HF_HOME": ""}) == (
        foreign_directories({"HOME": str(tmp_path)})
    )
