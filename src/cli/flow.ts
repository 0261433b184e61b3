import type { Command } from "commander";
import type { Outcome, Session } from "./session.ts";

/** What a command comes to, once its words are understood. Loads what it needs only when it is called. */
export type Flow = (session: Session) => Promise<Outcome>;

/** Called by the one command that the words name. */
export type Start = (command: string, flow: Flow) => void;

/** Defines one command on the program. */
export type AddCommand = (program: Command, start: Start) => void;
