import type { Address, ClassKey, KindName } from "./address.ts";
import type { ChangeOp, FieldChange, Hazard, Step } from "./change.ts";
import type { ResourceClass } from "./classed-world.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { IntentEntry } from "./ledger.ts";
import type { ManageMode, Manifest } from "./manifest.ts";
import type { Belonging, Belongings, Coverage, Focus } from "./plan.ts";
import type { ListRequest, PlatformReader, PlatformWriter } from "./platform.ts";
import type { RemoteRef, Resource, Spec, World } from "./resource.ts";
import type { Secret } from "./secret.ts";

/** What a kind says the manifest wants of it. */
export interface Declaration {
  readonly resource: Resource;
  /** False when the manifest says that it must not exist. */
  readonly present: boolean;
  /** Addresses it may still have on the platform, to be renamed. */
  readonly previously?: readonly Address[];
  /** RFC 3339 instant from which the resource is to go. */
  readonly expires: string | undefined;
  /** RFC 3339 instant from which it is to be renewed: from then on its spec has that instant as `rotation`. */
  readonly rotatesFrom?: string;
}

/** A class of a kind that the manifest manages. */
export interface ManagedClass {
  readonly key: ClassKey;
  readonly mode: ManageMode;
}

/** A change before it is judged: what the comparison found for one address. */
export interface DraftChange {
  readonly op: ChangeOp;
  readonly address: Address;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
  /** As it is declared, what no call changes included: what is made anew in place of the old gets that, too. */
  readonly wanted?: Resource | undefined;
  readonly fields: readonly FieldChange[];
}

/** Both worlds of a plan: what is there, and what will be there once every step is done. */
export interface Worlds {
  readonly live: World;
  readonly planned: World;
}

/** What may be said of what something leaves behind when it goes. */
export interface BelongingsScene extends Worlds {
  /** What was listed; undefined where nobody asked. */
  readonly belongings: Belongings | undefined;
  /** Grants that may be there, hidden by an inherited admin right. */
  readonly covered: ReadonlySet<Address>;
  /** True for what the manifest declares. */
  isDeclared(address: Address): boolean;
  coverageOf(key: ClassKey): Coverage;
}

export interface Cascade {
  /** What the platform is documented to remove along with it. */
  readonly certain: readonly Address[];
  /** What may go or stay: the platform does not say. */
  readonly possible: readonly Address[];
}

/** What an undo cannot bring back of a kind. */
export interface Losses {
  /** Why one that was deleted is not made again: it would be something else under the same name. */
  readonly whole?: string;
  /** What one that is made again lacks. */
  readonly part?: string;
  /** Fields that no call sets back to what they were. */
  readonly fields?: readonly string[];
  /** What only the manifest can say: one that it does not declare is not made again. */
  readonly given?: {
    /** Fields that one made again takes from the manifest, and that are not taken back by themselves. */
    readonly fields: readonly string[];
    /** What has to be written so that one can be made again, in sentences. */
    readonly how: (address: Address, spec: Spec) => string;
  };
}

/** What the platform overwrites by itself. */
export interface Governed {
  fits(address: Address): boolean;
  /** True where a plan leaves differences there alone. */
  readonly isLeftAlone: boolean;
  /** One sentence: who overwrites what, and when. */
  readonly because: string;
}

