// The same bindings as custom resources of alchemy, as its guide has them; its state in files of the working folder.
// node run-alchemy.mjs WANTED.json; the account by ARIZE_BASE_URL and ARIZE_API_KEY
import { readFileSync } from "node:fs";
import alchemy, { Resource } from "alchemy";

const wanted = JSON.parse(readFileSync(process.argv[2], "utf8"));
const headers = { authorization: `Bearer ${process.env.ARIZE_API_KEY}`, "content-type": "application/json" };

async function call(method, path, body) {
  const answer = await fetch(`${process.env.ARIZE_BASE_URL}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

const Binding = Resource("bench::Binding", async function (_id, { userId, roleId, resourceId }) {
  if (this.phase === "delete") {
    await call("DELETE", `/v2/role-bindings/${this.output.id}`);
    return this.destroy();
  }
  if (this.phase === "update") return this.output;
  const body = { user_id: userId, role_id: roleId, resource_id: resourceId, resource_type: "PROJECT" };
  const { id } = await call("POST", "/v2/role-bindings", body);
  return { id, userId, roleId, resourceId };
});

const app = await alchemy("bench", { stage: "bench", quiet: true, noTrack: true });
await Promise.all(wanted.map((each, index) => Binding(`binding-${index}`, each)));
await app.finalize();
