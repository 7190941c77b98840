import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const READY_MS = 60_000;
const MAIL_MS = 20_000;
const LOOK_AGAIN_MS = 50;

const Ready = z.object({ key: z.string(), ownerLink: z.string().optional(), ready: z.literal(true) });

function binary(): string {
  const path =
    process.env.HUBCHAT_BIN ?? fileURLToPath(new URL("../../../target/debug/hubchat", import.meta.url));
  if (!existsSync(path)) {
    throw new Error(
      `There is no hubchat at ${path}: build it with cargo build -p hubchat, or name it by HUBCHAT_BIN.`,
    );
  }
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}

/** The link in the newest mail to somebody. */
async function linkFor(folder: string, email: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort().reverse()) {
    const mail = await readFile(join(folder, name), "utf8");
    if (!mail.includes(`To: ${email}`)) continue;
    const words = mail.replace(/=\r?\n/g, "").replace(/=3D/g, "=");
    const link = /https?:\/\/\S+#token=\w+/.exec(words)?.[0];
    if (link) return link;
  }
  return undefined;
}

/** A hubchat with its sandbox, on ports and data of its own, which outlive its process. */
export class Hub {
  readonly url: string;
  readonly sandboxUrl: string;
  /** The first owner's link; it works once. */
  ownerLink = "";
  /** An API key that may do everything. */
  key = "";
  private child: ChildProcess | undefined;
  private log = "";

  private constructor(
    private readonly program: string,
    port: number,
    private readonly sandboxPort: number,
    readonly data: string,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  }

  static async start(): Promise<Hub> {
    const data = await mkdtemp(join(tmpdir(), "hubchat-e2e-"));
    const hub = new Hub(binary(), await freePort(), await freePort(), data);
    await hub.run();
    return hub;
  }

  /** Starts the process and waits until it says that it is ready. */
  async run(): Promise<void> {
    const child = spawn(
      this.program,
      ["up", "--sandbox", "--json", "--sandbox-listen", `127.0.0.1:${this.sandboxPort}`],
      {
        env: { ...process.env, HUBCHAT_LISTEN: new URL(this.url).host, HUBCHAT_DATA_DIR: this.data },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.child = child;
    child.stderr?.on("data", (chunk) => {
      this.log = `${this.log}${chunk}`.slice(-20_000);
    });
    const ready = await new Promise<z.infer<typeof Ready>>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`hubchat ${why}:\n${this.log.slice(-4_000)}`));
      const timer = globalThis.setTimeout(() => fail(`was not ready in ${READY_MS} ms`), READY_MS);
      let out = "";
      child.stdout?.on("data", (chunk) => {
        out += chunk;
        const line = out.split("\n").find((one) => one.includes('"ready":true'));
        if (line === undefined || !out.includes("\n", out.indexOf(line))) return;
        clearTimeout(timer);
        resolve(Ready.parse(JSON.parse(line)));
      });
      child.once("error", (error) => fail(String(error)));
      child.once("exit", (code) => {
        clearTimeout(timer);
        fail(`ended with ${code}`);
      });
    });
    this.key = ready.key;
    if (ready.ownerLink) this.ownerLink = ready.ownerLink;
  }

  private async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  /** Ends the process as an operator does. */
  stop(): Promise<void> {
    return this.end("SIGTERM");
  }

  /** Ends the process as a power cut does. */
  kill(): Promise<void> {
    return this.end("SIGKILL");
  }

  /** Ends all and removes the data. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Invites a member by mail, and answers the link from it: mail is written into a folder of the data. */
  async invite(who: { name: string; email: string }, role: string): Promise<string> {
    await this.api("POST", "/api/members", { name: who.name, email: who.email, role });
    const folder = join(this.data, "mail");
    const deadline = Date.now() + MAIL_MS;
    for (;;) {
      const link = await linkFor(folder, who.email);
      if (link !== undefined) return link;
      if (Date.now() > deadline) throw new Error(`there was no mail for ${who.email} in ${MAIL_MS} ms`);
      await setTimeout(LOOK_AGAIN_MS);
    }
  }

  /** Calls the API as a program with the key. */
  async api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
