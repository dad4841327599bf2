"""From a finding to a verified commitment, through the pages."""

import re

import psycopg
import pyotp
import pytest
from playwright.sync_api import expect

from service import demo
from service.aggregates.assertion import Assertion
from service.aggregates.commitment_signing import SignCommitment
from service.ledger import stream_of
from service.projections import rebuild
from service.signing import codes
from service.signing.proof import verify
from tests.browsing import NARROW, Site, Visitor

pytestmark = pytest.mark.browser

JAUJA = "/ugel/120005/2026"


def sign(visitor: Visitor, password: str = demo.PASSWORD) -> None:
    """Sign what the page shows with password and code; a demo tells the code that the person's app shows."""
    visitor.page.get_by_label("Su clave").fill(password)
    told = visitor.main().locator("code").filter(has_text=re.compile(r"^\d{6}$")).inner_text()
    visitor.page.get_by_label("Código de seis cifras").fill(told)
    visitor.press("Firmar con clave y código")


def offered(director: Visitor, action: str) -> str:
    """Fill the form of a commitment in for the director and the head to sign, and propose it; returns its address."""
    form = director.main().locator("form[method=post]")
    form.get_by_label("Acción").fill(action)
    form.get_by_label("Cargo responsable").select_option("jefe-area/120005/AGP")
    form.get_by_label("Vence el").fill("2027-03-31")
    form.get_by_label("Indicador").fill("Plazas adjudicadas")
    form.get_by_label("Meta").fill("15 de 15")
    form.get_by_label("Medio de verificación").fill("Acta de adjudicación")
    for place, charge in enumerate(("director-ugel/120005", "jefe-area/120005/AGP"), start=1):
        form.get_by_label(f"Firmante {place}").select_option(charge)
    director.press("Proponer compromiso", form)
    expect(director.notice()).to_contain_text("ya se puede firmar")
    return director.page.url.removeprefix(director.address).partition("?")[0]


def propose(overseer: Visitor, director: Visitor, text: str) -> str:
    """Record a finding as the DRE, answer it with a commitment as the UGEL; returns its address."""
    overseer.open(f"{JAUJA}/hallazgos/nuevo?trimestre=3")
    form = overseer.main().locator("form")
    form.get_by_label("Nudo crítico").check()
    form.get_by_label("Qué se encontró").fill(text)
    form.get_by_label("Causa raíz").fill("No hay relación actualizada de plazas.")
    form.get_by_label("Se apoya en la actividad").select_option("6")
    overseer.press("Registrar hallazgo")
    expect(overseer.notice()).to_contain_text("El hallazgo quedó registrado.")
    director.open(overseer.page.url.removeprefix(overseer.address).partition("?")[0])
    director.main().get_by_role("link", name="Proponer compromiso").click()
    return offered(director, "Publicar cada lunes las plazas desiertas.")


def more_time(overseer: Visitor, chief: Visitor, path: str) -> None:
    """The responsible asks for another day, the DRE grants it; the day first agreed stays in sight."""
    form = chief.unfold("Pedir prórroga")
    form.get_by_label("Nueva fecha").fill("2027-04-30")
    form.get_by_label("Motivo").fill("El concurso se publica en abril.")
    chief.press("Pedir prórroga", form)
    expect(chief.notice()).to_contain_text("otra persona de la DRE la resuelve")
    expect(chief.main().get_by_text("Conceder prórroga")).to_have_count(0)
    overseer.open(path)
    form = overseer.unfold("Conceder prórroga")
    overseer.press("Sí, conceder", form)
    expect(overseer.main()).to_contain_text("fecha original")
    overseer.check()


