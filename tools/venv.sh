#!/bin/sh
# Makes .venv in the current directory, or brings it up to date, with webctp; with the argument
# `test`, also with the tools that its tests need.
#
# Run by make from the top of the checkout. Only relative paths here: the checkout's own path may
# hold spaces. PYTHON names the interpreter to use; without it the first good one is taken.

set -eu

say() { printf 'webctp: %s\n' "$*" >&2; }

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" && printf '%s\n' "$PYTHON" && return
        say "PYTHON=$PYTHON is no Python 3.11 or newer  不是 Python 3.11 或更新版本"
        exit 1
    fi
    for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if new_enough "$python"; then
            printf '%s\n' "$python"
            return
        fi
    done
    say 'no Python 3.11 or newer was found; install one, or name it: make PYTHON=/path/to/python3'
    say '未找到 Python 3.11 或更新版本；请安装，或以 make PYTHON=/path/to/python3 指定'
    exit 1
}

# An environment whose interpreter or pip no longer runs is made anew: half made by an
# interrupted run, moved here from elsewhere, or left behind by a system upgrade.
usable() {
    new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1 &&
        .venv/bin/python -c 'import os, sys; sys.exit(not os.path.samefile(sys.prefix, ".venv"))'
}

create() {
    python=$(find_python)
    say "making .venv with $("$python" -c 'import sys; print(sys.executable, sys.version.split()[0])')"
    rm -rf .venv
    if "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        "$python" -m venv .venv
    elif "$python" -c 'import venv' 2>/dev/null && "$python" -m pip --version >/dev/null 2>&1; then
        # Debian and Ubuntu keep ensurepip in a package of its own; pip itself can stand in.
        "$python" -m venv --without-pip .venv
        "$python" -m pip --disable-pip-version-check --python .venv/bin/python install -q pip
    else
        say "this Python cannot make virtual environments: its venv or ensurepip module is missing"
        say "remedy on Debian and Ubuntu / 解决办法: sudo apt install python3-venv"
        exit 1
    fi
}

usable || create
if [ "${1:-}" = test ]; then
    say 'installing the test tools into .venv, some 440 MB  安装测试工具'
    what='.[test]'
else
    say 'installing webctp into .venv, some 160 MB  安装 webctp'
    what='.'
fi
say 'from a mirror, if this is slow  若下载缓慢，可指定镜像: make PIP_INDEX_URL=URL …'
.venv/bin/python -m pip --disable-pip-version-check install -e "$what"

if [ "${1:-}" = test ]; then
    # The classes of vn.py's core need nothing beside Python; its window and its numbers stay away.
    .venv/bin/python -m pip --disable-pip-version-check install -q --no-deps vnpy==4.5.0
fi
