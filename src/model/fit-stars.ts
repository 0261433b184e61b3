/**
 * Makes a test for a pattern in which `*` stands for any text, also none; everything else is itself. The time it takes grows with
 * the text and no faster, which a regular expression with many stars does not promise.
 */
export function compileStars(pattern: string): (text: string) => boolean {
  const [head = "", ...others] = pattern.split("*");
  const tail = others.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let at = head.length;
    for (const part of others) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
