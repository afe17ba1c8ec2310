#!/bin/sh
# Builds llama-cpp-python for a GPU into the environment that localr1 lives in, then measures it.
#
#   sh packaging/build_for_gpu.sh cuda|metal|vulkan [PYTHON] [MODEL]
#
# CUDA needs NVIDIA's toolkit (nvcc) and a driver, Vulkan its development files and glslc; Metal is in macOS.
# MODEL is a name or a path as for `localr1 bench`. What runs before is kept until the build is done.
set -eu

kind=${1:-}
python=${2:-.venv/bin/python}
model=${3:-nano}

case $kind in
    cuda) flags=-DGGML_CUDA=on tool=nvcc ;;
    metal) flags=-DGGML_METAL=on tool=xcrun ;;
    vulkan) flags=-DGGML_VULKAN=on tool=glslc ;;
    *) echo "usage: sh packaging/build_for_gpu.sh cuda|metal|vulkan [PYTHON] [MODEL]" >&2; exit 2 ;;
esac
command -v "$tool" >/dev/null || { echo "$tool is missing: a build for $kind needs it" >&2; exit 1; }

release=$("$python" -c 'from importlib.metadata import version; print(version("llama-cpp-python"))')
CMAKE_ARGS=$flags "$python" -m pip install --force-reinstall --no-cache-dir --no-deps \
    --no-binary llama-cpp-python "llama-cpp-python==$release"

"$python" -m localr1 doctor
echo "On the GPU, as many layers as it has room for:"
"$python" -m localr1 bench "$model" --compare
echo "On the processor alone:"
"$python" -m localr1 bench "$model" --gpu-layers 0 --compare
