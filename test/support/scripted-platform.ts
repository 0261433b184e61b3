import type { Pacing, PlatformReader, PlatformWriter } from "../../src/model/platform.ts";
import type { HttpRequest } from "../../src/model/ports.ts";
import {
  type ConnectOptions,
  connectPlatform,
  makeReader,
  makeWriter,
  type PlatformEvent,
} from "../../src/platform/arize-platform.ts";
import { makeScriptedNet, type ScriptedNet, type ScriptedReply } from "./scripted-net.ts";
import { makeVirtualClock, type VirtualClock } from "./virtual-clock.ts";

export const TEST_KEY = "ak-test-0123456789";

export interface ScriptedPlatform extends Pacing {
  readonly reader: PlatformReader;
  readonly writer: PlatformWriter;
  readonly net: ScriptedNet;
  readonly clock: VirtualClock;
  readonly events: readonly PlatformEvent[];
  close(): Promise<void>;
}

/** Connects to a platform that is a function, under a virtual clock, its own unless given. Chance is one half. */
export function connectScripted(
  reply: (request: HttpRequest, count: number, clock: VirtualClock) => ScriptedReply,
  options: Partial<ConnectOptions> = {},
  clock: VirtualClock = makeVirtualClock(),
): ScriptedPlatform {
  const net = makeScriptedNet(clock, (request, count) => reply(request, count, clock));
  const events: PlatformEvent[] = [];
  const connection = connectPlatform({
    restUrl: "https://api.example.test",
    appUrl: "https://app.example.test",
    apiKey: () => TEST_KEY,
    net,
    clock,
    random: { fraction: () => 0.5, id: () => "id" },
    parallelism: 16,
    ratePerMinute: undefined,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const reader = makeReader(connection);
  return {
    reader,
    writer: makeWriter(connection, reader),
    net,
    clock,
    events,
    close: connection.close,
    writesPerMinute: connection.writesPerMinute,
    learned: connection.learned,
    recall: connection.recall,
  };
}
