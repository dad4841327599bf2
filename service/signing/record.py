"""Every passkey's signature of the record, verified again from the facts alone."""

from collections.abc import Iterable, Mapping

import msgspec

from service.aggregates import signing_key
from service.aggregates.assertion import bound
from service.aggregates.commitment_signing import CommitmentSigned
from service.aggregates.commitment_terms import digest
from service.aggregates.signing_key import SigningKey
from service.record import Recorded
from service.signing import SigningError
from service.signing.proof import verify


class Checked(msgspec.Struct):
    """How many signatures were verified, and a line for each that does not hold."""

    good: int = 0
    faults: list[str] = []


def check(standing: Iterable[Recorded], facts: Iterable[Recorded]) -> Checked:
    """Verify the signatures among the facts, each against the keys as they stood at its position."""
    made, events = Checked(), [each for each in standing if type(each.fact.event) in signing_key.EVENTS]
    for recorded in facts:
        event = recorded.fact.event
        if not isinstance(event, CommitmentSigned) or event.proof is None:
            continue
        keys: dict[int, SigningKey] = {}
        for each in events:
            if each.position < recorded.position:
                keys = signing_key.evolve(keys, each.fact)
        fault = _fault(recorded, event, keys)
        if fault:
            made.faults.append(f"hecho n.º {recorded.position}, {recorded.stream}, compromiso {event.commitment}: {fault}")
        else:
            made.good += 1
    return made


def _fault(recorded: Recorded, event: CommitmentSigned, keys: Mapping[int, SigningKey]) -> str:
    proof, person = event.proof, recorded.fact.person
    assert proof  # noqa: S101 — asked by `check`
    key = keys.get(proof.key)
    same = key and (key.holder, key.credential, key.public_key) == (person, proof.credential, proof.public_key)
    if not (key and same and key.status == "confirmed"):
        return "la llave no era una llave confirmada de quien firmó"
    if digest(event.canonical.encode()) != event.document:
        return "el texto no es el de su huella"
    said = {"document": event.document, "charge": event.charge, "stream": recorded.stream}
    if not bound(proof, **said, signatory=person, commitment=event.commitment, version=event.version):
        return "la respuesta de la llave no es de este texto, cargo y versión"
    try:
        verify(proof, key.site)
    except SigningError as reason:
        return str(reason).removesuffix(" No se firmó nada.")
    return ""
