import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Credentials } from "../../../src/cli/account/credentials.ts";
import { findCredentials } from "../../../src/cli/account/profile.ts";
import { systemFiles } from "../../../src/host/system-files.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "axcess-home-"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(home, ".arize", path)), { recursive: true });
  writeFileSync(join(home, ".arize", path), text);
}

/** What was found, with the key taken out of its function. */
type Found = Omit<Credentials, "apiKey"> & { readonly apiKey: string };

async function find(env: Readonly<Record<string, string>> = {}, profile?: string): Promise<Found> {
  const found = await findCredentials({ env: { HOME: home, ...env }, files: systemFiles, profile });
  return { ...found, apiKey: found.apiKey() };
}

describe("the environment", () => {
  test.each([
    [{}, "https://api.arize.com", "https://app.arize.com"],
    [{ ARIZE_REGION: "eu-west-1a" }, "https://api.eu-west-1a.arize.com", "https://app.eu-west-1a.arize.com"],
    [
      { ARIZE_BASE_URL: "https://api.x.test/", ARIZE_APP_URL: "http://127.0.0.1:4010" },
      "https://api.x.test",
      "http://127.0.0.1:4010",
    ],
  ])("%j", async (env, restUrl, appUrl) => {
    expect(await find({ ARIZE_API_KEY: "secret", ...env })).toEqual({
      apiKey: "secret",
      source: "ARIZE_API_KEY",
      restUrl,
      appUrl,
      network: {},
    });
  });

  test.each([
    [{}, "No credentials were found."],
    [{ ARIZE_API_KEY: "se cret" }, "The key in ARIZE_API_KEY is empty or holds characters that no key has."],
    [{ ARIZE_REGION: "eu-west-1a" }, "ARIZE_REGION is set, but ARIZE_API_KEY is not."],
    [{ ARIZE_API_KEY: "k", ARIZE_REGION: "evil.test/" }, 'ARIZE_REGION is not a region: "evil.test/".'],
    [{ ARIZE_API_KEY: "k", ARIZE_REGION: "x", ARIZE_APP_URL: "https://a" }, "exclude each other"],
    [{ ARIZE_API_KEY: "k", ARIZE_BASE_URL: "https://a" }, "ARIZE_APP_URL is not set."],
    [{ ARIZE_API_KEY: "k", ARIZE_APP_URL: "https://a" }, "ARIZE_BASE_URL is not set."],
    [{ ARIZE_API_KEY: "k", ARIZE_APP_URL: "https://a", ARIZE_BASE_URL: "ftp://b" }, "ARIZE_BASE_URL is not the URL"],
    [
      { ARIZE_API_KEY: "k", ARIZE_APP_URL: "https://a", ARIZE_BASE_URL: "https://u:p@b" },
      "ARIZE_BASE_URL is not the URL",
    ],
  ])("%j is refused", async (env, message) => {
    await expect(find(env)).rejects.toThrow(message);
  });
});

describe("a profile of ax", () => {
  test("is found by name, by being active, or by being the default, in this order behind the environment", async () => {
    write("profiles/sim.toml", '[auth]\napi_key = "sim-key"\n');
    write("config.toml", '[auth]\nauth_method = "api-key"\napi_key = "default-key"\n');
    expect(await find()).toMatchObject({ apiKey: "default-key", source: "profile ~/.arize/config.toml" });
    write(".active_profile", "sim\n");
    expect(await find()).toMatchObject({ apiKey: "sim-key", source: "profile ~/.arize/profiles/sim.toml" });
    expect(await find({ ARIZE_API_KEY: "env-key" })).toMatchObject({ apiKey: "env-key" });
    expect(await find({ ARIZE_API_KEY: "env-key", ARIZE_REGION: "x" }, "default")).toMatchObject({
      apiKey: "default-key",
      restUrl: "https://api.arize.com",
    });
  });

  test.each([
    ['region = "eu-west-1a"', "https://api.eu-west-1a.arize.com", "https://app.eu-west-1a.arize.com"],
    ['base_domain = "ax.acme.io"', "https://api.ax.acme.io", "https://app.ax.acme.io"],
    [
      'single_host = "127.0.0.1"\nsingle_port = "4010"\napi_scheme = "http"',
      "http://127.0.0.1:4010",
      "http://127.0.0.1:4010",
    ],
    ['single_host = "ax.acme.io"\nsingle_port = 0', "https://ax.acme.io", "https://ax.acme.io"],
    [
      'api_host = "127.0.0.1:1"\napp_host = "127.0.0.1:2"\napp_scheme = "http"',
      "https://127.0.0.1:1",
      "http://127.0.0.1:2",
    ],
    [`api_host = "\${HOST:api.acme.io}"`, "https://api.acme.io", "https://app.arize.com"],
    [`base_domain = "\${DOMAIN:unset.io}"`, "https://api.acme.io", "https://app.acme.io"],
  ])("routing %s", async (routing, restUrl, appUrl) => {
    write("profiles/p.toml", `[auth]\napi_key = "\${P_KEY:fallback}"\n[routing]\n${routing}\n`);
    expect(await find({ P_KEY: "expanded", DOMAIN: "acme.io" }, "p")).toMatchObject({
      apiKey: "expanded",
      restUrl,
      appUrl,
    });
    expect(await find({ P_KEY: "", DOMAIN: "acme.io" }, "p")).toMatchObject({ apiKey: "fallback" });
  });

  test.each([
    ['[auth]\nauth_method = "oauth"\n', "signs in otherwise than with an API key; axcess needs one."],
    ["[auth]\n", "is empty or holds characters"],
    [
      '[auth]\napi_key = "k"\n[routing]\nregion = "a"\nbase_domain = "b.c"\n',
      "region and base_domain exclude each other",
    ],
    ['[auth]\napi_key = "k"\n[routing]\napi_host = "a b"\n', "api_host in ~/.arize/profiles/p.toml is not the URL"],
  ])("%j is refused", async (text, message) => {
    write("profiles/p.toml", text);
    await expect(find({}, "p")).rejects.toThrow(message);
  });

  test("that is no TOML is refused without quoting it", async () => {
    write("profiles/p.toml", '[auth]\napi_key = "very-secret" oops\n');
    await expect(find({}, "p")).rejects.toThrow(/^~\/\.arize\/profiles\/p\.toml is not TOML\.$/u);
  });

  test.each(["../x", ".hidden", "a/b"])("%s is no name of a profile", async (name) => {
    await expect(find({}, name)).rejects.toThrow("cannot be the name of a profile");
  });

  test("that is not there is refused", async () => {
    await expect(find({}, "none")).rejects.toThrow('There is no profile "none"');
    await expect(findCredentials({ env: {}, files: systemFiles, profile: undefined })).rejects.toThrow(
      "No credentials",
    );
  });
});

