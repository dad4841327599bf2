"""Who signs each kind of commitment is what the DRE published, in versions; what ships is an example."""

from service.aggregates import signing_kinds as k
from service.ledger import STANDING
from tests.house import House
from tests.stories import DRE_DIRECTOR, given_standing, refused

PUT = k.SetSigningKind(
    base=0, code="mejora", name="Compromiso de mejora", roles=("director-ugel", "jefe-dre"), ordered=True, reason="Directiva 4"
)
KIND = k.SigningKind(code="mejora", name="Compromiso de mejora", roles=("director-ugel", "jefe-dre"), ordered=True)


def test_a_kind_is_published_in_versions() -> None:
    """The others stay; a form made from an older version, a role twice or nothing new is refused."""
    story = given_standing().when(PUT, by=DRE_DIRECTOR).then(k.SigningKindPublished(version=1, kind=KIND, reason="Directiva 4"))
    signing = story.state.rules.signing
    assert (signing.version, signing.of("mejora"), signing.of("gestion")) == (1, KIND, k.DEFAULTS[0])
    story.when(PUT, by=DRE_DIRECTOR).then(refused("Rige la versión 1"))
    again = k.SetSigningKind(base=1, code="mejora", name=KIND.name, roles=PUT.roles, ordered=True, reason="-")
    story.when(again, by=DRE_DIRECTOR).then(refused("dice lo mismo"))
    twice = k.SetSigningKind(base=1, code="otro", name="Otro", roles=("jefe-dre", "jefe-dre"), reason="-")
    story.when(twice, by=DRE_DIRECTOR).then(refused("repetido"))


def test_the_page_shows_publishes_and_remembers(house: House) -> None:
    """Whoever directs the DRE changes a kind or adds one; everybody reads it, as of any moment; what was typed comes back."""
    director, reader = house.browser("dre.director"), house.browser("auditor")
    assert "ejemplo, ajústelo" in reader.get("/catalogo/firmantes").text
    assert 'action="/catalogo/firmantes"' not in reader.get("/catalogo/firmantes?editar=mejora").text
    assert 'value="director-ugel" selected' in director.get("/catalogo/firmantes?editar=mejora").text
    form = {"base": "0", "code": "convenio", "name": "Convenio", "roles": ["director-ugel", ""], "reason": "Acta 3"}
    wrong = director.post("/catalogo/firmantes", form | {"roles": "", "name": "Convenio marco"})
    assert wrong.status_code == 422
    assert "Convenio marco" in wrong.text
    assert director.post("/catalogo/firmantes", form).status_code == 303
    assert director.post("/catalogo/firmantes", form).status_code == 409
    assert house.browser("dre.especialista").post("/catalogo/firmantes", form | {"base": "1"}).status_code == 403
    assert "Convenio" in reader.get("/catalogo/firmantes").text
    before = max(r.position for r in house.ledger.facts(STANDING)) - 1
    assert "Convenio" not in reader.get(f"/catalogo/firmantes?hasta={before}").text
