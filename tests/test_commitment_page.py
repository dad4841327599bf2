import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from service import people
from service.aggregates import balance, commitment_signing
from service.aggregates.commitment_life import DeclareCommitment, ReportCommitment
from service.aggregates.finding import RecordFinding
from service.aggregates.plan_versions import OpenYear
from service.aggregates.unit_year import open_items
from service.projections import LATEST
from service.projections.balance_page import open_now
from tests.conftest import TestDatabase
from tests.first_quarter import DIRECTOR, PLACE, PROPOSAL, STREAM, YEAR, live, today
from tests.house import JAUJA, House, open_house
from tests.lived import Cycle

PASSWORD = "una clave de prueba"
FINDING = f"{PLACE}/hallazgos/1"


@pytest.fixture
def house(house_database: TestDatabase) -> Iterator[House]:
    """The running service; two directors have a password to sign with."""
    with open_house(house_database.service_url) as opened:
        with opened.app.state.database.connection() as connection:
            for usuario in ("ugel.director", "ugel.jefe", "dre.director"):
                people.set_password(connection, opened.ids[usuario], PASSWORD)
        yield opened


def steps(house: House, usuario: str, href: str) -> set[str]:
    """The addresses to which a person's page of the commitment can send a form."""
    return set(re.findall(rf'action="{href}/([^"]+)"', house.browser(usuario).get(href).text))


def test_a_commitment_is_proposed_from_a_finding(house: House) -> None:
    """The form offers the charges held now, never an auditor; the paper shows finding, cause and terms."""
    live(house, "found")
    head = house.browser("ugel.jefe")
    form = head.get(f"{FINDING}/compromisos/nuevo").text
    assert f'value="{DIRECTOR}"' in form
    assert "auditor/" not in form
    assert "120007" not in form.partition("<main")[2]
    made = head.post(f"{FINDING}/compromisos", PROPOSAL)
    assert made.headers["location"] == f"/compromisos/{JAUJA}-{YEAR}-1"
    paper = head.get(made.headers["location"]).text
    for words in (
        "Faltan visitas.",
        "Sin movilidad.",
        "Contratar la movilidad",
        "Actas de visita",
        "Elena Ñahui",
        "Falta firmar",
    ):
        assert words in paper


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"signatories": [DIRECTOR, "auditor/120000"]}, "signatories"),
        ({"signatories": ["director-ugel/120007"]}, "signatories"),
        ({"signatories": ""}, "signatories"),
        ({"responsible": "director-ugel/120007"}, "responsible"),
        ({"due": "mañana"}, "due"),
        ({"action": ""}, "action"),
    ],
)
def test_a_wrong_proposal_comes_back_with_a_sentence(house: House, change: dict[str, object], field: str) -> None:
    """422 with the typed values kept; nothing is proposed."""
    live(house, "found")
    answer = house.browser("ugel.jefe").post(f"{FINDING}/compromisos", PROPOSAL | change)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Aulas visitadas" in answer.text
    assert not house.ledger.memo(STREAM).state.commitments.by_number


def test_a_past_due_day_is_refused_with_the_rule(house: House) -> None:
    """409 says the rule in words."""
    live(house, "found")
    answer = house.browser("ugel.jefe").post(f"{FINDING}/compromisos", PROPOSAL | {"due": "2020-01-01"})
    assert answer.status_code == 409
    assert "debe ser posterior a hoy" in answer.text


@pytest.mark.parametrize(
    ("until", "usuario", "expected"),
    [
        ("proposed", "ugel.director", {"firma", "rechazo", "retiro"}),
        ("proposed", "ugel.especialista", set()),
        ("proposed", "satipo.director", set()),
        ("proposed", "auditor", set()),
        ("signed", "ugel.jefe", {"declaracion", "informes", "prorroga"}),
        ("signed", "ugel.director", {"informes", "prorroga"}),
        ("signed", "ugel.especialista", {"informes"}),
        ("signed", "dre.especialista", set()),
    ],
)
def test_each_reader_sees_the_steps_that_are_theirs(house: House, until: str, usuario: str, expected: set[str]) -> None:
    """Who signs sees the signature, who answers sees the declaration, who only reads sees no form."""
    lived, _ = live(house, until), house.code(usuario)
    assert steps(house, usuario, lived.href) == expected


