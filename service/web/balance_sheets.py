"""The balance as tables of a workbook: the region's, and one unit's."""

from collections.abc import Sequence
from typing import Any

from service.projections.balance_page import Tally
from service.web.board import against
from service.web.words import LIGHTS, STATES, cargo
from service.workbook.table import Cell, Table

QUARTERS = ("I trimestre %", "II trimestre %", "III trimestre %", "IV trimestre %")
ORIGINAL = tuple(f"{name.removesuffix(' %')}, meta original %" for name in QUARTERS)
COMMITMENTS = ("Cumplidos", "Incumplidos", "Vencidos", "Pendientes")


def _both(figures: Sequence[Any]) -> tuple[Cell, ...]:
    """The percentages of the targets in force, then those of the original ones."""
    return (*(figure.percent for figure in figures), *(against(figure) for figure in figures))


def _counts(tally: Tally) -> tuple[int, ...]:
    return tally.kept, tally.broken, tally.overdue, tally.pending


def of_region(region: Any, cut: str) -> list[Table]:
    """One table: a row for each unit, the region's last."""
    shown = ("Código", "Unidad", *QUARTERS, "Promedio oficial %", "Semáforo", *COMMITMENTS, "Alertas sin cerrar", "Balance")
    heads = (*shown, *ORIGINAL, "Promedio de la meta original %")
    rows: list[Sequence[Cell]] = [
        (
            row.line.unit.code,
            row.line.unit.name,
            *(cell.percent for cell in row.line.cells),
            row.mean,
            LIGHTS[row.light].word,
            *_counts(row.commitments),
            row.line.alerts,
            STATES["balance"][row.balance.status].word,
            *(against(cell) for cell in row.line.cells),
            row.mean if row.original is None else row.original,
        )
        for row in region.rows
    ]
    total = (total.percent for total in region.totals)
    closed = f"{region.closed} de {len(region.ugels)} cerrados"
    counts = (*_counts(region.commitments), region.alerts, closed)
    original = (against(total) for total in region.totals)
    rows.append(("", f"Región ({len(region.ugels)} UGEL)", *total, None, "", *counts, *original, None))
    return [Table(f"Balance {region.year}", heads, rows, (cut,))]


def of_unit(paper: Any, cut: str) -> list[Table]:
    """Five tables: the words, the figures, the findings, the commitments, what stays open."""
    status = f"Estado: {STATES['balance'][paper.balance.status].word}"
    notes = (f"{paper.place.name} · {paper.place.year}", cut, status)
    words = (
        ("Logros", paper.balance.achievements),
        ("Dificultades", paper.balance.difficulties),
        ("Recomendaciones", paper.balance.recommendations),
    )
    quarters = [
        ("", "Toda la unidad", *_both(paper.summary.cells)),
        *((line.code, line.name, *_both(line.quarters)) for line in paper.summary.lines),
    ]
    findings = [(f.finding, f.kind, f.quarter, f.activity_name, f.text, f.cause, f.commitments) for f in paper.findings]
    commitments = [
        (
            each.id,
            each.action,
            cargo(each.responsible),
            each.due,
            each.indicator,
            each.target,
            STATES["commitment"][each.state(paper.day)].word,
            {True: "Sí", False: "No"}[each.fulfilled] if each.status == "verified" else "",
        )
        for each in paper.commitments
    ]
    items = [(each.kind, each.number, each.text, each.due, each.decision, each.reason) for each in paper.items]
    return [
        Table("Balance", ("Apartado", "Texto"), words, notes),
        Table("Avance por línea", ("Código", "Línea de acción", *QUARTERS, *ORIGINAL), quarters, notes),
        Table(
            "Hallazgos",
            ("N.º", "Tipo", "Trimestre", "Actividad", "Hallazgo", "Causa", "Compromisos"),
            findings,
            notes,
        ),
        Table(
            "Compromisos",
            ("Compromiso", "Acción", "Responsable", "Vence", "Indicador", "Meta", "Estado", "Cumplido"),
            commitments,
            notes,
        ),
        Table(
            f"Para decidir en {paper.place.year + 1}",
            ("Tipo", "N.º", "Asunto", "Vence", "Decisión", "Motivo"),
            items,
            notes,
        ),
    ]
