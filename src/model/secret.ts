/** A secret that the platform shows once. Only calling it gives the text, so that nothing that prints or stores a value holds it by accident. */
export type Secret = () => string;

/** Where the manifest wants a secret to go. */
export type SecretSink =
  /** The whole content of a file. */
  | { readonly to: "file"; readonly path: string }
  /** Standard input of a program. */
  | { readonly to: "command"; readonly command: readonly string[] }
  /** One line of a dotenv file. */
  | { readonly to: "env"; readonly file: string; readonly name: string }
  /** A secret of a GitHub repository. */
  | { readonly to: "github"; readonly repo: string; readonly name: string };

/** A sink in one line: the same words for the same place. */
export function describeSink(sink: SecretSink): string {
  switch (sink.to) {
    case "file":
      return `file ${sink.path}`;
    case "command":
      return `command ${JSON.stringify(sink.command)}`;
    case "env":
      return `env ${sink.name} in ${sink.file}`;
    case "github":
      return `github ${sink.name} of ${sink.repo}`;
  }
}