def test_signing_needs_ones_own_password_and_a_code_each_time(house: House) -> None:
    """A wrong one is told beside its field and never shown again; both right sign exactly the text on screen, once."""
    lived, code = live(house, "proposed"), house.code("ugel.director")
    director = house.browser("ugel.director")
    form = {"version": "1", "document": lived.document, "clave": "otra cosa cualquiera", "codigo": code}
    wrong = director.post(f"{lived.href}/firma", form)
    assert wrong.status_code == 422
    assert 'id="firma-clave-error"' in wrong.text
    assert "otra cosa cualquiera" not in wrong.text
    assert code not in wrong.text
    assert director.post(f"{lived.href}/firma", form | {"clave": ""}).status_code == 422
    old = director.post(f"{lived.href}/firma", form | {"clave": PASSWORD, "codigo": "000000"})
    assert 'id="firma-codigo-error"' in old.text
    right = form | {"clave": PASSWORD, "command_id": "dos-veces"}
    assert [director.post(f"{lived.href}/firma", right).status_code for _ in range(2)] == [303, 303]
    assert "Firmado el" in director.get(lived.href).text
    signed = [r for r in house.ledger.facts(STREAM) if isinstance(r.fact.event, commitment_signing.CommitmentSigned)]
    assert [r.fact.event.charge for r in signed] == [DIRECTOR]
    assert signed[0].fact.event.method == "clave y código"


def test_a_password_alone_does_not_sign(house: House) -> None:
    """Who has no app and no key is led to where they are prepared; what is sent all the same is refused."""
    lived, director = live(house, "proposed"), house.browser("ugel.director")
    text = director.get(lived.href).text
    assert "Preparar cómo firmo" in text
    assert f'action="{lived.href}/firma"' not in text
    sent = director.post(f"{lived.href}/firma", {"version": "1", "document": lived.document, "clave": PASSWORD})
    assert sent.status_code == 422
    assert not house.ledger.memo(STREAM).state.commitments.by_number[1].current.signed


def test_too_many_wrong_passwords_close_the_signature_for_a_while(house: House) -> None:
    """The tries are counted as at the door, and then even the right proof has to wait."""
    lived = live(house, "proposed")
    form = {"version": "1", "document": lived.document, "codigo": house.code("ugel.director")}
    director = house.browser("ugel.director")
    codes = [director.post(f"{lived.href}/firma", form | {"clave": "no"}).status_code for _ in range(6)]
    assert codes[0] == 422
    late = director.post(f"{lived.href}/firma", form | {"clave": PASSWORD})
    assert late.status_code == 429
    assert "Demasiados intentos" in late.text


def test_a_text_that_is_not_the_one_in_force_cannot_be_signed(house: House) -> None:
    """The hash on screen travels with the signature."""
    lived = live(house, "proposed")
    form = {"version": "1", "document": "0" * 64, "clave": PASSWORD, "codigo": house.code("ugel.director")}
    answer = house.browser("ugel.director").post(f"{lived.href}/firma", form)
    assert answer.status_code == 409
    assert "vuelva a leerlo antes de firmar" in answer.text


def test_the_exact_bytes_that_are_signed_can_be_taken_away(house: House) -> None:
    """Their hash is the one in every signature, computed by anybody."""
    lived = live(house, "signed")
    taken = house.browser("satipo.director").get(f"{lived.href}/documento")
    assert taken.headers["content-type"].startswith("application/json")
    assert hashlib.sha256(taken.content).hexdigest() == lived.document
    assert house.browser("auditor").get("/compromisos/120005-2001-1/documento").status_code == 404


def test_who_is_no_signatory_may_not_sign(house: House) -> None:
    """A colleague is told the rule, a neighbour and an auditor are refused at the door."""
    lived = live(house, "proposed")
    form = {"version": "1", "document": lived.document, "clave": PASSWORD, "codigo": house.code("dre.director")}
    assert house.browser("dre.director").post(f"{lived.href}/firma", form).status_code == 409
    assert house.browser("satipo.director").post(f"{lived.href}/firma", form).status_code == 403
    assert house.browser("auditor").post(f"{lived.href}/firma", form).status_code == 403


