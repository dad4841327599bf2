"""Every rule that says no has a story: each sentence that the aggregates refuse with is said by some test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

AGGREGATES = Path(__file__).parents[1] / "service/aggregates"
GAP = "\0"
SHORT, PHRASE = 5, 8


def sentence(node: ast.expr, names: dict[str, ast.expr]) -> Iterator[str]:
    """What an expression may say, without its numbers and names; nothing for what only runs can tell."""
    match node:
        case ast.Constant(value=str(text)):
            yield re.sub(r"\d+", GAP, text)
        case ast.JoinedStr(values=parts):
            yield "".join(next(sentence(part, {}), GAP) for part in parts)
        case ast.Name(id=name) if name in names:
            yield from sentence(names[name], {})
        case ast.IfExp(body=one, orelse=other):
            yield from (*sentence(one, names), *sentence(other, names))


def refused() -> Iterator[tuple[str, str]]:
    """Every sentence given to `need`, and where."""
    for path in sorted(AGGREGATES.glob("*.py")):
        tree = ast.parse(path.read_text())
        names = {
            each.targets[0].id: each.value
            for each in tree.body
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="need"), args=[_, said, *_]):
                    yield from ((text, f"{path.name}:{node.lineno}") for text in sentence(said, names))


def spoken() -> set[str]:
    """What tests say: the words of `refused`, and every other text of several words that is no docstring."""
    said = set[str]()
    for path in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="refused")):
                    said.update(text for each in node.args for text in sentence(each, {}) if len(text) >= SHORT)
                case ast.Constant(value=str(text)) if " " in text and PHRASE <= len(text) < 120:
                    said.add(re.sub(r"\d+", GAP, text))
    return said


def test_every_refusal_is_said_by_a_test() -> None:
    """A sentence of which no test knows a word belongs to a rule that nobody tried; those chosen while running are left out."""
    sentences, said = list(refused()), spoken()
    assert len(sentences) > 300, "the premise: the sentences are found"
    silent = [f"{where}: {text}" for text, where in sentences if not _known(text, said)]
    assert not silent, "no test says:\n" + "\n".join(silent).replace(GAP, "…")


def _known(text: str, said: set[str]) -> bool:
    parts = [part.strip(" .,:«»") for part in text.split(GAP)]
    return any(each in text or any(len(part) >= PHRASE and part in each for part in parts) for each in said)
