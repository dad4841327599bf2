"""The kinds of signature in plain words: what each is, and what it is not."""

from collections.abc import Mapping

from service.projections.commitment_page import Signature

METHODS: Mapping[str, tuple[str, str]] = {
    "llave de acceso": (
        "Firma electrónica con llave de acceso",
        "El equipo del firmante firmó esta huella después de reconocerlo. Cualquiera puede comprobarlo con las pruebas de abajo.",
    ),
    "clave y código": (
        "Registro de conformidad con clave y código",
        "El firmante escribió su clave y un código de su aplicación: lo prueba la palabra de este servicio.",
    ),
    "contraseña": (
        "Registro de conformidad con clave",
        "El firmante escribió su clave: lo prueba la palabra de este servicio. Así se firmaba antes.",
    ),
    "fuera": (
        "Firma digital hecha fuera de Quipu, con certificado",
        "Quipu revisó técnicamente el archivo firmado y lo halló válido; la validación legal se hace con software acreditado.",
    ),
    "revisada": (
        "Documento firmado externamente, aceptado por otra persona",
        "Quipu no pudo comprobar el archivo: su resultado es INDETERMINADO. Otra persona lo revisó y lo aceptó, con su motivo.",
    ),
    "": ("Firma dada en el año de origen", ""),
}


def way(it: Signature) -> tuple[str, str]:
    """How a signature was given, in plain words; nothing of one that was refused."""
    if it.status != "signed":
        return "", ""
    if it.kind == "fuera":
        return METHODS["fuera" if it.verdict == "VÁLIDO" else "revisada"]
    return METHODS[it.method]
