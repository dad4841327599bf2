"""Django without a project: what both Django peers share."""

from typing import Any

import django
from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from psycopg.conninfo import conninfo_to_dict

from bench.peers import PEOPLE


class Bench(AppConfig):
    """The application whose models the two peers declare."""

    name = "bench.peers"
    label = "bench"

    def import_models(self) -> None:
        """Say that models exist, so that `migrate` makes their tables: each peer declares them in its own file."""
        super().import_models()
        self.models_module = self.module


def start(url: str, *apps: str, **options: Any) -> None:
    """Configure Django for one database; options are further settings."""
    where = conninfo_to_dict(url)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": where["dbname"],
        "USER": where["user"],
        "HOST": where["host"],
        "PORT": where["port"],
        "CONN_MAX_AGE": None,
    }
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            *apps,
            "bench.peers.django_setup.Bench",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        **options,
    )
    django.setup()


def create_tables() -> None:
    """Create all tables and the persons who make changes."""
    from django.contrib.auth.models import User  # noqa: PLC0415 — models load only after configuration

    call_command("migrate", "auth", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.bulk_create(User(username=name) for name in PEOPLE)


def people() -> dict[str, Any]:
    """Give the persons by name, as a session would have them at hand."""
    from django.contrib.auth.models import User  # noqa: PLC0415 — models load only after configuration

    return {user.username: user for user in User.objects.all()}
