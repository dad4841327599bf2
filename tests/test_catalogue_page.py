"""The catalogue's pages: read as of any version, prepared as a draft nobody else sees, published by the DRE's director."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from msgspec.structs import replace

from service import bootstrap, exchange
from service.aggregates import catalogue_content as cc
from service.aggregates.catalogue import PublishCatalogue
from service.ledger import STANDING
from service.workbook import check
from service.workbook.columns import HEADERS
from tests.conftest import TestDatabase
from tests.house import House, open_house

DRAFT = "/catalogo/borrador"
LINE = cc.Line(code="M1", kind="misional", name="Monitoreo pedagógico")
POLICY = cc.Objective(code="PER-1", instrument="PER Junín al 2032", text="Política de prueba")


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """A house with the catalogue that ships with the product as its first version."""
    with open_house(house_database.service_url) as opened:
        bootstrap.run(opened.ledger)
        yield opened


def publish(house: House, content: cc.Content, reason: str = "Directiva") -> int:
    """Publish a content; the position of its version."""
    base = house.ledger.standing().catalogue.version
    return house.do("dre.director", STANDING, PublishCatalogue(base=base, reason=reason, content=content)).last


def current(house: House) -> cc.Content:
    """The catalogue in force."""
    return house.ledger.standing().catalogue.content


def hidden(text: str, name: str) -> str:
    """A hidden input of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, f"no {name}"
    return found[1]


def test_everybody_reads_the_catalogue_and_sees_what_the_dre_must_load(house: House) -> None:
    """Instruments with norm and levels, the verified objectives, empty slots marked as such; each part has its tab."""
    text = house.browser("ugel.especialista").get("/catalogo").text
    for words in ("DS 009-2020-MINEDU", "Orientación estratégica", "Bienestar socioemocional", "PER Junín al 2032"):
        assert words in text
    assert text.count("Por cargar por la DRE") >= 5
    assert "Editar catálogo" not in text
    assert "Por cargar por la DRE" in house.browser("auditor").get("/catalogo?ver=lineas").text
    assert "Gestión pedagógica" in house.browser("auditor").get("/catalogo?ver=areas").text
    assert "escala de ejemplo, ajústela" in house.browser("auditor").get("/catalogo?ver=escala").text
    assert "70 %" in house.browser("auditor").get("/catalogo?ver=alertas").text.replace("\u00a0", " ")
    assert house.browser("auditor").get("/catalogo?ver=nada").status_code == 422


def test_a_draft_is_seen_by_who_prepares_it_and_published_by_the_director(house: House) -> None:
    """A specialist writes, nobody of a UGEL sees it, the director reads the change in words and publishes it with a reason."""
    specialist, director = house.browser("dre.especialista"), house.browser("dre.director")
    typed = {"code": "M1", "kind": "misional", "name": "Monitoreo  pedagógico "}
    assert specialist.post(f"{DRAFT}/lineas", typed).status_code == 303
    assert "Monitoreo" not in house.browser("ugel.director").get("/catalogo?ver=lineas").text
    assert "Publicar versión" not in specialist.get(DRAFT).text
    shown = director.get(f"{DRAFT}?ver=lineas").text
    assert "Monitoreo pedagógico (misional)" in shown
    assert "Carmen Rojas" in shown
    sealed = {"seen": hidden(shown, "seen"), "base": hidden(shown, "base")}
    assert specialist.post("/catalogo/publicacion", sealed | {"reason": "R.D. 5"}).status_code == 403
    answer = director.post("/catalogo/publicacion", sealed)
    assert answer.status_code == 422
    command = sealed | {"reason": "R.D. 5", "command_id": "uno"}
    answer = director.post("/catalogo/publicacion", command)
    assert (answer.status_code, answer.headers["location"]) == (303, "/catalogo/versiones/2")
    assert director.post("/catalogo/publicacion", command).headers["location"] == "/catalogo/versiones/2", "sent twice"
    text = house.browser("ugel.director").get("/catalogo/versiones/2").text
    assert "R.D. 5" in text
    assert "Monitoreo pedagógico (misional)" in text
    assert "Todavía nada" in director.get(DRAFT).text
    assert LINE in current(house).lines


