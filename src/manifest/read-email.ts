import { latePattern } from "../model/late-pattern.ts";

const findEmail = latePattern(
  String.raw`^[^\s@\p{C}"<>()[\]\\,:;]+@[^\s@.\p{C}"<>()[\]\\,:;/%]+(?:\.[^\s@.\p{C}"<>()[\]\\,:;/%]+)+$`,
  "u",
);
/** Most of them; what does not fit is asked for with all of Unicode. */
const ASCII_EMAIL = /^[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/u;
const findDomain = latePattern(String.raw`^[^\s\p{Cc}@.][^\s\p{Cc}@]*\.[^\s\p{Cc}@]*[^\s\p{Cc}@.]$`, "u");
const MAX_LENGTH = 254;

/** The one spelling of an e-mail address: without white space around it, in lower case. */
export function normalizeEmail(text: string): string {
  return text.trim().toLowerCase();
}

/** The one spelling of whom an entry means: groups are told apart by case, e-mails are not. */
export function normalizeWho(text: string): string {
  return text.startsWith("group:") ? text : normalizeEmail(text);
}

/** True when a normalised text can be an e-mail address. Deliberately loose: the platform decides in the end. */
export function isEmail(text: string): boolean {
  return text.length <= MAX_LENGTH && (ASCII_EMAIL.test(text) || findEmail().test(text));
}

/** True for the part of an e-mail address behind the @. */
export function isEmailDomain(text: string): boolean {
  return findDomain().test(text);
}
