import { guardSchema } from "./schema-guard.ts";

/**
 * Whether a plain value keeps every rule of the manifest's schema. What is shipped has in the place of this file what
 * scripts/compile-schema.mjs writes: the same test without all that only tells what is wrong, which is half of it.
 */
export const fitsSchema = (value: unknown): boolean => guardSchema(value);
