#!/usr/bin/env bash
# repo2docker 2026.4.0, which builds for Binder, begins from Python 3.10 where environment.yml asks for python>=3.11.
#
# The guess: "python>=3.11", a condition that conda understands, gives the image of that or a newer Python.
# What happens: only "python=X.Y" is read. Any other condition counts as none: one line of the log says "unspecified",
#   the base environment is that of Python 3.10 with its servers, and only a later `env update` exchanges the Python
#   below them.
# Version: jupyter-repo2docker 2026.4.0. Source: the Dockerfile that --no-build --debug prints, without Docker.
# Who is hurt: whoever shares one environment.yml between conda and Binder: the image begins from a Python too old for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q jupyter-repo2docker==2026.4.0
echo "jupyter-repo2docker $(venv/bin/pip show jupyter-repo2docker 2> /dev/null | sed -n 's/^Version: //p')"
found=""
for asked in "python>=3.11" "python=3.11"; do
    mkdir -p repository
    printf 'channels:\n  - conda-forge\ndependencies:\n  - %s\n' "$asked" > repository/environment.yml
    venv/bin/jupyter-repo2docker --no-build --debug repository > said.txt 2>&1 || { cat said.txt; exit 1; }
    base=$(grep -o 'environment-2epy-2d3-2e[0-9]*' said.txt | head -1 | sed 's/.*2d3-2e/3./')
    echo "    $asked: base environment of Python $base; the log calls it unspecified $(grep -c 'unspecified' said.txt) times"
    found="$found $base"
done
test "${found##* }" = "3.11" || { echo "python=3.11 is not read either; nothing can be said"; exit 1; }
test "$found" = " 3.10 3.11" || { echo "no longer so"; exit 1; }
echo "still so: a lower bound counts as no Python at all"
