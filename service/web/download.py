"""Tables as an XLSX file to download; what they were read at stands inside."""

from collections.abc import Sequence
from datetime import datetime

from litestar import Response

from service.web.words import fecha
from service.workbook.table import Table, table_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, tables: Sequence[Table], filename: str) -> Response[bytes]:
    """The tables as a file of this name, a sheet for each."""
    headers = {"content-disposition": f'attachment; filename="{filename}"'}
    return Response(table_book(title, tables), media_type=XLSX, headers=headers)


def cutoff(position: int, at: datetime | None) -> str:
    """The sentence every file carries: up to which fact it reads."""
    return f"Corte: hecho n.º {position}" + (f", registrado el {fecha(at)}".replace("\u00a0", " ") if at else "")
