"""The bar on top of every page."""

from datetime import UTC, datetime

from service.settings import LIMA
from service.web.session import Session

OWN = ("especialista-ugel", "jefe-area", "director-ugel", "especialista-dre", "jefe-dre", "director-dre")


def sections(session: Session, path: str) -> list[tuple[str, str, bool]]:
    """The sections of the bar that this reader has, and which one the page belongs to."""
    year = datetime.now(UTC).astimezone(LIMA).year
    own = f"/ugel/{session.unit}"
    items = [("/", "Inicio", path == "/"), ("/seguimiento", "Seguimiento", path.startswith("/seguimiento"))]
    if session.unit in session.dre.units and session.has(*OWN):
        items.append((f"{own}/{year}", "Mi unidad", path.startswith(own) and not {"sesiones", "alertas"} & set(path.split("/"))))
    items.append(("/apoyo", "Apoyo", path.startswith("/apoyo")))
    items.append(("/sesiones", "Sesiones", "/sesiones" in path))
    items.append(("/alertas", "Alertas", "/alertas" in path))
    items.append(("/compromisos", "Compromisos", path.startswith("/compromisos")))
    items.append((f"/balance/{year}", "Balance", path.startswith("/balance")))
    items.append(("/catalogo", "Catálogo", path.startswith("/catalogo")))
    if session.has("admin"):
        items.append(("/administrar", "Administrar", path.startswith("/administrar")))
    return items