def renegotiate(site: Site, director: Visitor, path: str) -> None:
    """Another text is offered and compared, all sign it, and the one before stays readable with what each signatory saw."""
    director.open(path)
    director.main().get_by_role("link", name="Renegociar").click()
    form = director.main().locator("form")
    form.get_by_label("Meta").fill("16 de 16")
    form.get_by_label("Motivo del cambio").fill("Se creó una plaza más.")
    director.check()
    director.press("Proponer la versión nueva")
    expect(director.main()).to_contain_text("rige la versión 1")
    changed = director.main().locator(".q-clauses .q-change ins")  # the day that was granted stands in the new text too
    expect(changed).to_contain_text(["30 abr 2027", "16 de 16"])
    director.check()
    document = (director.main().locator(".q-document .q-code").inner_text()).split()[-1]
    number = int(path.rpartition("-")[2])
    for usuario in ("ugel.director", "ugel.jefe"):
        site.do(usuario, stream_of("120005", 2026), SignCommitment(commitment=number, version=2, document=document))
    director.open(f"{path}/versiones/1")
    expect(director.main()).to_contain_text("estuvo vigente, con sus firmas")
    director.main().get_by_role("link", name="Lo que vio el firmante").first.click()
    expect(director.main()).to_contain_text("La huella del texto guardado es la que consta en la firma.")
    expect(director.main()).to_contain_text("15 de 15")
    director.check()


def test_a_finding_ends_in_a_commitment_that_another_verifies(site: Site) -> None:
    """Two persons sign with password and code, get more time, agree another text; one declares, somebody of the DRE verifies."""
    overseer, director, chief = (site.visitor(name, at="/salir") for name in ("dre.especialista", "ugel.director", "ugel.jefe"))
    path = propose(overseer, director, "Quedaron plazas sin adjudicar.")
    director.check()
    sign(director, "otra clave cualquiera")
    expect(director.page.locator(".q-errors")).to_contain_text("no se firmó nada")
    sign(director)
    expect(director.notice()).to_contain_text("firm")
    expect(director.page.get_by_label("Su clave")).to_have_count(0)
    overseer.open(path)
    expect(overseer.page.get_by_label("Su clave")).to_have_count(0)
    chief.open(path)
    sign(chief)
    expect(chief.main()).to_contain_text("En ejecución")
    more_time(overseer, chief, path)
    renegotiate(site, director, path)
    chief.open(path)
    expect(chief.main()).to_contain_text("versión 2")
    form = chief.unfold("Declarar cumplimiento")
    form.get_by_label("Cumplido", exact=True).check()
    form.get_by_label(re.compile("Qué se logró")).fill("Se adjudicaron las dieciséis plazas.")
    chief.press("Declarar cumplimiento", form)
    expect(chief.main()).to_contain_text("Indique el medio de verificación o adjunte el archivo.")
    chief.check()
    form = chief.unfold("Declarar cumplimiento")
    form.get_by_label("Medio de verificación").fill("Acta 31-2026")
    chief.press("Declarar cumplimiento", form)
    expect(chief.notice()).to_contain_text("declara")
    expect(chief.main().get_by_text("Verificar", exact=True)).to_have_count(0)
    overseer.open(path)
    form = overseer.unfold("Verificar")
    form.get_by_label("Se comprueba").check()
    overseer.press("Verificar", form)
    expect(overseer.main()).to_contain_text("Verificado")
    overseer.check()


@pytest.mark.long
def test_a_signatory_may_decline_with_a_reason(site: Site) -> None:
    """Declining is a fact like signing: the reason stays in sight."""
    overseer, director, chief = (site.visitor(name, at="/salir") for name in ("dre.especialista", "ugel.director", "ugel.jefe"))
    path = propose(overseer, director, "Las plazas se publicaron tarde.")
    chief.open(path)
    form = chief.unfold("Rechazar firma")
    form.get_by_label("Motivo").fill("El plazo no alcanza.")
    chief.press("Rechazar firma", form)
    expect(chief.main()).to_contain_text("El plazo no alcanza.")
    director.open(path)
    expect(director.page.get_by_label("Su clave")).to_have_count(0)


