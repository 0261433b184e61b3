import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that speaks as much of S3 as a ledger needs, and takes no notice of the conditions of a write. */
export async function startForgetfulS3(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const objects = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const found = objects.get(url.pathname);
      const headers = { etag: `"${found?.length}"`, "last-modified": new Date(0).toUTCString() };
      if (request.method === "PUT") {
        objects.set(url.pathname, body);
        response.writeHead(200, { etag: `"${body.length}"` }).end();
      } else if (url.searchParams.has("list-type")) {
        const keys = [...objects.keys()].map((key) => `<Contents><Key>${key.slice(3)}</Key></Contents>`).join("");
        response.writeHead(200, { "content-type": "application/xml" });
        response.end(`<?xml version="1.0"?><ListBucketResult>${keys}</ListBucketResult>`);
      } else if (found === undefined) response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
      else response.writeHead(200, headers).end(found);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