/** The part of a kind that planning sees: pure. */
export interface KindLogic {
  readonly name: KindName;
  /** What people call one of it: "space member". */
  readonly title: string;
  /** The kind that contains this one; undefined for what stands in the account itself. */
  readonly parentKind: KindName | undefined;
  parentOf(address: Address): Address | undefined;
  /** What it hangs on and goes with: its parent, and for a grant the person. */
  attachedTo(address: Address): readonly Address[];
  /** True when what hangs on it may be anywhere in the account, as a person's grants may. */
  readonly isHeldAnywhere: boolean;
  /** Fields of the spec that hold an address of another resource, or a mapping with addresses for keys or values. */
  readonly refersTo: readonly string[];
  /** Kinds that may hold an address of this one, and that are read before one is deleted: it may be in use there. */
  readonly usedBy?: readonly KindName[];
  /** Fields that are set at creation and can never be changed by a call; a difference is a note, not a change. */
  readonly fixed: readonly string[];
  /** What does not come back once it is gone; left out where one made again is as it was. */
  readonly losses?: Losses;
  /** Fields that change with time and by nobody, such as whether an invitation has expired: never drift. */
  readonly states?: readonly string[];
  declare(manifest: Manifest): readonly Declaration[];
  /** What of that is in sections in which nothing but roles is written, without listing it; `declareRest` gives everything else. */
  readonly declareClasses?: (manifest: Manifest) => readonly ResourceClass[];
  readonly declareRest?: (manifest: Manifest) => readonly Declaration[];
  /** The classes the manifest manages or needs read; `mode` is additive where it only needs them. */
  managedClasses(manifest: Manifest): readonly ManagedClass[];
  /** What must exist before it can, and must outlive it: what it is attached to, what it refers to, and what the platform asks for beside. */
  needs(resource: Resource, world: World): readonly Address[];
  /** What else this change comes after, whatever is done there. */
  follows(change: DraftChange, worlds: Worlds): readonly Address[];
  /** What else it had better come after, as far as nothing that is known of people's access speaks against it. */
  prefers(change: DraftChange, worlds: Worlds): readonly Address[];
  /** True when it gives as much as any of its kind can, so that setting it blindly lowers nothing. */
  isUtmost(resource: Resource): boolean;
  /** Why a declared resource that is not there cannot be made; undefined when it can. */
  whyNotCreatable(resource: Resource): string | undefined;
  hazardsOf(change: DraftChange, worlds: Worlds): readonly Hazard[];
  /** What goes when this address is deleted. */
  cascadeOf(address: Address, live: World): Cascade;
  /** What the platform overwrites because of this resource, as it will be; undefined for nothing. Kinds that govern nothing leave it out. */
  governs?(resource: Resource): Governed | undefined;
  /** What a reader must know beside the fields. */
  notesOn(change: DraftChange): readonly string[];
  /** Of a kind one of which may have made things that nobody declares: what is told of them before it is deleted. Then, and only then, they are read. */
  readonly tellBelongings?: (address: Address, scene: BelongingsScene) => readonly string[];
}

/** What a kind needs to read itself. */
export interface ReadContext {
  readonly reader: PlatformReader;
  /** Live resources of the kinds in `readAfter`. */
  readonly world: World;
  /** Parents whose class of this kind is to be read; for a kind without parent one undefined when it is wanted, else none. */
  readonly parents: readonly (Address | undefined)[];
  /** The resource that the platform knows under an id, among those read so far. */
  byId(kind: KindName, id: string): Address | undefined;
  /** The address under which the ledger remembers an id of the platform: tells apart what has one name. */
  rememberedAs?(kind: KindName, id: string): Address | undefined;
  /** Whom alone is looked for, and where; left out: everybody, everywhere. A kind may read more, and hands back no other grants. */
  readonly focus?: Focus;
  /** True where nothing will be written by what is read: which of several of one name is meant need not be known. */
  readonly onlyToTell?: boolean;
}

/** A place whose grants could not be read, and why. */
export interface UnreadPlace {
  readonly place: Address;
  /** A sentence. */
  readonly because: string;
}

export interface KindReading {
  /** Places of which nothing is known; many have one reason, and are told together. */
  readonly unread?: readonly UnreadPlace[];
  /** Where some people alone were looked for: true where they hold something in places that were not read. */
  readonly hasStrays?: boolean;
  /** Grants that were not looked at but taken from the ledger. */
  readonly assumed?: readonly Address[];
  /** Classes of which only what was named was read. */
  readonly loose?: readonly ClassKey[];
  /** Grants whose holder is covered by an inherited admin right, so that the platform hides whether they exist. */
  readonly covered?: readonly Address[];
  readonly resources: readonly Resource[];
  /** What is not among the resources, since there is nothing special about it. */
  readonly classes?: readonly ResourceClass[];
  readonly coverage: ReadonlyMap<ClassKey | KindName, Coverage>;
  readonly notes: readonly Diagnostic[];
}

