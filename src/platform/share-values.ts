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

/** Makes a pool of rows of people: each person's id and e-mail are held once as well. */
export function makeRowPool<R extends PersonRow>(isSame: (one: R, other: R) => boolean): ShareRow<R> {
  const ofEach = new Map<string, R[]>();
  return (row) => {
    const known = ofEach.get(row.userId);
    if (known === undefined) {
      ofEach.set(row.userId, [row]);
      return row;
    }
    for (const other of known) if (isSame(other, row)) return other;
    const [{ userId, email } = row] = known;
    const shared: R = { ...row, userId, email: email === row.email ? email : row.email };
    if (known.length < MOST_OF_ONE) known.push(shared);
    return shared;
  };
}

/** What every entry of a member list says. */
export interface PersonRow {
  readonly userId: string;
  readonly email: string | undefined;
  readonly userType: string | undefined;
}
