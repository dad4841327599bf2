"""`demo-sign`: what a signing program does, with the certificates of the demo alone."""

from datetime import UTC, datetime
from pathlib import Path

import click

from service.cli.common import Stop, say, settings
from service.cli.spanish import Order
from service.settings import DEMO_ROOTS


@click.command("demo-sign", cls=Order)
@click.argument("file", type=click.Path(path_type=Path), metavar="ARCHIVO")
@click.option("--as", "usuario", required=True, help="Cuenta de la demostración que firma.", metavar="USUARIO")
def demo_sign(file: Path, usuario: str) -> None:
    """Firma un PDF con el certificado de demostración de una cuenta y lo escribe al lado; no vale fuera de la demostración."""
    from service.demo import authority, trust  # noqa: PLC0415 — takes long to load, and only a demo needs it

    try:
        holder = trust.read(settings().data / DEMO_ROOTS, usuario)
        signed = authority.sign(file.read_bytes(), holder, usuario.replace(".", "-"), datetime.now(UTC))
    except trust.Unknown as error:
        message = f"No hay un certificado de demostración de «{usuario}»: inicie la demostración una vez, con esta misma carpeta de datos."
        raise Stop(message) from error
    except authority.Unsigned as error:
        message = "Ese archivo no se puede firmar: descargue el PDF del compromiso, y fírmelo una sola vez con cada cuenta."
        raise Stop(message) from error
    made = file.with_name(f"{file.stem}-{usuario}.pdf")
    made.write_bytes(signed)
    say(f"Firmado por {usuario}: {made}. Súbalo en «Firma digital de fuera».")
