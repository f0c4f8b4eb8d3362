# Sourced by ./run and ./test: brings a Debian or Ubuntu machine with Swift to where Leeway builds.
# Usage: prepare run|test

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

wanted_packages() {
    if [ "$1" = run ]; then sed '/^# tests/q' setup/debian-packages.txt; else cat setup/debian-packages.txt; fi |
        grep -v '^#' | grep -v '^$'
}

prepare_packages() {
    command -v dpkg-query >/dev/null || stop "This script installs Debian packages, and this machine has no dpkg. Install what setup/debian-packages.txt lists, by hand."
    local missing=""
    for name in $(wanted_packages "$1"); do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $name"
    done
    [ -z "$missing" ] && return 0
    say "Installing:$missing"
    local as_root=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || stop "These packages are missing and need root to install:$missing"
        as_root=sudo
    fi
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -q >/dev/null || stop "apt-get update failed. Check the package sources of this machine."
    $as_root apt-get install -y -q --no-install-recommends $missing >/dev/null ||
        stop "These packages could not be installed:$missing"
}

prepare_swift() {
    [ -x /opt/swift/usr/bin/swift ] && export PATH="$PATH:/opt/swift/usr/bin"
    command -v swift >/dev/null || stop "Swift is missing. Leeway needs Swift 6.2 or newer: see https://www.swift.org/install/linux."
    local version
    version=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9]+\.[0-9]+')
    case "$version" in
        6.[2-9] | 6.[1-9][0-9] | [7-9].*) ;;
        *) stop "Swift $version is too old. Leeway needs Swift 6.2 or newer." ;;
    esac
}

# A folder of Python tools, made anew when a pinned list changes: fonttools for the web font, and for the
# tests a browser driver, axe, and a second opinion on the ledger.
prepare_python() {
    local stamp=.setup/python/stamp
    cat setup/python-packages.txt setup/python-oracle.txt | cmp -s - "$stamp" && return 0
    say "Installing the Python tools that setup/python-packages.txt and setup/python-oracle.txt pin"
    rm -rf .setup/python
    mkdir -p .setup
    python3 -m venv .setup/python || stop "python3 -m venv failed."
    local install=".setup/python/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:"
    $install -r setup/python-packages.txt || stop "The Python tools could not be installed."
    $install --no-deps --ignore-requires-python -r setup/python-oracle.txt ||
        stop "The Python tools could not be installed."
    cat setup/python-packages.txt setup/python-oracle.txt >"$stamp"
}

# Inter, all weights in one file, cut down to Latin, Greek and Cyrillic.
prepare_font() {
    [ -s .setup/assets/inter.woff2 ] && return 0
    mkdir -p .setup/assets
    local font
    font=$(dpkg -L fonts-inter-variable | grep -E '/Inter(-roman)?\.var\.ttf$' | sort | head -n 1)
    [ -n "$font" ] || { say "The Inter font was not found; pages use the system's."; return 0; }
    .setup/python/bin/pyftsubset "$font" --output-file=.setup/assets/inter.woff2 --flavor=woff2 \
        --unicodes='U+0020-024F,U+0370-03FF,U+0400-045F,U+1E00-1EFF,U+2000-206F,U+20A0-20BF,U+2190-21FF,U+2212,U+2264-2265' \
        --layout-features='kern,liga,tnum,calt,case' >/dev/null 2>&1 ||
        { rm -f .setup/assets/inter.woff2; say "The Inter font could not be cut down; pages use the system's."; }
}

prepare() {
    prepare_packages "$1"
    prepare_swift
    prepare_python
    prepare_font
}

# One configuration for running, tests and benchmarks, so that nothing is built twice.
build_flags="-c release -Xswiftc -enable-testing --explicit-target-dependency-import-check error"