def test_what_changed_since_it_was_read_is_not_published_unseen(house: House) -> None:
    """The director publishes what was on the screen; another change meanwhile is shown first."""
    director = house.browser("dre.director")
    director.post(f"{DRAFT}/areas", {"code": "DGP", "name": "Dirección pedagógica"})
    shown = director.get(DRAFT).text
    house.browser("dre.jefe").post(f"{DRAFT}/areas", {"code": "DGI", "name": "Dirección institucional"})
    sealed = {"seen": hidden(shown, "seen"), "base": hidden(shown, "base"), "reason": "R.D. 6"}
    answer = director.post("/catalogo/publicacion", sealed)
    assert answer.status_code == 409
    assert "cambió mientras usted lo revisaba" in answer.text
    assert "Dirección institucional" in answer.text
    assert house.ledger.standing().catalogue.version == 1


def test_a_draft_stands_on_what_others_publish_meanwhile(house: House) -> None:
    """Its changes go on top of the new version, and what was published stays."""
    house.browser("dre.director").post(f"{DRAFT}/areas", {"code": "DGP", "name": "Dirección pedagógica"})
    publish(house, replace(current(house), lines=(LINE,)))
    shown = house.browser("dre.director").get(f"{DRAFT}?ver=lineas").text
    assert "Monitoreo pedagógico" in shown
    assert "Publicar versión 3" in shown
    assert "M1:" not in shown, "the line is no change of this draft"


def test_an_item_is_reworded_renamed_retired_and_kept(house: House) -> None:
    """Each with its mark; a new code takes the place of the old one; what is retired by mistake is kept again."""
    director = house.browser("dre.director")
    publish(house, replace(current(house), lines=(LINE,)))
    form = director.get(f"{DRAFT}?ver=lineas&de=lineas&editar=M1").text
    assert 'value="Monitoreo pedagógico"' in form
    director.post(f"{DRAFT}/lineas", {"key": "M1", "code": "M9", "kind": "misional", "name": "Monitoreo"})
    shown = director.get(f"{DRAFT}?ver=lineas").text
    assert "Se retiran con esta versión" in shown
    assert "nuevo" in shown
    assert director.post(f"{DRAFT}/lineas/conservacion", {"key": "M1"}).status_code == 303
    assert director.post(f"{DRAFT}/lineas/retiro", {"key": "M9"}).status_code == 303
    assert "Todavía nada" in director.get(DRAFT).text
    assert director.post(f"{DRAFT}/lineas/conservacion", {"key": "M7"}).status_code == 404
    assert director.post(f"{DRAFT}/nada/retiro", {"key": "M9"}).status_code == 404
    director.post(f"{DRAFT}/areas/retiro", {"key": "OCI"})
    assert director.post("/catalogo/descarte").headers["location"] == "/catalogo"
    assert "Todavía nada" in director.get(DRAFT).text


def test_a_wrong_item_comes_back_with_what_was_typed(house: House) -> None:
    """Beside each field its sentence; an item that is there already is changed in its own row; nothing enters the draft."""
    director = house.browser("dre.director")
    answer = director.post(f"{DRAFT}/lineas", {"code": "", "kind": "misional", "name": "Escrito"})
    assert answer.status_code == 422
    assert "Escriba un texto de 1 a 300 caracteres." in answer.text
    assert 'value="Escrito"' in answer.text
    answer = director.post(f"{DRAFT}/areas", {"code": "AGP", "name": "Otra"})
    assert "ya está en el catálogo" in answer.text
    answer = director.post(f"{DRAFT}/escala", {"fulfilled": "60", "in_progress": "70", "label": "x"})
    assert "debe pedir más" in answer.text
    assert director.post(f"{DRAFT}/calendario", {"year": "2026", "step": "quarter-report", "day": "x"}).status_code == 422
    assert director.post(f"{DRAFT}/nada", {}).status_code == 404
    assert "Todavía nada" in director.get(DRAFT).text


