"""Names of models on the hub: what is understood, and what is refused."""

from __future__ import annotations

import pytest

from localr1.errors import UsageError
from localr1.hub.target import HubTarget, hub_target

REPO = "unsloth/Qwen-GGUF"


@pytest.mark.parametrize(
    "text",
    [
        f"hf:{REPO}",
        f"hf://{REPO}",
        f"hf.co/{REPO}",
        f"huggingface.co/{REPO}",
        f"https://huggingface.co/{REPO}",
        f"https://www.huggingface.co/{REPO}/",
        f"https://hf.co/{REPO}",
        f"https://huggingface.co/{REPO}/tree/main",
        f"https://huggingface.co/{REPO}?library=llama-cpp-python",
    ],
)
def test_a_repository_is_found_in_every_way_of_writing_it(text: str) -> None:
    assert hub_target(text) == HubTarget(REPO)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (f"hf:{REPO}:q4_k_m", HubTarget(REPO, quant="Q4_K_M")),
        (f"hf.co/{REPO}:Q4_K_M", HubTarget(REPO, quant="Q4_K_M")),
        (f"https://huggingface.co/{REPO}:UD-Q2_K_XL", HubTarget(REPO, quant="UD-Q2_K_XL")),
        (f"hf:{REPO}:x.gguf", HubTarget(REPO, file="x.gguf")),
        (f"hf:{REPO}:Q8_0/x (1).gguf", HubTarget(REPO, file="Q8_0/x (1).gguf")),
        (f"hf:{REPO}@v1.0:x.gguf", HubTarget(REPO, "v1.0", file="x.gguf")),
        (f"hf:{REPO}@refs/pr/2", HubTarget(REPO, "refs/pr/2")),
        (f"https://huggingface.co/{REPO}/blob/main/x.gguf", HubTarget(REPO, file="x.gguf")),
        (f"huggingface.co/{REPO}/resolve/v2/a/x%20y.gguf?download=true", HubTarget(REPO, "v2", "a/x y.gguf")),
        (f"https://huggingface.co/{REPO}/tree/v2/Q8_0", HubTarget(REPO, "v2")),
    ],
)
def test_revision_quant_and_file_are_found(text: str, target: HubTarget) -> None:
    assert hub_target(text) == target


@pytest.mark.parametrize(
    "text", ["nano", "qwen-1.5b:Q4_K_M", REPO, "./x.gguf", "/tmp/hf.co/x.gguf", "hf", ""]
)
def test_other_names_are_left_to_others(text: str) -> None:
    assert hub_target(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "hf:",
        "hf:owner",
        "hf:owner/",
        "hf:../repo",
        "hf:owner/..",
        "hf:owner/re..po",
        "hf:own er/repo",
        "hf:owner/repo/more",
        "hf:owner/repo@",
        "hf:owner/repo@../../x",
        "hf:owner/repo@a\x1b[31m",
        "hf:owner/repo:../x.gguf",
        "hf:owner/repo:/x.gguf",
        "hf:owner/repo:a/../x.gguf",
        "hf:owner/repo:C:\\x.gguf",
        "hf:owner/repo:.hidden.gguf",
        "hf:owner/repo:x\x1b[31m.gguf",
        "hf:owner/repo:" + "x" * 300 + ".gguf",
        "hf:owner/repo:Q4 K M",
        "https://huggingface.co/owner",
        "https://huggingface.co/owner/repo/discussions/1",
        "https://huggingface.co/owner/repo/blob/main/..%2f..%2fx.gguf",
        "https://example.com/owner/repo",
        "https://huggingface.co@example.com/owner/repo",
        "https://[::1/owner/repo",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        hub_target(text)
    assert refused.value.exit_code == 2
    assert "hf:owner/repo:Q4_K_M" in refused.value.hint
    assert "\x1b" not in refused.value.message
