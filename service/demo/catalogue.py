"""The catalogue of the demo: the lines of its plans, a calendar for each year, one invented policy; later a line is reworded and the formula weighs."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from service import bootstrap
from service.aggregates.catalogue import PublishCatalogue
from service.aggregates.catalogue_content import Area, Content, Deadline, Line, Measure, Objective, Weights, ordered, with_item
from service.aggregates.signing_kinds import SetSigningKind
from service.demo.matrix import MATRIX

YEARS = (2025, 2026, 2027)
POLICY = Objective(
    code="PER-D1", instrument="PER Junín al 2032", text="Política de demostración: la DRE debe cargar las que aprobó su PER"
)
FIRST = "Líneas de acción y calendario de demostración, R.D. de demostración N.º 0002-2025"
SECOND = "Precisa la línea de atención al usuario y da doble peso a las misionales, R.D. de demostración N.º 0410-2026"


DIGITAL = SetSigningKind(
    base=0,
    code="digital",
    name="Compromiso con firma digital",
    roles=("jefe-area", "director-ugel"),
    reason="Lo que la unidad firma con certificado, fuera de Quipu, R.D. de demostración N.º 0655-2026",
)


def calendar(year: int) -> Iterator[Deadline]:
    """Invented deadlines: a fortnight after each quarter to report, a month to validate, six weeks to close."""
    yield Deadline(year=year, step="plan-submission", day=date(year - 1, 12, 15))
    yield Deadline(year=year, step="plan-approval", day=date(year, 1, 31))
    for quarter in (1, 2, 3, 4):
        ended = date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)
        yield Deadline(year=year, step="quarter-report", quarter=quarter, day=ended + timedelta(days=15))
        yield Deadline(year=year, step="quarter-validation", quarter=quarter, day=ended + timedelta(days=30))
        yield Deadline(year=year, step="quarter-closing", quarter=quarter, day=ended + timedelta(days=42))
    yield Deadline(year=year, step="balance", day=date(year + 1, 2, 28))


def first() -> Content:
    """What the DRE publishes on the first day, on top of what every installation has."""
    shipped = bootstrap.content()
    folded = {"Informe": ("Inf.", "Informes"), "Acta": ("Actas",)}
    return ordered(
        replace(
            shipped,
            objectives=(*shipped.objectives, POLICY),
            lines=tuple(Line(code=line.code, kind=line.kind, name=line.name) for line in MATRIX.lines),
            areas=(
                *shipped.areas,
                Area(code="DGP", name="Gestión pedagógica de la DRE"),
                Area(code="DGI", name="Gestión institucional de la DRE"),
            ),
            measures=tuple(Measure(name=each.name, aliases=folded.get(each.name, ())) for each in shipped.measures),
            deadlines=tuple(deadline for year in YEARS for deadline in calendar(year)),
        )
    )


def versions() -> tuple[PublishCatalogue, PublishCatalogue]:
    """The second and the third version."""
    started = first()
    line = next(each for each in started.lines if each.code == "M5")
    reworded = with_item(started, "lines", replace(line, name="Atención oportuna y de calidad al usuario"))
    return (
        PublishCatalogue(base=1, reason=FIRST, content=started),
        PublishCatalogue(base=2, reason=SECOND, content=replace(reworded, weights=Weights(missional=Decimal(2)))),
    )
