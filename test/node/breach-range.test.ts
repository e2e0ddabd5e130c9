/** The range API, spoken by a real server in this process, and by some that do not behave. */
import { createHash } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { askRanges } from "../../src/node/breach/range-client.ts";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener);
  const started = server;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return new URL(`http://127.0.0.1:${(started.address() as AddressInfo).port}/range/`);
}

function hashOf(text: string): string {
  return createHash("sha1").update(text).digest("hex").toUpperCase();
}

function ask(base: URL, hashes: readonly string[], timeoutMs = 5000, signal = new AbortController().signal) {
  return askRanges(hashes, { base, timeoutMs, signal }, () => undefined);
}

const PADDING = `${"0".repeat(34)}A:0\r\n${"0".repeat(34)}B:0`;

/** What the service does: hashes that begin so, and padding. */
function answers(leaked: ReadonlyMap<string, number>, asked: string[] = []): RequestListener {
  return ({ url = "", headers }, response) => {
    const prefix = url.slice("/range/".length);
    asked.push(`${prefix} ${String(headers["add-padding"])}`);
    const found = [...leaked].filter(([hash]) => hash.startsWith(prefix));
    response.end([...found.map(([hash, count]) => `${hash.slice(5)}:${count}`), PADDING].join("\r\n"));
  };
}

describe("a server that behaves", () => {
  test("is told prefixes only, each once and in order, and asked for padding", async () => {
    const leaked = new Map(["password", "monkey"].map((text) => [hashOf(text), 42]));
    const asked: string[] = [];
    const base = await serve(answers(leaked, asked));
    const twin = `${hashOf("password").slice(0, 5)}${"0".repeat(34)}A`;
    const hashes = [...Array.from({ length: 40 }, (_, at) => hashOf(`good ${at}`)), ...leaked.keys(), twin];
    expect(await ask(base, hashes)).toEqual(leaked);
    expect(asked.toSorted()).toEqual(
      [...new Set(hashes.map((hash) => `${hash.slice(0, 5)} true`))].toSorted(),
    );
  });

  test("is asked at most eight times at once", async () => {
    let [now, most] = [0, 0];
    const base = await serve((_request, response) => {
      most = Math.max(most, ++now);
      setImmediate(() => setImmediate(() => (now--, response.end(PADDING))));
    });
    await ask(
      base,
      Array.from({ length: 100 }, (_, at) => hashOf(`good ${at}`)),
    );
    expect(most).toBeLessThanOrEqual(8);
  });

  test("that is busy is asked again, as often as three times", async () => {
    let tries = 0;
    const base = await serve((_request, response) => {
      tries++;
      if (tries < 3) response.writeHead(tries === 1 ? 429 : 503, { "Retry-After": "0" }).end();
      else response.end(`${hashOf("password").slice(5)}:7`);
    });
    expect([...(await ask(base, [hashOf("password")])).values()]).toEqual([7]);
    expect(tries).toBe(3);
  });
});

describe("a server that does not behave ends the check", () => {
  test.each<[string, RequestListener, RegExp]>([
    [
      "garbage",
      (_request, response) => response.end("<html>hello</html>"),
      /does not answer as the range API/,
    ],
    ["nothing", (_request, response) => response.end(), /does not answer as the range API/],
    ["a whole hash", (_request, response) => response.end(`${hashOf("x")}:1`), /does not answer as the/],
    [
      "a line that is none",
      (_request, response) => response.end(`${PADDING}\r\nmore`),
      /does not answer as the/,
    ],
    ["an empty line", (_request, response) => response.end(`${PADDING}\r\n\r\n`), /does not answer as the/],
    ["a negative count", (_request, response) => response.end(`${"0".repeat(35)}:-1`), /does not answer as/],
    ["404", (_request, response) => response.writeHead(404).end(PADDING), /answers 404/],
    [
      "a redirection",
      (_request, response) => response.writeHead(302, { Location: "/range/00000" }).end(),
      /sends elsewhere/,
    ],
    [
      "busy for long",
      (_request, response) => response.writeHead(429, { "Retry-After": "3600" }).end(),
      /is busy \(429\)/,
    ],
    [
      "busy until a day",
      (_request, response) =>
        response.writeHead(503, { "Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT" }).end(),
      /is busy \(503\)/,
    ],
    [
      "always busy",
      (_request, response) => response.writeHead(503, { "Retry-After": "0" }).end(),
      /is busy \(503\)/,
    ],
    ["a hang-up", (request) => request.socket.destroy(), /is out of reach/],
    [
      "half an answer",
      (request, response) => {
        response.writeHead(200, { "Content-Length": "5000" }).write(PADDING, () => request.socket.destroy());
      },
      /is out of reach/,
    ],
  ])("%s", async (_what, listener, message) => {
    const base = await serve(listener);
    await expect(ask(base, [hashOf("password")])).rejects.toMatchObject({
      code: "network",
      message: expect.stringMatching(message),
    });
  });

  test("an answer without end is cut off", async () => {
    let sent = 0;
    const base = await serve((_request, response) => {
      const more = (): void => {
        const line = `${"0".repeat(35)}:0\r\n`.repeat(1000);
        sent += line.length;
        if (!response.destroyed) response.write(line, () => setImmediate(more));
      };
      more();
    });
    await expect(ask(base, [hashOf("password")])).rejects.toThrow("answers with over 1048576 bytes");
    expect(sent).toBeLessThan(30_000_000);
  });

  test.each<[string, RequestListener]>([
    ["silence", () => undefined],
    ["one byte and then none", (_request, response) => void response.write("0")],
  ])("%s is waited for no longer than --timeout says", async (_what, listener) => {
    const base = await serve(listener);
    await expect(ask(base, [hashOf("password")], 50)).rejects.toThrow("does not answer within 0.05 s");
  });

  test("nobody there", async () => {
    const base = await serve(() => undefined);
    server?.close();
    await expect(ask(base, [hashOf("password")])).rejects.toThrow(
      "is out of reach; nothing is known of breaches",
    );
  });

  test("one answer that fails is no answer at all", async () => {
    const bad = hashOf("good 7").slice(0, 5);
    const good = answers(new Map());
    const base = await serve((request, response) => {
      if (request.url?.endsWith(bad) === true) response.writeHead(500).end();
      else good(request, response);
    });
    const hashes = Array.from({ length: 30 }, (_, at) => hashOf(`good ${at}`));
    await expect(ask(base, hashes)).rejects.toThrow("answers 500");
  });

  test("whoever gives up does not wait", async () => {
    const stop = new AbortController();
    const base = await serve(() => stop.abort(new Error("enough")));
    await expect(ask(base, [hashOf("password")], 5000, stop.signal)).rejects.toThrow("enough");
  });
});
