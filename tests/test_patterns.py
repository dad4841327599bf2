"""The page of patterns."""

from service.web.words import LIGHTS, STATES
from tests.conftest import TestDatabase
from tests.house import open_house


def test_every_light_and_state_is_shown(new_database: TestDatabase) -> None:
    """Who reviews pages sees each light and each state once, in words."""
    with open_house(new_database.service_url) as house:
        answer = house.browser("ugel.director").get("/patrones")
    assert answer.status_code == 200
    for word in [light.word for light in LIGHTS.values()] + [
        state.word for states in STATES.values() for state in states.values()
    ]:
        assert word in answer.text