def with_device(visitor: Visitor) -> Visitor:
    """Give the window a device that makes passkeys and recognizes its holder."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return visitor


def proofs(site: Site) -> list[Assertion]:
    """The passkeys' answers that stand in the record of Jauja's year."""
    with psycopg.connect(site.database.service_url) as connection:
        facts = list(rebuild.events(connection, stream_of("120005", 2026), rebuild.head(connection)))
    return [proof for each in facts if (proof := getattr(each.fact.event, "proof", None))]


def new_app(site: Site, usuario: str) -> str:
    """The code that a new app of the person shows now: none of an earlier signature in the same half minute."""
    with psycopg.connect(site.database.service_url) as connection:
        row = connection.execute("select id from people.person where usuario = %s", [usuario]).fetchone()
        assert row
        connection.execute("delete from people.totp where person = %s", [row[0]])
        codes.give(connection, row[0], pyotp.random_base32())
        return codes.now(connection, row[0])


def test_password_and_code_sign_on_a_telephone_by_keyboard(site: Site) -> None:
    """From Inicio's list to the signature with Tab, Enter and letters alone, at 360 px."""
    overseer, director = (site.visitor(name, at="/salir") for name in ("dre.especialista", "ugel.director"))
    path = propose(overseer, director, "Se firmó tarde.")
    director.page.set_viewport_size(NARROW)
    director.open("/por-firmar")
    director.tab_to(director.main().locator(f'li a[href^="{path}?"]'))
    director.page.keyboard.press("Enter")
    expect(director.main()).to_contain_text("Publicar cada lunes las plazas desiertas.")
    code = new_app(site, "ugel.director")
    for label, text in (("Su clave", demo.PASSWORD), ("Código de seis cifras", code)):
        director.tab_to(director.page.get_by_label(label))
        director.page.keyboard.type(text)
    director.fits()
    director.tab_to(director.main().get_by_role("button", name="Firmar con clave y código"))
    director.page.keyboard.press("Enter")
    expect(director.notice()).to_contain_text(f"Usted firmó el compromiso {path.rpartition('/')[2]}")
    director.open(path)
    expect(director.main()).to_contain_text("1 de 2")


def test_a_passkey_is_registered_confirmed_and_signs_on_a_telephone_by_keyboard(site: Site) -> None:
    """The head registers one, the director confirms it with the code of its receipt, and the head signs with it."""
    there = Site(site.address.replace("127.0.0.1", "localhost"), site.database, site.browser, site.visitors)
    overseer, director, chief = (there.visitor(name, at="/salir") for name in ("dre.especialista", "ugel.director", "ugel.jefe"))
    with_device(chief).page.set_viewport_size(NARROW)
    path = propose(overseer, director, "Faltó coordinar la entrega.")
    chief.open("/cuenta/firma")
    chief.tab_to(chief.main().get_by_role("button", name="Registrar llave"))
    chief.page.keyboard.press("Enter")
    expect(chief.notice()).to_contain_text("falta que otra persona la confirme")
    chief.check()
    code = chief.main().locator(".q-letters").inner_text()
    number = chief.page.url.rpartition("/")[2]
    director.open("/cuenta/firma")
    row = director.main().get_by_role("row").filter(has_text=f"N.º {number} ·")
    row.locator("summary", has_text="Confirmar").click()
    row.get_by_label("Código del recibo").fill(code)
    director.press("Confirmar llave", row)
    expect(director.notice()).to_contain_text("La llave quedó confirmada")
    director.check()
    before = len(proofs(there))
    chief.page.set_viewport_size(NARROW)
    chief.open(path)
    chief.check()
    chief.page.set_viewport_size(NARROW)
    chief.tab_to(chief.main().get_by_role("button", name="Firmar con mi llave"))
    chief.page.keyboard.press("Enter")
    expect(chief.notice()).to_contain_text("Usted firmó el compromiso")
    made = proofs(there)
    assert len(made) == before + 1
    verify(made[-1], "localhost")
