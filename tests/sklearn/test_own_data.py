"""The page about one's own table: its snippets run one after the other, as readers type them; and lesson 12's door."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

for package in ("sklearn", "pandas", "onnx", "onnxruntime"):
    pytest.importorskip(package, reason=f'{package} is missing: pip install "kan-edu[sklearn,bridges]" pandas')

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_runs_from_the_csv_to_the_onnx_file(tmp_path):
    page = (ROOT / "docs" / "own_data.md").read_text(encoding="utf-8")
    program = "\n".join(re.findall(r"^```python\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    command = [sys.executable, "-W", "error::DeprecationWarning:kan_edu", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["birds.csv", "penguins.onnx", "penguins.png"]
    said = done.stdout
    r2 = [float(number) for number in re.findall(r"(?:seen:|R\^2|birds) (0\.\d\d)$", said, flags=re.MULTILINE)]
    assert len(r2) == 2 and min(r2) > 0.8, said
    assert "believed: False" in said, "a real table without a short law is not believed"
    assert float(re.search(r"differ by (\S+) grams", said)[1]) < 1e-8


@pytest.mark.parametrize("package", ["pandas", "sklearn"])
def test_without_one_of_the_two_packages_lesson_12_says_what_to_type(package, monkeypatch):
    cells = nbformat.read(ROOT / "notebooks" / "12_your_own_data.ipynb", as_version=4).cells
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError, match=f"{package}.* is missing.*%pip install scikit-learn pandas"):
        exec(next(cell.source for cell in cells if cell.cell_type == "code"), {})
