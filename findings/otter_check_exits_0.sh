#!/usr/bin/env bash
# `otter check` of Otter-Grader 7.0.0 ends with 0 when tests fail.
#
# The guess: the exit code of `otter check FILE` is 0 if the tests pass and another one if they fail, as that of pytest.
# What happens: it prints "Test case failed" and ends with 0, for all tests and for one named with -q.
# Version: otter-grader 7.0.0 (with ipykernel 7.4.0, which it does not declare). Source: its own output.
# Who is hurt: whoever lets a build server or a hook call it: every submission passes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q otter-grader==7.0.0 ipykernel==7.4.0
export PATH="$folder/venv/bin:$PATH"
mkdir tests
cat > tests/q1.py <<'PY'
OK_FORMAT = True
test = {"name": "q1", "points": 1,
        "suites": [{"type": "doctest", "cases": [{"code": ">>> double(2)\n4", "hidden": False}]}]}
PY
printf 'def double(x):\n    return x\n' > wrong.py
echo "otter-grader $(venv/bin/pip show otter-grader 2> /dev/null | sed -n 's/^Version: //p')"
echo "double(2) is to be 4, and wrong.py makes it 2"
codes=""
for words in "" "-q q1"; do
    code=0
    otter check $words wrong.py > said.txt 2>&1 || code=$?
    grep -q "Test case failed" said.txt || { echo "the test did not fail; nothing can be said"; cat said.txt; exit 1; }
    echo "    otter check $words wrong.py: $(grep -c 'Test case failed' said.txt) test failed, exit code $code"
    codes="$codes$code"
done
test "$codes" = "00" || { echo "no longer so"; exit 1; }
echo "still so: the exit code is 0 though the test fails"
