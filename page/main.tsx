import { render } from "preact";
import type { PageModel } from "../src/page/page-model.ts";
import { App } from "./app.tsx";
import { openReview } from "./review.ts";

const model = JSON.parse(document.getElementById("model")?.textContent ?? "") as PageModel;
const root = document.getElementById("page");
if (root === null) throw new Error("The page has no place to be shown in.");
root.replaceChildren();

const review = openReview(model);
const draw = (printing: boolean): void => render(<App review={review} printing={printing} />, root);
draw(false);
// For measuring: from here on the list is in the document.
performance.mark("shown");
// Drawn at once: the browser takes what is there when the event is over.
addEventListener("beforeprint", () => draw(true));
addEventListener("afterprint", () => draw(false));
