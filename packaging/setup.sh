# Finds a Python and a C++ compiler, and makes .venv in the repository; sourced by try.sh and test.sh.

cd "$(dirname "$0")/.." || exit 1

fail() {
    printf 'localr1: %s\n         %s\n' "$1" "$2" >&2
    exit 1
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    fail "There is no Python 3.10 or newer here." "Install one, or name it: PYTHON=/path/to/python sh $0"
}

check_compiler() {
    for name in ${CXX:-} c++ g++ clang++; do
        command -v "$name" >/dev/null 2>&1 && return
    done
    fail "There is no C++ compiler here, and llama.cpp has to be compiled once." \
        "Debian, Ubuntu, Raspberry Pi OS: sudo apt install g++ · Fedora: sudo dnf install gcc-c++ · macOS: xcode-select --install"
}

make_venv() {
    python=$(find_python) || exit 1
    if [ ! -x .venv/bin/python ]; then
        "$python" -m venv .venv || fail "Python can't make a virtual environment." \
            "Debian and Ubuntu: sudo apt install python3-venv"
    fi
    .venv/bin/python -c 'import llama_cpp' 2>/dev/null || {
        check_compiler
        echo "Installing; llama.cpp is compiled for this machine, which takes some minutes the first time…" >&2
    }
    .venv/bin/python -m pip install --quiet --upgrade "pip>=25.1"
}
