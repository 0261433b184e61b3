/** Builds the program of the review page before the first test, so that none runs with an old one. */
export async function setup(): Promise<void> {
  const builder = new URL("../../scripts/build-page.mjs", import.meta.url).href;
  const { buildPage } = (await import(builder)) as { readonly buildPage: () => Promise<number> };
  await buildPage();
}
