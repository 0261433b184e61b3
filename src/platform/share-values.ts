/** Gives one text for all equal ones, so that what stands in a million rows is held once. */
export type ShareText = (text: string) => string;

/** Makes a pool of texts. */
export function makeTextPool(): ShareText {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
}

/** Gives one row for all equal ones: in most of their places people have one of few roles. */
export type ShareRow<R> = (row: R) => R;

/** Rows of one person that are looked through: there are no more roles than that in many places. */
const MOST_OF_ONE = 16;

/** Makes a pool of rows of plain values, their texts shared as well. */
export function makeRowPool<R extends { readonly userId: string }>(share: ShareText): ShareRow<R> {
  const ofEach = new Map<string, R[]>();
  return (row) => {
    const known = ofEach.get(row.userId);
    const same = known?.find((other) => isSameRow(other, row));
    if (same !== undefined) return same;
    const shared = shareTexts(row, share);
    if (known === undefined) ofEach.set(shared.userId, [shared]);
    else if (known.length < MOST_OF_ONE) known.push(shared);
    return shared;
  };
}

/** True where all fields are the same. */
export function isSameRow<R extends object>(one: R, other: R): boolean {
  for (const field in one) if (one[field] !== other[field]) return false;
  return true;
}

function shareTexts<R extends object>(row: R, share: ShareText): R {
  const shared: R = { ...row };
  for (const field in shared) {
    const value = shared[field];
    if (typeof value === "string") shared[field] = share(value) as typeof value;
  }
  return shared;
}
