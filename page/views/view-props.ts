import type { Review } from "../review.ts";

/** What every view gets. */
export interface ViewProps {
  readonly review: Review;
  /** True while the page goes to paper. */
  readonly printing: boolean;
  /** Has something read aloud that only the eye would notice. */
  readonly announce: (text: string) => void;
}
