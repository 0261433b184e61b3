import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** Finds one of many by name, on Enter or as soon as a whole name stands there. */
export function Jump(props: {
  readonly label: string;
  readonly list: string;
  readonly names: readonly string[];
  readonly onFound: (number: number) => void;
  readonly announce: (text: string) => void;
}): JSX.Element {
  const { label, list, names, onFound, announce } = props;
  const [text, setText] = useState("");
  const [isMissing, setMissing] = useState(false);
  const find = (wanted: string): void => {
    const lower = wanted.toLowerCase();
    const exact = names.findIndex((name) => name.toLowerCase() === lower);
    const found = exact >= 0 ? exact : names.findIndex((name) => name.toLowerCase().includes(lower));
    setMissing(found < 0);
    if (found < 0) announce(`${wanted} is not found`);
    else onFound(found);
  };
  return (
    <label class={isMissing ? "field missing" : "field"}>
      <span>{isMissing ? `${label}: not found` : label}</span>
      <input
        type="search"
        value={text}
        list={list}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setMissing(false);
          // A name that was chosen from the list is wanted at once.
          if (event instanceof InputEvent && event.inputType !== "insertReplacementText") return;
          if (names.includes(event.currentTarget.value)) find(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && text !== "") find(text);
        }}
      />
    </label>
  );
}
