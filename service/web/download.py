"""A table as an XLSX file to download; what it was read at stands inside."""

from collections.abc import Sequence
from datetime import datetime

from litestar import Response

from service.web.words import fecha
from service.workbook.table import Cell, table_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], notes: Sequence[str], filename: str
) -> Response[bytes]:
    """The table as a file of this name."""
    headers = {"content-disposition": f'attachment; filename="{filename}"'}
    return Response(table_sheet(title, heads, rows, notes), media_type=XLSX, headers=headers)


def cutoff(position: int, at: datetime | None) -> str:
    """The sentence every file carries: up to which fact it reads."""
    return f"Corte: hecho n.º {position}" + (f", registrado el {fecha(at)}".replace("\u00a0", " ") if at else "")
