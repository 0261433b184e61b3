// Imported into a counted process: notes the files of all modules that it loads, in the file that NOTE_MODULES names.
import { appendFileSync } from "node:fs";
import Module, { register } from "node:module";

const { NOTE_MODULES: file } = process.env;
const hooks = `
import { appendFileSync } from "node:fs";
export const load = (url, context, next) => {
  if (url.startsWith("file:")) appendFileSync(${JSON.stringify(file)}, url + "\\n");
  return next(url, context);
};`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
// What is loaded by require does not come by the hooks.
const own = Module.prototype.load;
Module.prototype.load = function load(path) {
  appendFileSync(file, `file://${path}\n`);
  return own.call(this, path);
};
