import type { Hear } from "../engine/engine-event.ts";
import type { Split } from "../export/split-manifest.ts";
import type { Address } from "../model/address.ts";
import type { Approval } from "../model/approval.ts";
import type { ChangeId } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import type { Limits } from "../model/policy.ts";
import type { Files, Programs } from "../model/ports.ts";
import type { PartName, ShardUnit } from "../model/shard.ts";
import type { Summary } from "../model/summary.ts";
import type { PacketFormat } from "../packets/packet.ts";
import type { Sandbox } from "../sandbox/start-sandbox.ts";

/** A manifest: files, folders and globs, or one text. */
export type ManifestSource =
  | { readonly files: readonly string[] }
  /** `name` stands where a path would, in diagnostics and plans; `access.yaml` unless told. */
  | { readonly text: string; readonly name?: string };

/** An account of Arize AX. Nothing of it is taken from the environment. */
export interface ServerConnection {
  /** A function is called whenever a request is made; the key is kept nowhere. */
  readonly apiKey: string | (() => string);
  /** Base URL of the REST interface. With it goes `appUrl`, but of a server on this machine; without both, the region decides. */
  readonly baseUrl?: string;
  /** Base URL of the web application, which serves GraphQL. */
  readonly appUrl?: string;
  /** A region of the vendor's cloud, such as `eu-west-1a`; excludes `baseUrl`. */
  readonly region?: string;
  /** A proxy of http or https, for every host but this machine. The environment is not asked. */
  readonly proxyUrl?: string;
  /** Certificates in PEM form that are trusted besides the usual ones: the text, not a path. */
  readonly caBundle?: string;
  /** Calls at the same time; 16 unless told. */
  readonly parallelism?: number;
  /** Fixes the pace; otherwise it is learned from refusals. */
  readonly ratePerMinute?: number;
}

/** A simulated account: one that `startSandbox` started, or a folder, in which one is started for as long as the call takes. */
export interface SandboxConnection {
  readonly sandbox: Sandbox | string;
  readonly parallelism?: number;
}

export type Connection = ServerConnection | SandboxConnection;

/** What every call may be given of the outside. */
export interface Surroundings {
  /** Relative paths are read from here; the working folder unless told. */
  readonly folder?: string;
  /** Another disk than that of the machine. */
  readonly files?: Files;
  /** The moment as of which is answered, or a clock; the machine's clock unless told. */
  readonly now?: Date | (() => Date);
  /** Hears what happens on the way. */
  readonly onEvent?: Hear;
}

export interface ManifestOptions extends Surroundings {
  readonly manifest: ManifestSource;
}

/** An account, and what stops asking it: calls that are under way end, and what was asked for rejects with a PlatformError. */
export interface AccountOptions extends Surroundings {
  readonly connection: Connection;
  readonly signal?: AbortSignal;
}

/** A part of a divided account. */
export interface PartOption {
  /** A shard by its number, from 1, or what belongs to the account itself. */
  readonly part: PartName;
  /** Into how many shards the account is divided. */
  readonly of: number;
  /** What is dealt out to them: organizations unless told. */
  readonly by?: ShardUnit;
}

/** A manifest held against an account. */
export interface ReconcileOptions extends AccountOptions {
  readonly manifest: ManifestSource;
  /** Path, or `file:`, `postgres:` or `s3:` URL; beside the manifest unless told, and beside its folder for a sandbox in a folder. */
  readonly ledger?: string;
  /** The part of the account that is planned, applied or looked at; all of it unless told. A plan of a part says itself of which. */
  readonly shard?: PartOption;
}

export interface PlanOptions extends ReconcileOptions {
  readonly limits?: Partial<Limits>;
  /** The id of a run in the ledger, or how it begins: plans to take back what it did, instead of making the manifest true. */
  readonly undo?: string;
  /** The address of a service key: plans a new secret for it, and nothing else. */
  readonly rotate?: Address;
}

export interface ApproveOptions {
  readonly plan: Plan;
  /** All that waits for an approval unless told: every held change, and a weakening of the rules where the plan has one. */
  readonly changes?: readonly ChangeId[];
  /** Who approves, as it is to stand in the ledger. */
  readonly by: string;
  readonly reason: string;
  readonly expires: Date;
  /** The machine's clock unless told. */
  readonly now?: Date;
}

export interface ApplyOptions extends ReconcileOptions {
  /** Is run exactly or not at all. Without it what is planned now is applied as far as no gate holds it, which `autoApprove` says is meant. */
  readonly plan?: Plan;
  readonly autoApprove?: true;
  /** For what is held. Those that do not fit, or have expired, count for nothing. */
  readonly approvals?: readonly Approval[];
  /** E-mails of those who authored the change, where the manifest's rules do not let authors approve. */
  readonly authors?: readonly string[];
  /** Where there is no plan, which has its own. */
  readonly limits?: Partial<Limits>;
  /** For the plan of a part: what `summarize` made of the plans of all parts, or that it is meant without one. */
  readonly summary?: Summary | "none";
  /** The programs that secrets are handed to; those of the machine unless told. */
  readonly programs?: Programs;
  /** Variables of the environment that hold the account's key: programs that take secrets do not get them, nor ARIZE_API_KEY. */
  readonly keyVariables?: readonly string[];
}

/** What is asked: the account as it is, the manifest, or the account once a plan is done. */
export type Asked = "live" | "declared" | Plan;

/** Of the account, which is the usual, or of a plan, a connection is needed; of the manifest, the manifest. */
export interface QuestionOptions extends Surroundings {
  readonly of?: Asked;
  /** Tells where grants are written, and how what the documentation leaves open is settled. */
  readonly manifest?: ManifestSource;
  readonly connection?: Connection;
  readonly signal?: AbortSignal;
}

export interface ExplainOptions extends QuestionOptions {
  /** E-mail. */
  readonly person: string;
  /** Address of an organization, space or project. */
  readonly place: string;
}

export interface WhoCanOptions extends QuestionOptions {
  /** Identifier, such as `PROJECT_SPAN_READ`. */
  readonly permission: string;
  readonly place: string;
}

export interface AccessOptions extends QuestionOptions {
  readonly person: string;
}

export interface ExportOptions extends AccountOptions {
  /** Addresses of organizations and spaces; the whole account unless told. */
  readonly scopes?: readonly Address[];
  /** Whether people who hold the same things become groups; false unless told. */
  readonly groups?: boolean;
  /** Into how many files; one unless told. */
  readonly split?: Split;
}

export interface SummarizeOptions {
  /** One of each part. */
  readonly plans: readonly Plan[];
  /** For the whole: what its parts may remove together, and what is set aside (`mass-removal`, `assertion`). */
  readonly limits?: Partial<Summary["limits"]>;
}

export interface ReviewOptions extends Omit<ReconcileOptions, "shard"> {
  /** Every format unless told. */
  readonly formats?: readonly PacketFormat[];
}

/** A ledger by its location, or where it is for a manifest. */
export interface LedgerOptions extends Surroundings {
  /** Path, or `file:`, `postgres:` or `s3:` URL. */
  readonly ledger: string;
}

/** How a simulated account is started. */
export interface SandboxStart {
  /** Where the account lives between starts; in memory unless told. */
  readonly directory?: string;
  /** On 127.0.0.1; any free one unless told. */
  readonly port?: number;
  /** Makes ids and keys repeatable. */
  readonly seed?: number;
  readonly now?: () => Date;
}