def test_a_draft_with_faults_says_what_to_correct_before_it_is_published(house: House) -> None:
    """An instrument retired under its objectives is a fault; an odd code only a warning."""
    director = house.browser("dre.director")
    director.post(f"{DRAFT}/objetivos", {"code": "OEI1", "instrument": "PEI, pliego 450", "text": "Mejorar", "level": "1"})
    shown = director.get(DRAFT).text
    assert "El código «OEI1» no tiene la forma OEI.01." in shown
    assert "Publicar versión 2" in shown
    director.post(f"{DRAFT}/instrumentos/retiro", {"key": "PEN al 2036"})
    shown = director.get(DRAFT).text
    assert "PEN-1: el instrumento «PEN al 2036» no está en el catálogo." in shown
    assert "Publicar versión 2" not in shown
    sealed = {"seen": hidden(director.get(DRAFT).text, "seen") if "seen" in shown else "", "reason": "x"}
    assert director.post("/catalogo/publicacion", sealed).status_code == 409


def test_settings_go_with_the_version(house: House) -> None:
    """Scale, formula and alert rules are changed in the draft and in force with its publication."""
    director = house.browser("dre.director")
    director.post(f"{DRAFT}/escala", {"fulfilled": "85", "in_progress": "60,5", "label": "R.D. 7"})
    director.post(f"{DRAFT}/formula", {"strategic": "1", "missional": "3", "support": "1"})
    director.post(f"{DRAFT}/alertas/avance-bajo", {"on": "1", "limit": "55", "answer": "15"})
    shown = director.get(DRAFT).text.replace("\u00a0", " ")
    assert "60,5 %" in shown
    sealed = {"seen": hidden(shown, "seen"), "base": hidden(shown, "base"), "reason": "R.D. 7"}
    assert director.post("/catalogo/publicacion", sealed).status_code == 303
    rules = house.ledger.standing().rules
    low = rules.alerts.of("avance-bajo")
    assert low
    assert (rules.scale.in_progress, rules.formula.missional, low.limit) == (Decimal("60.5"), Decimal(3), Decimal(55))
    text = house.browser("ugel.jefe").get("/catalogo?ver=escala").text
    assert "R.D. 7" in text
    assert "peso 3" in text


def test_old_versions_keep_their_words(house: House) -> None:
    """The catalogue of a past version and day reads as it did, and two versions compare in words, either way round."""
    first = publish(house, replace(current(house), objectives=(*current(house).objectives, POLICY), lines=(LINE,)))
    reworded = replace(POLICY, text="Política nueva")
    others = tuple(each for each in current(house).objectives if each.code != POLICY.code)
    publish(house, replace(current(house), objectives=(*others, reworded), lines=()))
    auditor = house.browser("auditor")
    assert "Política de prueba" in auditor.get(f"/catalogo?hasta={first}").text
    assert "Política de prueba" not in auditor.get("/catalogo").text
    assert "Política nueva" in auditor.get("/catalogo").text
    text = auditor.get("/catalogo/versiones/3").text
    assert "De la versión 2 a la versión 3" in text
    assert "PER-1, texto:" in text
    assert "se retira" in text
    assert "De la versión 1 a la versión 3" in auditor.get("/catalogo/versiones/3?con=1").text
    assert "De la versión 1 a la versión 3" in auditor.get("/catalogo/versiones/1?con=3").text
    assert "Lo que trajo la versión 1" in auditor.get("/catalogo/versiones/1").text
    assert auditor.get("/catalogo/versiones/9").status_code == 404
    assert auditor.get(f"/catalogo/versiones/3?hasta={first}").status_code == 404


