"""A test of a package that is missing is skipped at home and fails in CI."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.optional import needed

HERE = Path(__file__).resolve().parent


def test_it_is_skipped_at_home_and_fails_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no_such_package is not installed"):
        needed("json", "no_such_package")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no_such_package is not installed, and CI is set"):
        needed("json", "no_such_package")
    needed("json")


def test_no_other_way_of_skipping_is_used():
    word = "importor" + "skip"
    assert [path.name for path in HERE.rglob("*.py") if word in path.read_text(encoding="utf-8")] == []
