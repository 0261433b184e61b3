import { type HttpRequest, type HttpResponse, type Net, NetFailure } from "../../src/model/ports.ts";
import { changeAnswer } from "../faults/change-answer.ts";
import { beatToIt, editByHand } from "../faults/edit-by-hand.ts";
import { type Fault, type NetFault, nameFault, type RequestFault } from "../faults/fault.ts";
import { answerFromThePast } from "../faults/past-answer.ts";
import { askAgain } from "./ask-again.ts";
import type { Chance } from "./chance.ts";
import { type Machine, START } from "./machine.ts";
import type { Process } from "./process.ts";

/** What becomes of a request: a whole answer, or none. */
type Fate = { readonly answer: HttpResponse } | { readonly failure: NetFailure };

/** The network of one process: the simulated account at its end, and whatever befalls a request on its way. */
export function makeNet(machine: Machine, process: Process): Net {
  const chance = machine.chance.fork(`net ${machine.happenings.length}`);
  return {
    exchange: (request) =>
      process.answer((resolve, reject) => {
        void travel(machine, process, { request, chance }, (fate) => {
          if ("answer" in fate) resolve(fate.answer);
          else reject(fate.failure);
        });
      }),
    close: async () => {},
  };
}

interface Sending {
  readonly request: HttpRequest;
  readonly chance: Chance;
}

async function travel(
  machine: Machine,
  process: Process,
  { request, chance }: Sending,
  tell: (fate: Fate) => void,
): Promise<void> {
  const { state, timeline, note } = machine;
  state.requests += 1;
  const number = state.requests;
  const { method, body } = request;
  const { pathname, search } = new URL(request.url);
  const target = `${pathname}${search}`;
  const struck = listFaults(machine, number);
  note({ type: "request", pid: process.pid, number, method, target, body });
  for (const fault of struck) note({ type: "fault", name: nameFault({ fault }), at: `request ${number}` });
  if (sufferBefore(machine, process, struck)) return;
  timeline.after(chance.fraction() * 20, () => {
    void arrive(machine, { request, target, number, struck }).then((fate) => {
      if (struck.some((fault) => fault.kind === "kill" && fault.when === "after")) return endProcess(machine, process);
      const wait = "failure" in fate && fate.failure.timedOut ? request.timeoutMilliseconds : chance.fraction() * 20;
      timeline.after(wait, () => tell(fate));
    });
  });
}

function listFaults({ state }: Machine, number: number): readonly RequestFault[] {
  const isOfRequest = (fault: Fault): fault is Extract<Fault, { request: number }> => "request" in fault;
  return state.faults
    .filter(isOfRequest)
    .filter(({ request }) => request === number)
    .map(({ fault }) => fault);
}

/** What befalls the machine when a request is to be sent. True where the process does not live to send it. */
function sufferBefore(machine: Machine, process: Process, struck: readonly RequestFault[]): boolean {
  const { state } = machine;
  for (const fault of struck) {
    if (fault.kind === "permission-lost") state.denied = fault.status;
    if (fault.kind === "clock") state.shift += fault.minutes * 60_000;
    if (fault.kind === "interrupt") process.interrupt();
    if (fault.kind === "second-run") state.second?.();
    if (fault.kind === "kill" && fault.when === "before") {
      endProcess(machine, process);
      return true;
    }
  }
  return false;
}

function endProcess(machine: Machine, process: Process): void {
  process.kill();
  machine.note({ type: "killed", pid: process.pid });
}

interface Arrival {
  readonly request: HttpRequest;
  readonly target: string;
  readonly number: number;
  readonly struck: readonly RequestFault[];
}

async function arrive(machine: Machine, arrival: Arrival): Promise<Fate> {
  const { state, note } = machine;
  const { number, struck } = arrival;
  for (const fault of struck) if (fault.kind === "person") await editByHand(machine, fault);
  await beatToIt(machine, { method: arrival.request.method, target: arrival.target, body: arrival.request.body });
  state.actor = number;
  const fate = await meetFate(machine, arrival);
  const isWhole = "answer" in fate;
  note({ type: "answer", number, status: isWhole ? fate.answer.status : 0, body: isWhole ? fate.answer.body : "" });
  return fate;
}

async function meetFate(machine: Machine, { request, target, struck }: Arrival): Promise<Fate> {
  const { state, timeline } = machine;
  const now = new Date(START + timeline.now());
  const fault = struck.find(isOfNet);
  if (state.denied !== undefined) {
    const detail = "The caller may not do this any more.";
    return { answer: { status: state.denied, headers: {}, body: JSON.stringify({ title: "Refused", detail }) } };
  }
  const lost = fault === undefined ? undefined : judgeLoss(fault);
  if (lost !== undefined && !lost.isDone) return { failure: lost.failure };
  if (fault?.kind === "status" && !fault.isDone) return { answer: changeAnswer(NOTHING, fault, now) };
  const past = fault?.kind === "stale" ? await answerFromThePast(machine, request, target) : undefined;
  const answer = past ?? (await askAgain(machine, request, target));
  if (lost !== undefined) return { failure: lost.failure };
  return { answer: fault === undefined ? answer : changeAnswer(answer, fault, now) };
}

const NOTHING: HttpResponse = { status: 200, headers: {}, body: "" };

const BESIDE: readonly string[] = ["permission-lost", "kill", "clock", "interrupt", "second-run", "person"];

function isOfNet(fault: RequestFault): fault is NetFault {
  return !BESIDE.includes(fault.kind);
}

function judgeLoss(fault: NetFault): { readonly isDone: boolean; readonly failure: NetFailure } | undefined {
  const lose = (words: string, sent: boolean, timedOut = false): NetFailure =>
    new NetFailure(words, { sent, timedOut });
  if (fault.kind === "refused") return { isDone: false, failure: lose("connect ECONNREFUSED", false) };
  if (fault.kind === "reset") return { isDone: fault.isDone, failure: lose("read ECONNRESET", true) };
  if (fault.kind === "timeout") return { isDone: fault.isDone, failure: lose("the answer took too long", true, true) };
  return undefined;
}