def test_the_exported_catalogue_imports_as_no_change(house: House) -> None:
    """As a workbook, and each part as CSV; the dry run says 0 cambios."""
    full = replace(
        current(house),
        lines=(LINE, cc.Line(code="S1", kind="soporte", name="=1+1")),
        measures=(*current(house).measures, cc.Measure(name="Visita", aliases=("Vis.", "Visitas"))),
        deadlines=(cc.Deadline(year=2026, step="quarter-report", quarter=2, day=date(2026, 7, 15)),),
    )
    publish(house, full)
    director = house.browser("dre.director")
    files = {"catalogo.xlsx": director.get("/catalogo/exportar.xlsx").content}
    for tab in ("objetivos", "lineas", "medidas", "calendario", "escala"):
        files[f"{tab}.csv"] = director.get(f"/catalogo/exportar.csv?ver={tab}").content
    for name, content in files.items():
        answer = director.post("/catalogo/importar", files={"archivo": (name, content)})
        assert answer.status_code == 200, name
        assert "0 cambios" in answer.text, name
    assert director.get("/catalogo/exportar.pdf").status_code == 404


def test_a_file_is_checked_and_then_goes_into_the_draft(house: House) -> None:
    """Errors name sheet, cell and column and nothing is kept; a sound file is put into the draft when it is confirmed."""
    director = house.browser("dre.director")
    wrong = "Código;Tipo;Línea de acción\nM1;misional;Monitoreo\nM2;raro;\n".encode("cp1252")
    answer = director.post("/catalogo/importar", files={"archivo": ("lineas.csv", wrong)})
    assert answer.status_code == 422
    assert "Escriba una de estas palabras: Estratégico, Misional, Soporte." in answer.text
    assert "B3" in answer.text
    assert director.post("/catalogo/importar/confirmacion").headers["location"] == "/catalogo/importar"
    sound = "Código;Tipo;Línea de acción;Estado\nM1;M;Monitoreo;\nOCI;;;\n".replace("OCI;;;\n", "").encode()
    answer = director.post("/catalogo/importar", files={"archivo": ("lineas.csv", sound)})
    assert answer.status_code == 200
    assert "Monitoreo (misional)" in answer.text
    assert director.post("/catalogo/importar/confirmacion").headers["location"] == DRAFT
    assert "Monitoreo (misional)" in director.get(DRAFT).text
    gone = "Código,Área,Estado\nOCI,Control institucional,Retirado\n".encode()
    director.post("/catalogo/importar", files={"archivo": ("areas.csv", gone)})
    director.post("/catalogo/importar/confirmacion")
    assert "Se retiran con esta versión" in director.get(f"{DRAFT}?ver=areas").text
    for name, content in (("x.csv", b"a,b\n1,2\n"), ("x.xlsx", b"no"), ("", b"")):
        assert director.post("/catalogo/importar", files={"archivo": (name, content)}).status_code in {413, 422}
    assert house.browser("ugel.director").get("/catalogo/importar").status_code == 403
    assert house.browser("ugel.director").get(DRAFT).status_code == 403


def test_an_import_writes_units_of_measure_as_the_catalogue_does(house: House) -> None:
    """Another spelling becomes the catalogue's word, and the page says so; rows of our own export keep what they say."""
    known = (cc.Measure(name="Informe", aliases=("Inf.", "Informes técnicos")), cc.Measure(name="Acta"))
    row = {"kind": "M", "line": "M1", "line_name": "Monitoreo", "activity_code": "A1", "activity": "Visitar", "area": "AGP"}
    written = [row | {"task": f"Tarea {unit}", "unit": unit, "ENE": "1"} for unit in ("inf.", "ACTA", "Acta", "Visita")]
    text = "\n".join(",".join(each.get(field, "") for field in HEADERS) for each in (HEADERS, *written))
    dry = check(text.encode(), "p.csv")
    assert [each.unit for each in dry.tasks] == ["inf.", "ACTA", "ACTA", "Visita"], "the premise"
    folded = exchange.fold(dry, known)
    assert [each.unit for each in folded.tasks] == ["Informe", "Acta", "Acta", "Visita"]
    assert {(each.kept, each.variants) for each in folded.folded} == {("Informe", ("inf.",)), ("Acta", ("ACTA", "Acta"))}
    ours = replace(dry, tasks=tuple(replace(each, key="120005-2027-1") for each in dry.tasks))
    assert exchange.fold(ours, known) == ours
    publish(house, replace(current(house), measures=known))
    answer = house.browser("ugel.especialista").post("/ugel/120005/2027/importar", files={"archivo": ("p.csv", text.encode())})
    assert "«inf.»" in answer.text


