import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { refuseApprover } from "../approval.ts";

/** Who approves. What is no e-mail is told at the field, as soon as it is left or the form is sent. */
export function ApproverField(props: {
  readonly by: string;
  /** True once somebody tried to approve. */
  readonly isTried: boolean;
  readonly onBy: (by: string) => void;
}): JSX.Element {
  const { by, isTried, onBy } = props;
  const [isLeft, setLeft] = useState(false);
  const refusal = refuseApprover(by);
  const isShown = refusal !== undefined && (isTried || (isLeft && by.trim() !== ""));
  return (
    <div class="field block">
      <label for="approver">Who approves (e-mail)</label>
      <input
        id="approver"
        type="text"
        inputMode="email"
        autocomplete="email"
        spellcheck={false}
        required
        aria-invalid={isShown}
        aria-describedby="approver-refusal"
        value={by}
        onInput={(event) => {
          setLeft(false);
          onBy(event.currentTarget.value);
        }}
        onBlur={() => setLeft(true)}
      />
      {/* After a try the list of what is missing is read aloud, with this in it. */}
      <p id="approver-refusal" class="field-refusal" aria-live={isTried ? "off" : "assertive"}>
        {isShown ? refusal : ""}
      </p>
    </div>
  );
}
