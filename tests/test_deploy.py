"""What stands in deploy/ can be read by the tools it is for."""

import configparser
import re
import subprocess
from pathlib import Path

import yaml  # type: ignore[import-untyped]

from service.settings import Settings, load

DEPLOY = Path(__file__).parents[1] / "deploy"


def unknown(names: list[str]) -> list[str]:
    """The variables that the product does not read."""
    known = {f"QUIPU_{field.upper()}" for field in Settings.__struct_fields__}
    assert names, "there must be a variable for this test to mean anything"
    return [name for name in names if name.removesuffix("_FILE") not in known]


def test_the_unit_starts_quipu_with_settings_that_exist() -> None:
    """Systemd reads the unit: sections in order, the command of the product, only settings that the product knows."""
    text = (DEPLOY / "quipu.service").read_text(encoding="utf-8")
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read_string(text)
    assert parser.sections() == ["Unit", "Service", "Install"]
    assert parser["Service"]["ExecStart"].endswith("/quipu serve")
    names = re.findall(r"\b(QUIPU_[A-Z_]+)\b", text)
    assert unknown(names) == []


def test_compose_gives_each_container_only_its_own_secrets() -> None:
    """The service never sees the owner's address, every secret named is declared, and the database is PostgreSQL 18."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert services["database"]["image"] == "postgres:18"
    assert {secret for each in services.values() for secret in each.get("secrets", ())} == set(compose["secrets"])
    assert "owner" not in services["quipu"]["secrets"]
    assert "QUIPU_OWNER_URL_FILE" in services["migrate"]["environment"]
    names = [name for each in ("migrate", "quipu") for name in services[each]["environment"]]
    assert unknown(names) == []
    volumes = {volume.partition(":")[0] for each in services.values() for volume in each.get("volumes", ())}
    for volume in volumes:
        assert volume in compose["volumes"] or (DEPLOY / volume).is_file(), volume
    assert (DEPLOY.parent / services["quipu"]["build"]["dockerfile"]).is_file()
    place = services["quipu"]["environment"]["QUIPU_DOCUMENTS"]
    assert any(volume.endswith(f":{place}") for volume in services["quipu"]["volumes"]), "evidence outlives its container"
    assert f"install --directory --owner quipu {place}" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_the_proxy_stands_before_the_port_of_the_service() -> None:
    """Caddy's braces close, and it leads to where the service listens."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    bare = re.sub(r"#.*", "", text)
    assert bare.count("{") == bare.count("}")
    settings = load({})
    assert f"reverse_proxy {settings.host}:{settings.port}" in bare


def test_the_script_of_the_roles_is_a_shell_script() -> None:
    """The shell parses it, and it makes both roles."""
    script = DEPLOY / "roles.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    assert {"quipu_owner", "quipu_service"} <= set(re.findall(r"create role (\w+)", script.read_text(encoding="utf-8")))