def test_a_commitment_is_carried_out_declared_and_verified_by_another(house: House) -> None:
    """Each step by who may; the verdict is on the paper."""
    href = live(house, "signed").href
    head, dre = house.browser("ugel.jefe"), house.browser("dre.especialista")
    assert head.post(f"{href}/informes", {"text": "Contrato firmado."}).status_code == 303
    unproven = {"fulfilled": "si", "text": "Hecho."}
    assert head.post(f"{href}/declaracion", unproven).status_code == 409
    assert head.post(f"{href}/declaracion", unproven | {"evidence": "Actas 1 a 10"}).status_code == 303
    assert steps(house, "ugel.jefe", href) == set()
    assert head.post(f"{href}/verificacion", {"accepted": "si"}).status_code == 403
    assert dre.post(f"{href}/verificacion", {"accepted": "no", "text": ""}).status_code == 409
    assert dre.post(f"{href}/verificacion", {"accepted": "si", "text": "Se vieron las actas."}).status_code == 303
    paper = dre.get(href).text
    for words in ("Verificado", "Cumplido", "Contrato firmado.", "Se vieron las actas."):
        assert words in paper


def test_a_rejection_keeps_its_reason_and_the_proposal_can_be_withdrawn(house: House) -> None:
    """Declined by a signatory, then withdrawn by the unit."""
    href = live(house, "proposed").href
    assert house.browser("ugel.director").post(f"{href}/rechazo", {"version": "1", "reason": ""}).status_code == 422
    assert (
        house.browser("ugel.director").post(f"{href}/rechazo", {"version": "1", "reason": "El plazo es corto."}).status_code
        == 303
    )
    assert "El plazo es corto." in house.browser("auditor").get(href).text
    assert house.browser("ugel.jefe").post(f"{href}/retiro", {"reason": "Se propondrá otro."}).status_code == 303
    assert "Retirado" in house.browser("auditor").get(href).text


def test_overdue_is_computed_from_the_day_of_the_page(house: House) -> None:
    """Nothing is stored: tomorrow it may be overdue, and at an earlier moment it was not."""
    lived = live(house, "signed")
    assert "Vencido" not in house.browser("auditor").get(lived.href).text.partition("<main")[2]
    ledger, clock = house.ledger, house.ledger.clock
    ledger.clock = lambda: clock() + timedelta(days=60)
    assert "hace 20" in house.browser("auditor").get(lived.href).text
    assert "1\u00a0vencido" in house.browser("auditor").get("/compromisos?estado=overdue").text
    past = house.browser("auditor").get(f"{lived.href}?al={today().isoformat()}").text
    assert "Está viendo" in past
    assert "Vencido" not in past.partition("<main")[2]


def test_the_register_filters_by_unit_and_state(house: House) -> None:
    """A unit without commitments has an empty register, and the state narrows it."""
    live(house, "signed")
    reader = house.browser("auditor")
    assert "Contratar la movilidad" in reader.get(f"/compromisos?ugel={JAUJA}&estado=signed").text
    assert "Contratar la movilidad" not in reader.get("/compromisos?ugel=120007").text
    assert "Contratar la movilidad" not in reader.get("/compromisos?estado=proposed").text


def test_a_past_moment_shows_what_stood_then_and_no_forms(house: House) -> None:
    """Before the signatures the paper lacks them, also when it is read afterwards."""
    lived = live(house, "proposed")
    position = max(r.position for r in house.ledger.facts(STREAM))
    house.do("ugel.director", STREAM, commitment_signing.SignCommitment(commitment=1, version=1, document=lived.document))
    then = house.browser("ugel.jefe").get(f"{lived.href}?hasta={position}").text
    assert "Firmado el" not in then
    assert f'action="{lived.href}' not in then
    assert house.browser("ugel.jefe").get(f"{lived.href}?hasta={position - 1}").status_code == 404


@pytest.mark.parametrize("name", ["120005-2025-99", "7", "120005-2025", "129999-2025-1", "120005-2025-0"])
def test_an_unknown_commitment_is_not_found(house: House, name: str) -> None:
    """404 for a name of nothing, whether it looks like one or not."""
    live(house, "proposed")
    assert house.browser("ugel.director").get(f"/compromisos/{name}").status_code == 404


