// Rendering is where it is needed most, so that it is found here too.
export { harmless, harmlessJson } from "../../model/harmless.ts";
