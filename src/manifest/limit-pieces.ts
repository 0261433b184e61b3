/** The most pieces one file may have: names, values, punctuation and runs of white space, counted one by one. */
export const MAX_PIECES = 500_000;
