"""What every installation starts with."""

from typing import Any

import psycopg

from service import bootstrap
from service.aggregates.alert_rules import CODES
from service.database import Database
from service.ledger import Ledger
from tests.conftest import TestDatabase


def test_an_empty_record_gets_units_objectives_and_example_rules_once(new_database: TestDatabase) -> None:
    """The 14 units by code, the eight verified objectives, the scale labelled as an example; a second run adds nothing."""
    database = Database(new_database.service_url)
    database.open()
    try:
        bootstrap.run(Ledger(database))
        assert bootstrap.run(Ledger(database)) == 0
    finally:
        database.close()
    with psycopg.connect(new_database.service_url) as connection:
        units: dict[str, str] = dict(connection.execute("select code, name from read.unit_now").fetchall())
        objectives = {row[0] for row in connection.execute("select code from read.objective_now")}
        rules: dict[str, Any] = dict(connection.execute("select rule, settings from read.rule_now").fetchall())
    assert len(units) == 14
    assert units["120014"] == "UGEL Río Ene - Mantaro"
    assert "120013" not in units
    assert objectives == {"ON1", "ON2", "ON3", "ON4", "PEN-1", "PEN-2", "PEN-3", "PEN-4"}
    assert rules["scale"] == {"fulfilled": "90", "in_progress": "70", "label": "escala de ejemplo, ajústela"}
    assert set(rules["alerts"]) == set(CODES)
    assert rules["alerts"]["avance-bajo"]["limit"] == "70"
