/** A git server over HTTP with Basic authentication: git's own http-backend behind node:http, on a port of its own. */
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface GitServer {
  /** As "http://127.0.0.1:40123". */
  readonly url: string;
  /** User names and their passwords; may be changed at any time. */
  readonly users: Map<string, string>;
  /** Of each request, in order: who was let in, or undefined. */
  readonly seen: (string | undefined)[];
}

/** Serves the bare repositories in a folder. */
export async function startGitServer(folder: string): Promise<GitServer> {
  const users = new Map<string, string>();
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const user = userOf(request, users);
    seen.push(user);
    if (user === undefined) {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="test"' }).end();
      return;
    }
    serve(request, response, { folder, user });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, users, seen };
}

function userOf({ headers }: IncomingMessage, users: ReadonlyMap<string, string>): string | undefined {
  const [, base64 = ""] = /^Basic (\S+)$/.exec(headers.authorization ?? "") ?? [];
  const [, user = "", password] = /^([^:]*):(.*)$/s.exec(Buffer.from(base64, "base64").toString()) ?? [];
  return password !== undefined && users.get(user) === password ? user : undefined;
}

/** As a CGI program (RFC 3875): variables and a body in, headers and a body out. */
function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, user }: { readonly folder: string; readonly user: string },
): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      REMOTE_USER: user,
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  backend.once("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const lines = output.subarray(0, end).toString().split("\r\n");
    const headers = lines.map((line) => line.split(/: */, 2) as [string, string]);
    const [, status = "200"] = headers.find(([name]) => name === "Status") ?? [];
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(headers));
    response.end(output.subarray(end + 4));
  });
}