def test_a_carried_commitment_leads_back_to_where_it_was_signed(house: House) -> None:
    """The year that closed says where it goes on; the new year shows the first finding, the first signatures, the whole life."""
    old, new = Cycle(house, year=YEAR).approved(), Cycle(house, year=YEAR + 1)
    for number in (1, 2, 3, 4):
        old.closed(number)
    old.committed(4)
    old.do("ugel.jefe", ReportCommitment(commitment=1, text="Se convocó el servicio."))
    old.balanced()
    new.do("ugel.especialista", OpenYear(year=YEAR + 1))
    new.do("ugel.director", balance.DisposeItem(item="compromiso/1", decision="continuar"))
    new.do("ugel.jefe", ReportCommitment(commitment=1, text="Se firmó el contrato."))
    reader = house.browser("auditor")
    first, second = (f"{JAUJA}-{YEAR + n}-1" for n in (0, 1))
    assert f"Continúa en {YEAR + 1}" in reader.get(f"/compromisos/{first}").text
    assert f"Continúa en {YEAR + 1}" in reader.get(f"/compromisos?anio={YEAR}").text
    carried = reader.get(f"/compromisos/{second}").text
    for words in (
        f'href="/compromisos/{first}"',
        f"Compromiso n.º 1 de {YEAR}",
        f"continuó el compromiso 1 de {YEAR} como compromiso 1",
        "Faltó movilidad.",
        f"<dt>Hallazgo de {YEAR}</dt>",
        f"/ugel/{JAUJA}/{YEAR}/hallazgos/1",
        "Registro de conformidad con clave y código",
    ):
        assert words in carried
    told, linked = ("firmó el compromiso 1", "Se convocó el servicio.", "Se firmó el contrato."), f"/compromisos/{second}/cadena"
    assert all(words in carried for words in told)
    links = reader.get(linked).text
    assert [links.index(words) for words in told[1:]] == sorted(links.index(words) for words in told[1:])
    assert re.search(
        rf'Viene de {YEAR} <.*?<time.*?href="/compromisos/{first}/cadena">Compromiso n.º 1</a> <small>hecho', links, re.DOTALL
    )
    onward = reader.get(f"/compromisos/{first}/cadena").text
    assert re.search(rf'Continúa en {YEAR + 1} <.*?<time.*?href="{linked}">Compromiso n.º 1</a> <small>hecho', onward, re.DOTALL)
    receipt = re.search(r'href="(/verificar/[A-Z2-7-]+)"', carried)
    assert receipt
    assert receipt[0] in reader.get(f"/compromisos/{first}").text, "one text, one code, in whatever year it is read"
    public = house.browser().get(receipt[1]).text
    for words in ("Compromiso de gestión n.º 1, versión 1", "Todos firmaron: está en ejecución.", "Elena Ñahui"):
        assert words in public
    result = DeclareCommitment(commitment=1, fulfilled=True, text="Se visitó.", evidence="Acta 9")
    for page, leads in ((f"/compromisos/{first}", f"/compromisos/{second}"), (f"/compromisos/{first}/cadena", linked)):
        assert f'href="{leads}"' in reader.get(page).text
    assert steps(house, "ugel.jefe", f"/compromisos/{first}") == set()
    assert steps(house, "ugel.jefe", f"/compromisos/{second}") == {"declaracion", "informes", "prorroga"}
    new.do("ugel.jefe", result)
    assert "falta verificarlo" in house.browser().get(receipt[1]).text, "what the new year says of it"


def test_a_carried_commitment_hides_no_knot_of_the_new_year(house: House) -> None:
    """Its finding is last year's: a critical knot of this year with the same number is listed as open."""
    old, new = Cycle(house, year=YEAR - 1).approved(), Cycle(house, year=YEAR)
    for number in (1, 2, 3, 4):
        old.closed(number)
    old.committed(4)
    old.balanced()
    new.do("ugel.especialista", OpenYear(year=YEAR))
    new.do("ugel.director", balance.DisposeItem(item="compromiso/1", decision="continuar"))
    new.approved().scored(1)
    knot = RecordFinding(quarter=1, kind="nudo crítico", text="Faltan actas.", cause="Sin archivo.", activity=1)
    new.do("dre.especialista", knot)
    with house.app.state.database.snapshot() as connection:
        listed = set(open_now(connection, LATEST, new.stream))
    assert listed == set(open_items(house.ledger.memo(new.stream).state)) == {"compromiso/1", "hallazgo/1"}
