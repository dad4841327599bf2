"""Settings: the environment, read once into one frozen Struct; a secret may come from a file (`NAME_FILE`)."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

HIGHEST_PORT = 65_535
LARGEST_LOGO = 200_000
DEMO_ROOTS = "autoridad-demostracion"
SIGNER_ID = r"^serial_number=(?:IDC|PNO)PE-(\d{8})$"
LIMA = ZoneInfo("America/Lima")


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says what to do, in Spanish."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the service takes from outside. Empty addresses mean: use the embedded database in `data`."""

    data: Path
    database_url: str = ""
    owner_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    secret: str = ""
    insecure_http: bool = False
    entity: str = "DRE Junín"
    year_name: str = ""
    logo: Path | None = None
    address: str = ""
    documents: str = ""
    trust_roots: Path | None = None
    signer_id: str = SIGNER_ID
    fetch_revocation: bool = False
    demo: bool = False

    @property
    def embedded(self) -> bool:
        return not self.database_url

    @property
    def local(self) -> str:
        """Where it answers on this machine: by name, since passkeys are registered at a name and not at a number."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 — named, not bound
        return f"http://{'localhost' if host == '127.0.0.1' else f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def site(self) -> str:
        """The address that stands on papers, without a slash at its end."""
        return self.address or self.local


VARIABLES = {
    "QUIPU_DATA": "Carpeta de datos de la base incluida.",
    "QUIPU_DATABASE_URL": "PostgreSQL propio, con el usuario del servicio.",
    "QUIPU_OWNER_URL": "La misma base de datos, con el dueño del esquema.",
    "QUIPU_HOST": "Dirección en la que atiende.",
    "QUIPU_PORT": "Puerto en el que atiende.",
    "QUIPU_SECRET": "Al menos 32 caracteres, los mismos en cada proceso.",
    "QUIPU_INSECURE_HTTP": "1 permite atender sin cifrado fuera de esta máquina.",
    "QUIPU_ENTITY": "Nombre de la entidad en el encabezado.",
    "QUIPU_YEAR_NAME": "Nombre oficial del año, en los papeles.",
    "QUIPU_LOGO": "Archivo PNG o SVG con el logo de la entidad, en los papeles.",
    "QUIPU_ADDRESS": "Dirección pública del servicio, https://…, en el código QR de los papeles.",
    "QUIPU_DOCUMENTS": "Carpeta o s3://… de los medios de verificación; por defecto, en la carpeta de datos.",
    "QUIPU_TRUST_ROOTS": "Carpeta con los certificados de las autoridades en que se confía, y sus listas de revocación.",
    "QUIPU_SIGNER_ID": "Expresión con un grupo que halla el DNI en el certificado de quien firma; por defecto, la de ETSI.",
    "QUIPU_FETCH_REVOCATION": "1 permite preguntar por la red si un certificado fue revocado.",
    "QUIPU_DEMO": "1 marca cada página como datos de demostración.",
}
"""Every variable, with what it means to who runs the command; each one is also a flag, `--database-url` for the second."""


def flag(variable: str) -> str:
    """The flag of a variable."""
    return "--" + variable.removeprefix("QUIPU_").lower().replace("_", "-")


def _value(environment: Mapping[str, str], name: str) -> str:
    """The variable, or the content of the file that `NAME_FILE` points at."""
    file = environment.get(f"{name}_FILE")
    if not file:
        return environment.get(name, "").strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"No se puede leer el archivo que indica {name}_FILE ({file}): {error.strerror}."
        raise SettingsError(message) from error


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= HIGHEST_PORT:
        return int(text)
    message = f"QUIPU_PORT debe ser un número de puerto entre 1 y 65535; dice «{text}»."
    raise SettingsError(message)


def _logo(text: str) -> Path | None:
    """The picture of the entity, small enough for every paper."""
    if not text:
        return None
    file = Path(text).expanduser().absolute()
    if file.suffix.lower() in {".png", ".svg"} and file.is_file() and file.stat().st_size <= LARGEST_LOGO:
        return file
    message = f"QUIPU_LOGO debe ser un archivo PNG o SVG de 200 kB como máximo; dice «{text}»."
    raise SettingsError(message)


def _folder(text: str) -> Path | None:
    if not text:
        return None
    folder = Path(text).expanduser().absolute()
    if folder.is_dir():
        return folder
    message = f"QUIPU_TRUST_ROOTS debe ser una carpeta que existe; dice «{text}»."
    raise SettingsError(message)


def _pattern(text: str) -> str:
    """An expression with one group: what it finds is the DNI."""
    with suppress(re.error):
        if re.compile(text).groups == 1:
            return text
    message = f"QUIPU_SIGNER_ID debe ser una expresión regular con un grupo; dice «{text}»."
    raise SettingsError(message)


def _address(text: str) -> str:
    if not text or re.fullmatch(r"https?://[^\s/?#]+", text.rstrip("/")):
        return text.rstrip("/")
    message = f"QUIPU_ADDRESS debe ser como https://quipu.ejemplo.pe; dice «{text}»."
    raise SettingsError(message)


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value cannot be used; never starts half configured.

    """
    database_url = _value(environment, "QUIPU_DATABASE_URL")
    secret = _value(environment, "QUIPU_SECRET")
    if secret and len(secret) < 32:  # noqa: PLR2004 — 32 characters, said in the message
        message = "QUIPU_SECRET debe tener al menos 32 caracteres."
        raise SettingsError(message)
    default_data = Path.home() / ".local" / "share" / "quipu"
    return Settings(
        data=Path(_value(environment, "QUIPU_DATA") or default_data).expanduser().absolute(),
        database_url=database_url,
        owner_url=_value(environment, "QUIPU_OWNER_URL"),
        host=_value(environment, "QUIPU_HOST") or "127.0.0.1",
        port=_port(_value(environment, "QUIPU_PORT") or "8000"),
        secret=secret,
        insecure_http=_value(environment, "QUIPU_INSECURE_HTTP") == "1",
        entity=_value(environment, "QUIPU_ENTITY") or "DRE Junín",
        year_name=_value(environment, "QUIPU_YEAR_NAME"),
        logo=_logo(_value(environment, "QUIPU_LOGO")),
        address=_address(_value(environment, "QUIPU_ADDRESS")),
        documents=_value(environment, "QUIPU_DOCUMENTS"),
        trust_roots=_folder(_value(environment, "QUIPU_TRUST_ROOTS")),
        signer_id=_pattern(_value(environment, "QUIPU_SIGNER_ID") or SIGNER_ID),
        fetch_revocation=_value(environment, "QUIPU_FETCH_REVOCATION") == "1",
        demo=_value(environment, "QUIPU_DEMO") == "1",
    )
