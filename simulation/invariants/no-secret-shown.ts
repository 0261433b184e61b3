import type { Invariant } from "./invariant.ts";

/** No secret is in anything that anybody sees: no output, plan, ledger line, lock or event. */
export const noSecretShown: Invariant = {
  name: "no-secret-shown",
  claim: "no secret is shown or written anywhere but to its place",
  watch: (tell, { adminKey, outputs }) => {
    const secrets = new Set([adminKey]);
    const written: string[] = [];
    return {
      see: (happening) => {
        if (happening.type === "answer") for (const secret of findSecrets(happening.body)) secrets.add(secret);
        if (happening.type === "write" && !happening.path.includes("/.secrets/")) written.push(happening.text);
        if (happening.type !== "settled") return;
        const all = [...outputs, ...written.splice(0)].join("\n");
        for (const secret of secrets)
          if (all.includes(secret)) tell(`the secret ${secret.slice(0, 6)}… is in: ${around(all, secret)}`);
      },
    };
  },
};

function findSecrets(body: string): readonly string[] {
  return [...body.matchAll(/"(?:key|temporary_password|password)":"([^"]{8,})"/gu)].map(([, secret = ""]) => secret);
}

function around(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 80), at).replaceAll("\n", " ");
}