/** The part of a kind that observing sees. */
export interface KindReads {
  readonly readAfter: readonly KindName[];
  read(context: ReadContext): Promise<KindReading>;
  /**
   * Asks already what `read` will ask, as soon as the parents are known: what else it comes after, it needs to understand the
   * answers. Only where all of a class is read. Left out by kinds that have nothing to wait for.
   */
  readonly readEarly?: (context: Pick<ReadContext, "reader" | "world" | "parents">) => Promise<unknown>;
  /**
   * Lists of the whole account that `read` asks for wherever any parent is there, or always where it has none. Asked for when the
   * parents are known as well, and before anything is known where the ledger remembers parents that are read: each may be a long
   * chain of calls.
   */
  readonly lists?: readonly ListRequest[];
  /** The number of parents from which on `read` asks for its lists; one unless told. */
  readonly listsFrom?: number;
  /** What `read` asks for instead of its lists where only some people are looked for. Left out by kinds that find them in their lists. */
  readonly listsFor?: (people: readonly Address[]) => readonly ListRequest[];
  /** The same where they have to be known: of each of them, by the platform's id. */
  readonly listsOf?: (person: string) => readonly ListRequest[];
  /** One resource as it is now; undefined when it is not there. Used right before a write. */
  look(context: LookContext): Promise<Resource | undefined>;
  /** Of a kind that tells of belongings: those that are no resources. Throws PlatformError where they cannot be listed. */
  readonly readBelongings?: (reader: PlatformReader, owner: Resource) => Promise<readonly Belonging[]>;
}

export interface LookContext {
  readonly reader: PlatformReader;
  readonly address: Address;
  /** What it is believed to be, ids included; undefined when it is believed not to exist. */
  readonly believed: RemoteRef | undefined;
  /** True where the plan was made without seeing the class: then "cannot be seen" is answered as "not there" and the write ensures it. */
  readonly mayBeBlind: boolean;
  /** The platform id of another resource, those made in this run included; throws when it has none. */
  idOf(address: Address): string;
  /** The address of a platform id, as far as known. */
  addressOf(kind: KindName, id: string): Address | undefined;
}

/** What a kind needs to change itself. */
export interface WriteContext {
  readonly writer: PlatformWriter;
  /** For what has to be known before a write that must not be sent twice. */
  readonly reader: PlatformReader;
  readonly address: Address;
  readonly remote: RemoteRef | undefined;
  readonly from: Spec | undefined;
  readonly to: Spec | undefined;
  readonly fields: readonly FieldChange[];
  /** What only the write needs and comparison never sees, such as the way a person is invited. */
  readonly creation: Readonly<Record<string, string>>;
  idOf(address: Address): string;
}

/** What a write left behind. */
export interface Written {
  readonly remote: RemoteRef;
  /** What the platform did otherwise than asked, in sentences. */
  readonly notes: readonly string[];
  readonly secret?: ShownSecret;
}

/** A secret that came with what was written. */
export type ShownSecret = {
  /** undefined where the answer was lost, and the secret with it. */
  readonly text: Secret | undefined;
} & IfLost;

/** What is done where the secret reached nobody. */
type IfLost =
  | {
      /** Makes worthless what was written. */
      readonly retract: () => Promise<void>;
    }
  | {
      /** For what lives on without it: what people can do then, in a sentence. */
      readonly remedy: string;
    };

/** What finding things without a delivered secret needs: the intent that is in doubt, and what is known by now. */
export interface DoubtContext {
  readonly reader: PlatformReader;
  readonly intent: IntentEntry;
  /** RFC 3339 instant at which the intent was written. */
  readonly at: string;
  /** True for ids that the ledger names: their secret reached its place, or was never axcess's. */
  isKnown(id: string): boolean;
}

/** What a kind does whose creation and change show a secret once: nothing of it may live whose secret reached nobody. */
export interface SecretCare {
  /** What an intent in doubt left behind without anybody having its secret. */
  findUndelivered(context: DoubtContext): Promise<readonly RemoteRef[]>;
  /** Makes something worthless whose secret reached nobody. */
  retract(writer: PlatformWriter, remote: RemoteRef): Promise<void>;
}

/** The part of a kind that applying sees. */
export interface KindWrites {
  /**
   * True where the platform refuses to make what is there already, by its natural key and with 409, and changes nothing by that.
   * Then nothing is looked at before a creation: the call tells more surely than a look, with no moment between the two.
   */
  readonly refusesDuplicates?: true;
  create(context: WriteContext): Promise<Written>;
  update(context: WriteContext): Promise<Written>;
  remove(context: WriteContext): Promise<"deleted" | "absent">;
  /** Only of a kind whose creation and change show a secret that makes what it belongs to dangerous where nobody has it. */
  readonly secrets?: SecretCare;
  /** Of a kind without such care: whether a step shows a secret that is to have a place. */
  readonly showsSecret?: (step: Pick<Step, "op" | "creation">) => boolean;
}

/** A kind: one object in one file. */
export type Kind = KindLogic & KindReads & KindWrites;
