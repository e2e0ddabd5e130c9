/** Where the agent is reached, and what listens there. That it is turned off is no finding. */
import { fs } from "../fs.ts";
import type { Finding, Subject } from "./finding.ts";

export function checkAgent({ agent }: Subject): readonly Finding[] {
  switch (agent.kind) {
    case "unreachable":
      return [{ id: "agent", level: "advice", text: agent.text, fix: ["pm", "help", "agent", "start"] }];
    case "none":
      return [...notAFolder(agent.directory), ...notASocket(agent.socket)];
    case "stranger": {
      const text = `what listens at ${agent.socket} is not pm's agent, and keeps it from being used`;
      return [{ id: "agent", level: "problem", text, fix: ["rm", agent.socket] }];
    }
    case "agent":
      return agent.protocol === agent.own ? [] : [otherVersion(agent.protocol, agent.own)];
  }
}

function otherVersion(protocol: number, own: number): Finding {
  const text = `the agent that runs is of another version of pm (protocol ${protocol}, here ${own}): the next command ends it, and its vaults are locked then`;
  return { id: "agent", level: "advice", text, fix: ["pm", "agent", "stop"] };
}

/** The agent follows no link to it. */
function notAFolder(path: string): readonly Finding[] {
  const facts = fs.lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined || facts.isDirectory()) return [];
  const text = `${path} is no folder, and keeps the agent from being used`;
  return [{ id: "agent", level: "problem", text, fix: ["rm", path] }];
}

function notASocket(path: string): readonly Finding[] {
  const facts = fs.lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined || facts.isSocket()) return [];
  const text = `${path} is no socket, and keeps the agent from being used`;
  return [{ id: "agent", level: "problem", text, fix: ["rm", path] }];
}
