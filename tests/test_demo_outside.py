"""What people of the demo sign outside, as `quipu demo` has them do."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest

from service import demo
from service.cli import demo_outside
from service.demo import trust
from service.projections import LATEST, outside_page
from service.projections import commitment_page as commitments
from service.settings import DEMO_ROOTS, Settings
from tests.conftest import TestDatabase


@pytest.fixture
def database(make_database: Callable[[str], TestDatabase], _demo: str) -> TestDatabase:
    """Two years of demo, where nobody has signed outside yet."""
    return make_database(_demo)


@pytest.mark.long
def test_the_demo_has_signatures_from_outside(database: TestDatabase, tmp_path: Path) -> None:
    """One commitment is in force by two valid signatures, one file waits for a person's eyes; a later start brings nothing again."""
    settings = Settings(data=tmp_path, database_url=database.service_url, demo=True)
    accounts = demo.fill(database.owner_url, database.service_url, today=date(2026, 11, 23)).accounts
    trust.furnish(database.service_url, tmp_path / DEMO_ROOTS, accounts)
    assert demo_outside.sign(settings, accounts) == 3
    assert demo_outside.sign(settings, accounts) == 0
    with psycopg.connect(database.service_url) as connection:
        digital = {each.code: each for each in commitments.commitments(connection, LATEST) if each.kind == demo.DIGITAL}
        assert {code: each.status for code, each in digital.items()} == {"120005": "signed", "120007": "proposed"}
        given = commitments.signatures(connection, LATEST, digital["120005"])[1].values()
        assert {(each.kind, each.verdict) for each in given} == {("fuera", "VÁLIDO")}
        assert [each.code for each in outside_page.to_review(connection, LATEST)] == ["120007"]
