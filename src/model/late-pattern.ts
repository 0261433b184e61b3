/**
 * A pattern that is made when it is first asked for. What names classes of Unicode takes V8 a tenth to half a millisecond each at
 * every start as a literal, whether it is used or not.
 */
export function latePattern(source: string, flags: string): () => RegExp {
  let made: RegExp | undefined;
  return () => {
    made ??= new RegExp(source, flags);
    // A global one goes on where its last search ended.
    made.lastIndex = 0;
    return made;
  };
}
