"""Scenes of evidence: small files made on the spot, attached before a quarter is sent, reviewed and answered after."""

from datetime import date, timedelta
from random import Random

from service.aggregates import evidence as e
from service.demo.desk import Desk
from service.demo.stage import Scene

DAY = timedelta(days=1)
EACH = 3
UNSIGNED = "El acta no lleva la firma de quien visitó (demostración)."


def attach(desk: Desk, number: int, day: date) -> Scene:
    """Attach a file to three of the tasks with most done; told apart, so that the rest of the year stays as it was."""
    chance, desk.chance = desk.chance, Random(f"{desk.unit}/{number}")  # noqa: S311 — a demo's chance
    done = desk.year.quarters.at(number).done
    for place, task in enumerate(sorted(done, key=lambda n: (-done[n].executed, n))[:EACH]):
        name, paper = desk.year.plan.tasks[task].name, done[task].evidence or f"Acta {place + 1} (demostración)"
        content = pdf(f"{paper}. {name}. Documento de demostracion, {desk.year.year}, trimestre {number}.")
        file = {"digest": desk.keep(content), "media": "application/pdf", "size": len(content)}
        reference = f"SGD {desk.unit}-{desk.year.year}-{number}{place} (demostración)" if place else ""
        evidence = e.AttachEvidence(quarter=number, task=task, title=paper, reference=reference, **file)  # type: ignore[arg-type]  # as its fields say
        yield from desk.act(day, desk.crew.specialist.id, evidence)
    desk.chance = chance


def review(desk: Desk, number: int, day: date) -> Scene:
    """The first file is approved, the second lacks its signature and is replaced, the third waits."""
    mine = [n for n, proof in desk.year.quarters.proofs.items() if proof.quarter == number]
    chance, desk.chance = desk.chance, Random(f"{desk.unit}/{number}/")  # noqa: S311 — a demo's chance
    overseer = desk.crew.overseer.id
    for evidence in mine[:1]:
        yield from desk.act(day, overseer, e.ReviewEvidence(evidence=evidence, verdict="approved"))
    for evidence in mine[1:2]:
        task = desk.year.quarters.proofs[evidence].task
        yield from desk.act(day, overseer, e.ReviewEvidence(evidence=evidence, verdict="correction", reason=UNSIGNED))
        content = pdf(f"Acta firmada de la tarea {task}. Documento de demostracion, {desk.year.year}, trimestre {number}.")
        file = {"digest": desk.keep(content), "media": "application/pdf", "size": len(content)}
        title = "Acta firmada (demostración)"
        again = e.AttachEvidence(quarter=number, task=task, title=title, replaces=evidence, **file)  # type: ignore[arg-type]  # the same
        yield from desk.act(day + DAY, desk.crew.specialist.id, again)
    desk.chance = chance


def pdf(text: str) -> bytes:
    """One page with a line of text; the same text gives the same bytes."""
    escaped = text.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"\\(").replace(b")", b"\\)")
    drawn = b"BT /F1 11 Tf 40 780 Td (" + escaped + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    made, places = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%sendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, size = len(made), len(objects) + 1
    return made + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        start,
    )
