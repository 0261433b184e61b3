// What people write over the vendor's TypeScript SDK: list what is there, make what is missing.
// node run-sdk.mjs WANTED.json IN_FLIGHT; the account by ARIZE_BASE_URL and ARIZE_API_KEY
import { readFileSync } from "node:fs";
import { createClient, createRoleBinding, listRoleBindings } from "@arizeai/ax-client";

const [file, inFlight = "1"] = process.argv.slice(2);
const wanted = JSON.parse(readFileSync(file, "utf8"));
const client = createClient({ apiKey: process.env.ARIZE_API_KEY, baseUrl: process.env.ARIZE_BASE_URL });

const there = new Set();
for (let cursor; ; ) {
  const page = await listRoleBindings({ client, resourceType: "PROJECT", ...(cursor === undefined ? {} : { cursor }) });
  for (const { userId, resourceId } of page.data) there.add(`${userId} ${resourceId}`);
  if (!page.pagination.hasMore) break;
  cursor = page.pagination.nextCursor;
}

const missing = wanted.filter(({ userId, resourceId }) => !there.has(`${userId} ${resourceId}`));
let failed = 0;
await Promise.all(
  Array.from({ length: Number(inFlight) }, async () => {
    for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
      try {
        await createRoleBinding({ client, ...next, resourceType: "PROJECT" });
      } catch {
        failed += 1;
      }
    }
  }),
);
process.exitCode = failed === 0 ? 0 : 1;
