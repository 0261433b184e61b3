import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type Books, connectVendor, readBooks, readMembers, type VendorClient } from "./read-books.ts";
import { makeWorkplace, type Ran, type Workplace } from "./run-axcess.ts";
import { startTestAccount, type TestAccount } from "./sandbox-account.ts";

/** The folder, beside the manifest, in which alone secrets may stand. */
const PLACE_OF_SECRETS = "secrets";

/** A plan as it was saved: its text, and its steps as `verb address` by what became of them. */
interface Planned {
  readonly text: string;
  readonly open: readonly string[];
  readonly held: readonly string[];
  readonly blocked: readonly string[];
}

/** Somebody at work with a manifest and the command line, on a served account that the vendor's own client can be asked about. */
export interface Story extends Pick<Workplace, "folder" | "read" | "write"> {
  readonly account: TestAccount;
  /** The vendor's client as the first admin. */
  readonly client: VendorClient;
  /** The vendor's client with another key. */
  readonly clientOf: (key: string) => VendorClient;
  /** The vendor's client as a person, with a key that they made for themselves. */
  readonly clientAs: (email: string) => Promise<VendorClient>;
  /** Runs one command line. What it prints, and what it leaves in the folder, is held against all secrets at the end. */
  readonly axcess: (...words: readonly string[]) => Promise<Ran>;
  /** Writes the manifest. */
  readonly declare: (text: string) => void;
  /** Plans and saves the plan. With words, what they plan: `undo` and its flags. */
  readonly plan: (...words: readonly string[]) => Promise<Planned>;
  /** Approves all that is held in the saved plan. */
  readonly approve: (reason: string) => Promise<void>;
  /** Applies the saved plan; all of it is done. */
  readonly apply: () => Promise<Ran>;
  /** Plans, approves and applies a manifest. */
  readonly carryOut: (text: string) => Promise<void>;
  readonly books: () => Promise<Books>;
  readonly members: (place: string) => Promise<Readonly<Record<string, string>>>;
  /** Ends the story: nothing is left to plan, an export of the account plans to nothing, and no secret is anywhere but in its place. */
  readonly end: () => Promise<void>;
}

/** Starts an account over loopback and a folder beside it. */
export async function openStory(): Promise<Story> {
  // Approvals and keys are judged by the machine's clock, so the account's is the same, or later where a test moves it.
  let shift = 0;
  const account = await startTestAccount({ now: () => new Date(Date.now() + shift) });
  onTestFinished(account.close);
  const { url, adminKey } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url, EMAIL: "vera@acme.example" };
  const place = makeWorkplace();
  const witness = watchSecrets(place.folder, adminKey);
  const client = connectVendor(url, adminKey);
  const axcess = async (...words: readonly string[]): Promise<Ran> => witness.note(await place.run(words, { env }));
  const books = (): Promise<Books> => readBooks(client);
  const desk = openDesk(place, axcess);
  return {
    ...place,
    account: {
      ...account,
      advance: (ms) => {
        shift += ms;
      },
    },
    client,
    clientOf: (key) => connectVendor(url, key),
    clientAs: async (email) => connectVendor(url, await account.keyOf((await books()).idOf(email))),
    axcess,
    ...desk,
    books,
    members: async (name) => readMembers(account, (await books()).idOf(name)),
    end: async () => {
      await expectAgreement(place, axcess);
      witness.expectSilence();
    },
  };
}

type Desk = Pick<Story, "declare" | "plan" | "approve" | "apply" | "carryOut">;

function openDesk(place: Workplace, axcess: Story["axcess"]): Desk {
  const plan = async (...words: readonly string[]): Promise<Planned> => {
    const ran = await axcess(...(words.length === 0 ? ["plan"] : words), "--out", "plan.json");
    expect([0, 3], ran.stderr).toContain(ran.exit);
    const { steps } = JSON.parse(await place.read("plan.json"));
    const those = (state: string): readonly string[] =>
      steps
        .filter(({ gate }: { readonly gate: { readonly state: string } }) => gate.state === state)
        .map(({ op, address }: { readonly op: string; readonly address: string }) => `${op} ${address}`)
        .sort();
    return { text: ran.stdout, open: those("open"), held: those("held"), blocked: those("blocked") };
  };
  const approve = async (reason: string): Promise<void> => {
    const ran = await axcess("approve", "plan.json", "--all", "--reason", reason);
    expect(ran.exit, ran.stderr).toBe(0);
  };
  const apply = async (): Promise<Ran> => {
    const ran = await axcess("apply", "plan.json");
    expect(ran.exit, ran.stdout + ran.stderr).toBe(0);
    return ran;
  };
  const declare = (text: string): void => place.write("access.yaml", text);
  return {
    declare,
    plan,
    approve,
    apply,
    carryOut: async (text) => {
      declare(text);
      const { held, blocked } = await plan();
      expect(blocked).toEqual([]);
      if (held.length > 0) await approve("agreed");
      expect((await apply()).stdout).toContain("The account now matches the manifest.");
    },
  };
}

/** Expects that the manifest and the account agree, and that the account written as a manifest agrees with it as well. */
export async function expectAgreement(place: Pick<Workplace, "write">, axcess: Story["axcess"]): Promise<void> {
  const expectEmpty = async (...flags: readonly string[]): Promise<void> => {
    const planned = await axcess("plan", "--detailed-exitcode", ...flags);
    expect([planned.exit, planned.stdout], planned.stderr).toEqual([0, expect.stringContaining("No changes.")]);
  };
  await expectEmpty();
  const exported = await axcess("export");
  expect(exported.exit, exported.stderr).toBe(0);
  place.write("exported.yaml", exported.stdout);
  await expectEmpty("--file", "exported.yaml");
}

/** Who remembers all that was printed, and every secret that ever lay in its place. */
interface Witness {
  readonly note: (ran: Ran) => Ran;
  /** Expects that no secret was printed, and that none is in a file outside its place. */
  readonly expectSilence: () => void;
}

/** Watches a folder. What only the account knows, such as its admin's key, is a secret without a place. */
export function watchSecrets(folder: string, ...known: readonly string[]): Witness {
  const printed: string[] = [];
  const secrets = new Set(known);
  mkdirSync(join(folder, PLACE_OF_SECRETS), { recursive: true });
  return {
    note: (ran) => {
      printed.push(ran.stdout, ran.stderr);
      for (const name of filesIn(join(folder, PLACE_OF_SECRETS))) secrets.add(readFileSync(name, "utf8").trim());
      return ran;
    },
    expectSilence: () => {
      const isPlace = (name: string): boolean => name.startsWith(join(folder, PLACE_OF_SECRETS));
      const files = filesIn(folder).filter((name) => !isPlace(name));
      const texts = [...printed, ...files.map((name) => readFileSync(name, "utf8"))];
      expect(files.some((name) => name.endsWith("ledger.jsonl"))).toBe(true);
      expect([...secrets].filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
    },
  };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile());
}
