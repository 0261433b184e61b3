import type { JSX } from "preact";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A text that narrows, with the words that there are to choose from. */
export function Search({
  label,
  value,
  onValue,
  list,
}: FieldProps & { readonly list?: string | undefined }): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="search"
        value={value}
        list={list}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}

/** One of a few words. */
export function Choice({
  label,
  value,
  options,
  onValue,
}: FieldProps & { readonly options: readonly (readonly [string, string])[] }): JSX.Element {
  return (
    <label class="field narrow">
      <span>{label}</span>
      <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A switch. */
export function Check(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChecked(event.currentTarget.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}
