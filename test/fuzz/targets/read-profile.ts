import fc from "fast-check";
import { readProfile } from "../../../src/cli/account/profile-file.ts";
import { describeFailure } from "../../../src/cli/exit.ts";
import { memoryFiles } from "../../manifest/load-text.ts";
import { HOSTILE_TEXTS } from "../hostile-values.ts";
import { requireHarmless, unlessRefused } from "../judge.ts";
import { mutateText, someEdits } from "../mutate.ts";
import { makeTrial, type Target } from "../target.ts";

const KEY = "ak-0123456789abcdef";

const PROFILE = `[profile]
name = "default"

[auth]
auth_method = "api-key"
api_key = "\${KEY:${KEY}}"

[routing]
region = "eu-west-1a"
single_host = ""
single_port = 0

[transport]
stream_max_workers = 8

[network]
proxy_url = "http://127.0.0.1:3128"

[security]
request_verify = true
`;

const ROUTING = `[auth]\napi_key = "${KEY}"\n[routing]\nsingle_host = "host.example"\nsingle_port = 8443\napi_scheme = "https"\n`;
const DOMAIN = `[auth]\napi_key = "${KEY}"\n[routing]\nbase_domain = "arize.example"\n[network]\nca_bundle = "ca.pem"\n`;

const anyCase = fc.record({
  text: fc.constantFrom(PROFILE, PROFILE, ROUTING, DOMAIN),
  edits: someEdits,
  env: fc.dictionary(fc.constantFrom("KEY", "X"), fc.constantFrom("", KEY, ...HOSTILE_TEXTS.slice(0, 30)), {
    maxKeys: 2,
  }),
});

/** A profile of the vendor's command line: a key and addresses, or a UsageError that does not hold the key. */
export const readProfileFile: Target = {
  runs: 2000,
  open: async () =>
    makeTrial(anyCase, async ({ text, edits, env }) => {
      const files = memoryFiles({ "/home/.arize/config.toml": mutateText(text, edits) });
      const search = { files, env: { HOME: "/home", ...env }, folder: "/" };
      const read = await unlessRefused(async () => {
        try {
          return await readProfile(search as unknown as Parameters<typeof readProfile>[0], "default");
        } catch (error) {
          const told = describeFailure(error);
          requireHarmless(told.fix ?? "");
          if (told.message.includes(KEY)) throw new Error("the key is told");
          throw error;
        }
      });
      if (read === undefined) return;
      for (const url of [read.restUrl, read.appUrl]) new URL(url);
      // What stands in a header.
      new Headers({ authorization: `Bearer ${read.apiKey}` });
    }),
};
