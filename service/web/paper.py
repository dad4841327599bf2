"""What every paper carries besides its own words: entity, logo, subject, the fact it tells up to, the code to verify it by."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.papers import code
from service.web.words import fecha, numero

if TYPE_CHECKING:
    from service.settings import Settings

PDF = "application/pdf"


@lru_cache(maxsize=2)
def _picture(file: Path) -> dict[str, Any]:
    return {"format": file.suffix.lower().removeprefix("."), "bytes": list(file.read_bytes())}


def headed(
    settings: "Settings", title: str, subject: str, cut: tuple[int, datetime], *, demo: bool, letters: str = "", draft: str = ""
) -> dict[str, Any]:
    """The frame of a paper; `cut` is the fact it tells up to, `letters` the code under which it is found again."""
    (position, at), check = cut, f"{settings.site}/verificar/{letters}"
    number = numero(position)
    return {
        "title": title,
        "subject": subject,
        "entity": settings.entity,
        "year_name": settings.year_name,
        "logo": _picture(settings.logo) if settings.logo else None,
        "demo": demo,
        "draft": draft,
        "source": f"Hecho n.º {number} · {fecha(at)}",
        "event": f"Borrador al hecho n.º {number}" if draft else f"Hecho n.º {number}",
        "cutoff": f"Registrado el {fecha(at)}. Quien lea este papel puede pedir ver ese hecho en el registro.",
        "code": letters,
        "check": check if letters else "",
        "qr": code.qr(check) if letters else "",
    }
