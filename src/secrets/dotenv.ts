/** A dotenv file with one variable set: its line is put in place of the one that sets it, else at the end; all else stays. */
export function setVariable(text: string, name: string, value: string): string {
  const line = `${name}=${value}`;
  const lines = text.split("\n");
  const at = lines.findIndex((each) => setsVariable(each, name));
  if (at >= 0) return lines.map((each, index) => (index === at ? line : each)).join("\n");
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}

/** True where a dotenv file sets a variable. */
export function hasVariable(text: string, name: string): boolean {
  return text.split("\n").some((line) => setsVariable(line, name));
}

function setsVariable(line: string, name: string): boolean {
  return line.replace(/^\s*(?:export\s+)?/u, "").replace(/\s*=.*$/su, "=") === `${name}=`;
}
