/** How large an account is; see bench/generate-account.mjs. */
export interface Sizes {
  readonly people: number;
  readonly organizations: number;
  readonly spaces: number;
  readonly projects: number;
  readonly grants: number;
  readonly bindings: number;
  readonly restrictions: number;
  readonly roles: number;
}

interface Choice {
  readonly seed: number;
}

/** What bench/ generates accounts with. */
export interface Bench {
  /** Files of a manifest, by name. */
  readonly generateAccount: (sizes: Sizes, choice: Choice) => ReadonlyMap<string, string>;
  /** What such a manifest asks for, a line each, such as `space-member Acme/alpha a@acme.example admin`. */
  readonly listFacts: (sizes: Sizes, choice: Choice) => ReadonlySet<string>;
  /** Makes just that, call by call. */
  readonly fillAccount: (
    call: (method: string, path: string, body: object) => Promise<unknown>,
    predefinedRoles: readonly { readonly id: string; readonly name: string }[],
    sizes: Sizes,
    choice: Choice,
  ) => Promise<void>;
}

/** Loads it: what is in bench/ is JavaScript, whose types nobody checks. */
export async function readBench(): Promise<Bench> {
  const folder = new URL("../../bench/", import.meta.url).href;
  const [generated, filled] = await Promise.all([
    import(`${folder}generate-account.mjs`),
    import(`${folder}fill-account.mjs`),
  ]);
  return { ...generated, ...filled };
}
