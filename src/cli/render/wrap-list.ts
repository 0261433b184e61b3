/** Columns a line of names may take; a longer name has a line of its own. */
const WIDTH = 100;

/** Names behind a head, with commas between them, in lines of a readable width; lines after the first begin with the indent. */
export function wrapList(head: string, names: readonly string[], indent: string): readonly string[] {
  const lines: string[] = [];
  let line = head;
  let isBare = true;
  names.forEach((name, index) => {
    const word = index === names.length - 1 ? name : `${name},`;
    if (!isBare && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
      isBare = true;
    }
    line += isBare ? word : ` ${word}`;
    isBare = false;
  });
  return [...lines, line];
}