def test_plans_are_offered_the_catalogues_words_and_may_write_others(house: House) -> None:
    """Lines to choose, areas and units of measure to pick; free text enters with a warning."""
    publish(house, replace(current(house), lines=(LINE,)))
    browser, plan = house.browser("ugel.especialista"), "/ugel/120005/2027"
    browser.post(f"{plan}/apertura")
    text = browser.get(plan).text
    assert "M1 · Monitoreo pedagógico (misional)" in text
    assert '<option value="AGP">Gestión pedagógica</option>' in text
    assert browser.post(f"{plan}/lineas", {"catalogo": "M1"}).status_code == 303
    assert "Agregar línea del catálogo" not in browser.get(plan).text, "it is in the plan now"

    def told(path: str, fields: dict[str, str]) -> str:
        return unquote(browser.post(path, fields).headers["set-cookie"])

    assert "La línea «X9» no está en el catálogo" in told(f"{plan}/lineas", {"code": "X9", "kind": "soporte", "name": "Otra"})
    activity = {"line": "M1", "name": "Visitar"}
    assert "no está en el catálogo" not in told(f"{plan}/actividades", activity | {"area": "agp"})
    assert "El área «Biblioteca» no está en el catálogo" in told(f"{plan}/actividades", activity | {"area": "Biblioteca"})
    address = f"{plan}/actividades/1"
    assert '<datalist id="unidades">' in browser.get(address).text
    assert "no está en el catálogo" not in told(f"{address}/tareas", {"name": "Ir", "unit": "informe"})
    assert "La unidad de medida «Vuelta» no está en el catálogo" in told(f"{address}/tareas", {"name": "Ir", "unit": "Vuelta"})
    cells = re.findall(r'<td data-f="(?:unit|area)"[^>]*>', browser.get(f"{plan}/plan").text)
    assert [("«Vuelta» no está" in each, "«Biblioteca» no está" in each) for each in cells if "data-doubt" in each] == [
        (True, False),
        (False, True),
    ]
    assert "«Vuelta» no está en el catálogo" in browser.get(f"{plan}/plan/tareas/2").text
    odd = {"campo": "code", "antes": "", "code": "AEI.1"}
    assert (
        "«AEI.1» no tiene la forma AEI.01.01"
        in browser.post(f"{plan}/plan/actividades/1", odd, headers={"hx-request": "true"}).text
    )


def test_the_front_page_tells_the_next_deadline(house: House) -> None:
    """The nearest one that is not past, with a way to the calendar; none where the calendar is empty."""
    browser = house.browser("ugel.director")
    assert "Próximo plazo" not in browser.get("/").text
    days = {"plan-approval": date(2000, 1, 31), "balance": date(2101, 1, 31), "plan-submission": date(2099, 12, 15)}
    years = {"plan-approval": 2000, "balance": 2100, "plan-submission": 2100}
    dues = tuple(cc.Deadline(year=years[name], step=name, day=day) for name, day in days.items())  # type: ignore[arg-type]  # its own names
    publish(house, replace(current(house), deadlines=dues))
    text = browser.get("/").text
    assert "Envío del plan 2100" in text
    assert "15\u00a0dic\u00a02099" in text
