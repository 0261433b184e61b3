import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ApprovalAnswer, PageModel } from "../../src/page/page-model.ts";
import { type Draft, fileNameOf, requestApproval, writeApproval } from "../approval.ts";
import { WrittenApproval, writtenWords } from "./written-approval.tsx";

interface OutcomeProps {
  readonly model: PageModel;
  readonly draft: Draft;
  readonly isReady: boolean;
  /** Called before anything is written, so that what is missing is told. */
  readonly onTry: () => void;
  readonly announce: (text: string) => void;
}

/** The file that approves: written by the server where the page is served, else to download or copy; and what comes next. */
export function ApprovalOutcome(props: OutcomeProps): JSX.Element {
  const { model, draft } = props;
  return (
    <>
      {model.served === undefined ? <Save {...props} /> : <Send {...props} />}
      <h3>Then</h3>
      <NextCommands model={model} draft={draft} />
    </>
  );
}

function Preview({
  model,
  draft,
  isReady,
  text = null,
}: OutcomeProps & { readonly text?: { readonly current: HTMLPreElement | null } | null }): JSX.Element | null {
  if (!isReady) return null;
  return (
    <details class="preview">
      <summary>The approvals file</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to get there */}
      <pre ref={text} tabIndex={0}>
        {writeApproval(model, draft, new Date())}
      </pre>
    </details>
  );
}

function Save(props: OutcomeProps): JSX.Element {
  const { model, draft, isReady, onTry, announce } = props;
  const [copied, setCopied] = useState("");
  const preview = useRef<HTMLPreElement>(null);
  const name = fileNameOf(model, draft);
  const tell = (words: string): void => {
    setCopied(words);
    announce(words);
  };
  const once = (act: (text: string) => void): (() => void) => {
    return () => {
      onTry();
      setCopied("");
      if (isReady) act(writeApproval(model, draft, new Date()));
    };
  };
  return (
    <>
      <div class="buttons">
        <button
          type="button"
          class="primary"
          onClick={once((text) => {
            download(name, text);
            announce(`${name} is downloaded`);
          })}
        >
          Download {name}
        </button>
        <button
          type="button"
          onClick={once((text) => {
            copy(text).then(
              () => tell("The approvals file is copied."),
              () => {
                selectText(preview.current);
                tell("The browser does not let this page copy. The text below is selected: copy it by hand.");
              },
            );
          })}
        >
          Copy
        </button>
      </div>
      {copied !== "" && <p class="told">{copied}</p>}
      <Preview {...props} text={preview} />
    </>
  );
}

/** Shows a text that may be folded up, and selects all of it. */
function selectText(text: HTMLPreElement | null): void {
  if (text === null) return;
  const fold = text.closest("details");
  if (fold !== null) fold.open = true;
  text.focus();
  getSelection()?.selectAllChildren(text);
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

type Sent =
  | { readonly state: "open" | "sending" | "done" }
  | { readonly state: "written"; readonly answer: ApprovalAnswer }
  | { readonly state: "failed"; readonly error: string };

function Send(props: OutcomeProps): JSX.Element {
  const { model, draft, isReady, onTry, announce } = props;
  const [sent, setSent] = useState<Sent>({ state: "open" });
  const send = async (): Promise<void> => {
    onTry();
    if (!isReady) return;
    setSent({ state: "sending" });
    const answer = await post("approvals", requestApproval(model, draft));
    const next: Sent = "file" in answer ? { state: "written", answer } : { state: "failed", error: answer.error };
    setSent(next);
    announce(next.state === "written" ? writtenWords(next.answer) : next.error);
  };
  const finish = async (): Promise<void> => {
    await post("done", {});
    setSent({ state: "done" });
    announce("The server has stopped. This page can be closed.");
  };
  if (sent.state === "done") return <p class="told">The server has stopped. This page can be closed.</p>;
  return (
    <>
      <div class="buttons">
        <button type="button" class="primary" disabled={sent.state === "sending"} onClick={() => void send()}>
          Approve
        </button>
        <button type="button" onClick={() => void finish()}>
          Done
        </button>
      </div>
      {sent.state === "written" && <WrittenApproval model={model} answer={sent.answer} />}
      {sent.state === "failed" && (
        <p class="missing-list" role="alert">
          {sent.error}
        </p>
      )}
      {sent.state === "open" && model.served !== undefined && (
        <p class="faint">Approve writes a file in {model.served.folder}. Done stops the server.</p>
      )}
      <Preview {...props} />
    </>
  );
}

async function post(path: string, body: unknown): Promise<ApprovalAnswer | { readonly error: string }> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status === 500) return { error: "The server could not write it: see what it prints." };
    return (await answer.json()) as ApprovalAnswer | { readonly error: string };
  } catch {
    return { error: "The server does not answer: has it been stopped?" };
  }
}

function NextCommands({ model, draft }: { readonly model: PageModel; readonly draft: Draft }): JSX.Element {
  const { save, apply, applyWith } = model.commands;
  return (
    <ol class="commands">
      {save !== undefined && (
        <li>
          This plan is not saved yet: <code>{save}</code>
        </li>
      )}
      {model.served === undefined ? (
        <>
          <li>
            Put the file into <code>approvals/</code> beside the manifest, then: <code>{apply}</code>
          </li>
          <li>
            Or name it: <code>{`${applyWith} ${fileNameOf(model, draft)}`}</code>
          </li>
        </>
      ) : (
        <li>
          <code>{apply}</code>
        </li>
      )}
    </ol>
  );
}
