"""Why a file was not accepted: every code, what it makes of the file, and the sentence a person reads.

A code stands in the record for ever: it may be said better, never renamed.
"""

from typing import Literal

import msgspec


class Reason(msgspec.Struct, frozen=True):
    """A reason: the verdict it leads to and its sentence."""

    verdict: Literal["NO VÁLIDO", "INDETERMINADO"]
    sentence: str


def _no(sentence: str) -> Reason:
    return Reason("NO VÁLIDO", sentence)


def _unsure(sentence: str) -> Reason:
    return Reason("INDETERMINADO", sentence)


REASONS = {
    # The file
    "too-large": _no("El archivo pasa de 10 MB: suba el mismo PDF que descargó, con su firma y nada más."),
    "too-complex": _no(
        "El archivo es demasiado complejo para comprobarlo: suba el mismo PDF que descargó, con su firma y nada más."
    ),
    "broken": _no("El archivo no es un PDF que se pueda leer entero: descárguelo otra vez y fírmelo de nuevo."),
    "encrypted": _no("El PDF está cifrado o pide clave: fírmelo sin ponerle clave."),
    "unsigned": _no("El archivo todavía no tiene su firma: ábralo en su programa de firma, fírmelo y súbalo."),
    "stripped": _no("A este archivo le falta una firma que ya estaba: descargue el PDF más nuevo y firme ese."),
    "other-file": _no("No es el PDF que Quipu le entregó: descárguelo otra vez y firme ese mismo archivo."),
    "rewritten": _unsure(
        "Documento firmado externamente: su programa volvió a escribir el PDF en lugar de añadirle la firma, así que aquí no se"
        " puede comprobar. Debe revisarlo una persona; mientras tanto no cuenta como firma."
    ),
    "revisions": _no(
        "Después de su descarga el PDF se guardó más de una vez: fírmelo una sola vez y súbalo sin guardarlo de nuevo."
    ),
    "several": _no("Se añadió más de una firma: cada persona firma una vez."),
    "unsupported": _unsure("La firma está en un formato que aquí no se puede comprobar: fírmelo como PAdES."),
    "after": _no("Hay contenido después de la firma, que ella no cubre: suba el archivo tal como lo dejó su programa de firma."),
    "changed": _no("Junto con la firma se cambió el contenido del documento: solo se puede añadir la firma."),
    "altered": _no("El documento fue alterado: la firma no corresponde a su contenido."),
    # Who signed, and with what
    "no-identity": _no("El certificado no dice el DNI de quien firma como esta entidad lo espera: use el certificado de su DNI."),
    "no-dni": _unsure("Su DNI no está en el directorio: pida al administrador que lo registre y vuelva a subir el archivo."),
    "other-person": _no("El certificado es de otra persona: firme con su propio certificado."),
    "twice": _no("Esta persona ya firmó este documento: nadie firma dos veces."),
    "key-usage": _no("El certificado no es para firmar documentos (no repudio): use su certificado de firma."),
    "weak": _no("La firma o el certificado usan un algoritmo que ya no es seguro: use un certificado vigente."),
    "expired": _no("El certificado está vencido: renuévelo antes de firmar."),
    "not-yet-valid": _no("El certificado todavía no está vigente."),
    "revoked": _no("El certificado fue revocado por su autoridad: use uno vigente."),
    "untrusted": _no("El certificado no viene de una autoridad en la que esta entidad confía."),
    # What cannot be known
    "no-roots": _unsure(
        "Esta entidad todavía no registró las autoridades de certificación en que confía: avise al administrador."
    ),
    "no-revocation": _unsure(
        "No se pudo saber si el certificado fue revocado: avise al administrador y vuelva a subir el archivo."
    ),
    "no-time": _unsure("La firma no dice cuándo se hizo: active la fecha en su programa de firma."),
    "future": _unsure("La firma dice una hora que todavía no llega: revise el reloj de su equipo."),
    "timestamp": _unsure("El sello de tiempo de la firma no se pudo comprobar: firme sin sello o avise al administrador."),
    "earlier": _unsure("Una firma anterior de este documento ya no se puede comprobar hoy: avise a quien propuso el compromiso."),
    "inconclusive": _unsure("La comprobación no llegó a un resultado: avise al administrador."),
}
