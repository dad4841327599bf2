// The cells of a copied block: tabs and lines, unless they stand in quotes.
export const table = (text) => {
  const found = [[""]];
  let quoted = false;
  for (let n = 0; n < text.length; n += 1) {
    const line = found[found.length - 1];
    const letter = text[n];
    if (letter === '"' && quoted && text[n + 1] === '"') line[line.length - 1] += text[++n];
    else if (letter === '"' && (quoted || line[line.length - 1] === "")) quoted = !quoted;
    else if (letter === "\t" && !quoted) line.push("");
    else if (letter === "\n" && !quoted) found.push([""]);
    else if (letter !== "\r") line[line.length - 1] += letter === "\n" ? " " : letter;
  }
  if (found.at(-1).length === 1 && found.at(-1)[0] === "") found.pop();
  return found.map((line) => line.map((each) => each.trim()));
};
