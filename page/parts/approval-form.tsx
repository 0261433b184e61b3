import type { JSX } from "preact";
import type { PageModel } from "../../src/page/page-model.ts";
import { type Draft, listConfirmations } from "../approval.ts";
import { ApproverField } from "./approver-field.tsx";

interface FormProps {
  readonly model: PageModel;
  readonly draft: Draft;
  /** True once somebody tried to approve. */
  readonly isTried: boolean;
  readonly onDraft: (draft: Draft) => void;
}

/** Who approves, why, until when; and for each person who is deleted for good the e-mail. */
export function ApprovalForm({ model, draft, isTried, onDraft }: FormProps): JSX.Element {
  const isDate = !draft.expires.endsWith("d");
  return (
    <form aria-label="Approval" onSubmit={(event) => event.preventDefault()}>
      <ApproverField by={draft.by} isTried={isTried} onBy={(by) => onDraft({ ...draft, by })} />
      <label class="field block">
        <span>Reason</span>
        <textarea
          rows={2}
          required
          value={draft.reason}
          onInput={(event) => onDraft({ ...draft, reason: event.currentTarget.value })}
        />
      </label>
      <div class="side-by-side">
        <label class="field block">
          <span>Counts for</span>
          <select
            value={isDate ? "date" : draft.expires}
            onChange={(event) => {
              const { value } = event.currentTarget;
              onDraft({ ...draft, expires: value === "date" ? "" : value });
            }}
          >
            <option value="1d">1 day</option>
            <option value="7d">7 days</option>
            <option value="30d">30 days</option>
            <option value="date">until a date</option>
          </select>
        </label>
        {isDate && (
          <label class="field block">
            <span>Until (0:00 UTC)</span>
            <input
              type="date"
              value={draft.expires}
              onInput={(event) => onDraft({ ...draft, expires: event.currentTarget.value })}
            />
          </label>
        )}
      </div>
      {listConfirmations(model, draft).map(({ id, confirm }) => (
        <label key={id} class="field block confirm">
          <span>
            <strong>{confirm}</strong> is deleted for good and can never be invited again. Type the e-mail to confirm:
          </span>
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={draft.confirmed[id] ?? ""}
            onInput={(event) =>
              onDraft({ ...draft, confirmed: { ...draft.confirmed, [id]: event.currentTarget.value } })
            }
          />
        </label>
      ))}
    </form>
  );
}
