"""`python -m bench.papers`: how long a paper takes and how large it is; each is set five times, the median counts.

The commitment has six clauses, two figures, three signatories and its code; the balance ten pages with a table of 300 rows.
"""

import io
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pikepdf

from service import pades, papers
from service.demo import authority
from service.pades import rule
from service.pades.shapes import Asked
from service.papers import code
from service.settings import SIGNER_ID, Settings
from service.web.balance_paper import set_out
from service.web.paper import headed
from service.workbook.table import Table

AT = datetime(2026, 11, 28, 15, tzinfo=UTC)
SETTINGS = Settings(data=Path("/nonexistent"), address="https://quipu.ejemplo.pe", year_name="Año de la medición")
WORDS = "Se reprogramaron las visitas por zonas y se combinó el acompañamiento presencial con el virtual. "
ROUNDS = 5


def commitment() -> bytes:
    """The file of a commitment, exact as one that is to be signed."""
    names = ("Acción", "Cargo responsable", "Fecha límite", "Indicador", "Meta", "Medio de verificación")
    data = {
        **headed(SETTINGS, "Compromiso de gestión n.º 3", "UGEL Jauja · 2026", (4512, AT), demo=True, letters=code.of(b"3")),
        "facts": [["Unidad", "UGEL Jauja"], ["Hallazgo", WORDS], ["Causa raíz", WORDS]],
        "clauses": [[name, WORDS] for name in names],
        "figures": [{"label": f"{n} trimestre, calificación", "value": "62,50 %", "fact": "4 201"} for n in ("II", "III")],
        "signatories": ["Director(a) de UGEL Jauja", "Jefe(a) de área · AGP, UGEL Jauja", "Director(a) de la DRE Junín"],
        "signing": "Firma quien ejerza cada cargo el día de la firma.",
        "digest": "ab" * 32,
    }
    return papers.typeset("compromiso", data, AT, exact=True)


def balance() -> bytes:
    """A balance of ten pages: two of words, and 300 commitments in a table whose heads repeat."""
    rows = [(f"120005-2026-{n}", WORDS[:46], "Jefe(a) de área", date(2026, 12, 18), f"{n} de 300") for n in range(1, 301)]
    table = Table("Compromisos", ("Compromiso", "Acción", "Responsable", "Vence", "Meta"), rows)
    data = {
        **headed(SETTINGS, "Balance anual 2026", "UGEL Jauja · 2026", (4512, AT), demo=True),
        "facts": [["Unidad", "UGEL Jauja"], ["Estado", "Cerrado"]],
        "parts": [[name, "\n".join([WORDS * 6] * 4)] for name in ("Logros", "Dificultades", "Recomendaciones")],
        "tables": [set_out(table)],
        "signatories": ["Director(a) de la unidad", "Director(a) de la DRE"],
    }
    return papers.typeset("balance", data, AT)


def measured(make: Callable[[], bytes]) -> dict[str, Any]:
    """The median of the rounds after a first one, in milliseconds; pages, kilobytes, and whether all rounds gave the same bytes."""
    first, spent, made = make(), list[float](), set[bytes]()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        made.add(make())
        spent.append(1000 * (time.perf_counter() - begun))
    with pikepdf.open(io.BytesIO(first)) as pdf:
        pages = len(pdf.pages)
    return {"ms": median(spent), "pages": pages, "kB": len(first) / 1000, "same": made == {first}}


def validated() -> tuple[float, float]:
    """The commitment with two signatures of a PKI made here, checked: in this process, and in one apart; ms of computing."""
    root, made = authority.root(), commitment()
    people = [authority.issue(root, f"PERSONA {n}", f"PNOPE-{n:08}") for n in (1, 2)]
    one = authority.sign(made, people[0], "Firma1", AT)
    two = authority.sign(one, people[1], "Firma2", AT)
    trusted = pades.Trust((root.der,), (), (authority.revocations(root),))
    asked = Asked(one, two, pades.Expected("00000002", SIGNER_ID), trusted, AT)
    spent: dict[Callable[..., pades.Verdict], list[float]] = {rule.apply: [], pades.check: []}
    for way, times in spent.items():
        given = (asked,) if way is rule.apply else (asked.previous, asked.upload, asked.expected, asked.trust, asked.at)
        for _ in range(ROUNDS):
            begun = _computed()
            assert way(*given).verdict == "VÁLIDO"
            times.append(1000 * (_computed() - begun))
    return median(spent[rule.apply]), median(spent[pades.check])


def _computed() -> float:
    """Seconds of computing of this process and those it started: what others do on the machine does not count."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def main() -> None:
    """Print one Markdown table, and how long a file with two signatures takes to check."""
    write = sys.stdout.write
    write("| paper | pages | ms | kB | same bytes |\n|---|---:|---:|---:|---|\n")
    for name, make in (("a commitment to be signed", commitment), ("a balance with a table of 300 rows", balance)):
        it = measured(make)
        write(f"| {name} | {it['pages']} | {it['ms']:.0f} | {it['kB']:.0f} | {'yes' if it['same'] else 'NO'} |\n")
    within, apart = validated()
    write(
        f"\nA commitment with two digital signatures from outside is checked in {within:.0f} ms of computing, {apart:.0f} with its process.\n"
    )


if __name__ == "__main__":
    main()