describe("the network of a profile", () => {
  const read = (network: string, security = "", env: Readonly<Record<string, string>> = {}): Promise<Found> => {
    const routing = '[auth]\napi_key = "k"\n[routing]\nbase_domain = "arize.acme.io"\n';
    write("config.toml", `${routing}[network]\n${network}\n[security]\n${security}\n`);
    return find(env, "default");
  };

  test("a proxy, the hosts that are reached without it, and a certificate are taken over", async () => {
    expect((await read('proxy_url = "http://proxy:3128"\nca_bundle = "/etc/ca.pem"')).network).toEqual({
      proxyUrl: "http://proxy:3128",
      caBundle: "/etc/ca.pem",
    });
    expect((await read('proxy_url = "http://proxy:3128"\nno_proxy = "localhost,.acme.io"')).network).toEqual({
      proxyUrl: "http://proxy:3128",
      directHosts: ["localhost", ".acme.io"],
    });
  });

  test("what it does not name is taken from the environment", async () => {
    const env = { HTTPS_PROXY: "http://other:3128", NO_PROXY: "a.test,b.test", HTTP_PROXY: "http://plain:1" };
    const directHosts = ["a.test", "b.test"];
    expect((await read("", "", env)).network).toEqual({ proxyUrl: "http://other:3128", directHosts });
    expect((await read('proxy_url = "http://proxy:3128"', "", env)).network).toEqual({
      proxyUrl: "http://proxy:3128",
      directHosts,
    });
    const found = await find({ ...env, ARIZE_API_KEY: "k", https_proxy: "http://lower:1", no_proxy: " " });
    expect(found.network).toEqual({ proxyUrl: "http://lower:1", directHosts });
  });

  test.each(["false", '"False"', '"0"', "0", '"off"', '"no"', `"\${VERIFY:false}"`])(
    "switching the verification of certificates off as %s is refused",
    async (word) => {
      await expect(read("", `request_verify = ${word}`)).rejects.toThrow("switches the verification");
    },
  );

  test.each(["true", '"yes"', "1", `"\${VERIFY:}"`])("verifying as %s goes on", async (word) => {
    expect(await read("", `request_verify = ${word}`)).toMatchObject({ apiKey: "k" });
  });
});

test("found credentials show no key when they are printed", async () => {
  const found = await findCredentials({
    env: { ARIZE_API_KEY: "very-secret" },
    files: systemFiles,
    profile: undefined,
  });
  expect(inspect(found, { depth: 9, showHidden: true }) + JSON.stringify(found)).not.toContain("very-secret");
});

test("on this machine one address serves both interfaces; elsewhere both must be given", async () => {
  const at = (base: string): Promise<Found> => find({ ARIZE_API_KEY: "k", ARIZE_BASE_URL: base });
  expect(await at("http://127.0.0.1:4010")).toMatchObject({ appUrl: "http://127.0.0.1:4010" });
  await expect(at("https://api.acme.io")).rejects.toThrow("ARIZE_APP_URL is not set");
});

describe("a region on the command line", () => {
  const find = (env: Readonly<Record<string, string>>): ReturnType<typeof findCredentials> =>
    findCredentials({ env, files: systemFiles, profile: undefined, region: "eu-west-1a" });

  test("is that of the key in the environment, whatever region stands there", async () => {
    const found = await find({ ARIZE_API_KEY: "k", ARIZE_REGION: "ca-central-1a" });
    expect(found).toMatchObject({
      restUrl: "https://api.eu-west-1a.arize.com",
      appUrl: "https://app.eu-west-1a.arize.com",
    });
  });

  test("is refused beside an address, and without a key", async () => {
    await expect(find({ ARIZE_API_KEY: "k", ARIZE_BASE_URL: "https://api.acme.io" })).rejects.toThrow(
      "exclude each other",
    );
    await expect(find({})).rejects.toThrow("ARIZE_API_KEY is not set");
  });
});
