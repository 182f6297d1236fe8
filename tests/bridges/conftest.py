"""Bridges to torch's packages without torch."""

import pytest

from kan_edu.bridges import torchfile


@pytest.fixture
def written(monkeypatch):
    """{end of the path: tensors} of what would be written by torch, which is not there."""
    files = {}
    monkeypatch.setattr(torchfile, "get_torch", lambda: None)
    monkeypatch.setattr(torchfile, "write", lambda path, state: files.update({path.rsplit("mark_")[-1]: state}))
    monkeypatch.setattr(torchfile, "tensors", lambda state: state)
    return files
