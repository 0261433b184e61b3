import type { Position } from "../../model/diagnostic.ts";
import { describeSink } from "../../model/secret.ts";
import { buildSink, SINK_KEYS } from "../build-key.ts";
import type { Problems } from "../collect-problems.ts";
import type { Draft, DraftSink } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";

/** Every secret, of a key or a person, has a place that can be, and that no other has. */
export function checkSinks({ draft, problems }: CheckContext): void {
  const taken = new Map<string, Position>();
  for (const draftSink of listSinks(draft)) {
    checkSink(draftSink, problems);
    const sink = buildSink(draftSink);
    if (sink === undefined || sink.to === "command") continue;
    const words = describeSink(sink);
    const other = taken.get(words);
    if (other === undefined) taken.set(words, draftSink.at);
    else reportShared(draftSink.at, other, problems);
  }
}

function listSinks({ people, organizations }: Draft): readonly DraftSink[] {
  const spaces = [...(organizations?.entries.values() ?? [])].flatMap((organization) => [
    ...(organization.spaces?.entries.values() ?? []),
  ]);
  return [
    ...[...(people?.values() ?? [])].flatMap(({ password }) => password ?? []),
    ...spaces.flatMap(({ serviceKeys }) => [...(serviceKeys?.entries.values() ?? [])].map(({ secret }) => secret)),
  ];
}

function checkSink(sink: DraftSink, problems: Problems): void {
  const needed = SINK_KEYS[sink.to as keyof typeof SINK_KEYS] ?? [];
  const written = [...sink.texts.keys(), ...(sink.command === undefined ? [] : ["command"])];
  const missing = needed.filter((key) => !written.includes(key));
  const strange = written.filter((key) => !needed.includes(key));
  if (missing.length + strange.length === 0) return;
  problems.report("AX233", {
    at: sink.at,
    detail: `The secret goes to ${quoteName(sink.to)}, which takes ${needed.join(" and ")}${
      missing.length > 0 ? `; missing: ${missing.join(", ")}` : ""
    }${strange.length > 0 ? `; not possible: ${strange.join(", ")}` : ""}.`,
    fix: `Write { to: ${sink.to}, ${needed.map((key) => `${key}: …`).join(", ")} }.`,
  });
}

function reportShared(at: Position, other: Position, problems: Problems): void {
  problems.report("AX235", {
    at,
    detail: "Two secrets go into the same place: only the later one would be there.",
    fix: "Give each secret a place of its own.",
    related: [{ at: other, message: "The place is first written here." }],
  });
}
