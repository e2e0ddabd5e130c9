/** Where the agent of a PM_HOME is reached. */
import { PmError } from "../core/errors.ts";
import type { Paths } from "../node/paths.ts";

export interface AgentPlace {
  /** Of the user alone; nothing is trusted in one that is not. */
  readonly directory: string;
  readonly socket: string;
  /** The file with the secret of the mutual proof. */
  readonly token: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** sockaddr_un has room for 108 bytes on Linux and 104 on macOS, one of them the end. */
const MAX_SOCKET_BYTES = 100;

/** @throws PmError "unavailable" where no socket can have so long a path */
export async function agentPlace(paths: Pick<Paths, "run">, env: Env): Promise<AgentPlace> {
  if (new TextEncoder().encode(`${paths.run}/agent.sock`).length <= MAX_SOCKET_BYTES) {
    return placeIn(paths.run, "agent");
  }
  const runtime = env["XDG_RUNTIME_DIR"];
  if (runtime?.startsWith("/") !== true) {
    throw new PmError("unavailable", `the path of the agent's socket is too long: ${paths.run}/agent.sock`, {
      hint: "set XDG_RUNTIME_DIR to a folder with a short path, or use a shorter PM_HOME",
    });
  }
  const { createHash } = await import("node:crypto");
  // Without PM_HOME there is no other name for these directories than the one that is too long.
  const { resolve } = await import("node:path");
  const home = env["PM_HOME"] ? resolve(env["PM_HOME"]) : paths.run;
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return placeIn(`${runtime}/pm`, name);
}

function placeIn(directory: string, name: string): AgentPlace {
  return { directory, socket: `${directory}/${name}.sock`, token: `${directory}/${name}.token` };
}
