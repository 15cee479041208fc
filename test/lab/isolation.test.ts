/** What a client finds around it in the lab, and that nothing is left when the lab is done or interrupted. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { after, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { honest, type LabOptions, type Run, runLab, vectorNamed, makePrivateFolder } from "@postseal/lab";
import { postseal } from "../cli/command.ts";

const folder = makePrivateFolder("isolation");
after(() => rmSync(folder, { recursive: true }));
const { isolation } = await runLab({ subjects: [], vectors: [] });
const onlyInPrivate = { skip: isolation === "namespaces" ? false : "no namespaces on this machine" };

async function tell(script: string, options: Partial<LabOptions> = {}): Promise<Run> {
  const { clients } = await runLab({
    vectors: [honest],
    subjects: [{ id: "sh", title: "sh", configuration: "", command: ["sh", "-c", script], transports: ["starttls"] }],
    environment: { PATH: process.env["PATH"], ALL_PROXY: "socks5://proxy.example:1080" },
    ...options,
  });
  const run = clients[0]?.runs[0];
  assert.ok(run !== undefined);
  return run;
}

suite("in namespaces a client", onlyInPrivate, () => {
  test("finds the host by its name, and the real port", async () => {
    const { client } = await tell("getent hosts {host}; echo port {port}");
    assert.match(client.output, /192\.0\.2\.25\s+smtp\.example\.test/);
    assert.match(client.output, /port 587/);
  });

  test("finds only one authority in the system's trust store, as a file and as a folder", async () => {
    const { client } = await tell(
      "cmp {ca} /etc/ssl/certs/ca-certificates.crt && ls /etc/ssl/certs && openssl verify -CApath /etc/ssl/certs {ca}",
    );
    assert.match(client.output, /OK$/m);
    assert.equal(client.exitCode, 0, client.output);
  });

  test("finds no way out, and no proxy", async () => {
    const { client } = await tell("ip -4 -o address; ip route; env | grep -i proxy");
    assert.doesNotMatch(client.output, /proxy|default/);
    assert.deepEqual(
      [...client.output.matchAll(/inet (\S+)/g)].map(([, address]) => address),
      ["127.0.0.1/8", "192.0.2.25/32"],
    );
  });

  test("can change none of the lab's files, of its own trial or of others", async () => {
    const lab = fileURLToPath(import.meta.resolve("@postseal/lab"));
    const files = `{message} {ca} /etc/hosts /etc/resolv.conf /etc/ssl/certs /proc/sys/kernel/core_pattern '${lab}' '${process.execPath}'`;
    const { client } = await tell(`for file in ${files}; do test -e $file && test ! -w $file && echo kept $file; done`);
    assert.equal(client.output.match(/^kept /gm)?.length, 8, client.output);
  });

  test("cannot change its network, its mounts or the name of its machine", async () => {
    const { client } = await tell(
      "ip link set lo down; mount -t tmpfs tmpfs {work}; hostname other; hostname; echo {work}/*",
    );
    assert.match(client.output, /Operation not permitted[^]*^client\.example\.test$/m);
    assert.equal(client.output.match(/permi(?:tted|ssion)|must be root/gi)?.length, 3, client.output);
  });

  test("finds no process but its own", async () => {
    const { client } = await tell("echo /proc/[0-9]*");
    assert.ok(client.output.split(" ").length <= 3, client.output);
  });

  test("leaves no process, not even one that has left its group", async () => {
    const mark = token();
    await tell(`setsid sleep ${mark} >/dev/null 2>&1 & sleep 0.2`);
    assert.deepEqual(processesWith(mark), []);
  });
});

test("on loopback a client leaves no process, not even one that has left its group", async () => {
  const mark = token();
  await tell(`setsid sleep ${mark} >/dev/null 2>&1 & sleep 0.2`, { isolation: "loopback" });
  const left = processesWith(mark);
  for (const id of left) process.kill(Number(id), "SIGKILL");
  assert.deepEqual(left, []);
});

test("a client that is not found fails at once", async () => {
  await assert.rejects(
    runLab({
      vectors: [honest],
      subjects: [{ id: "x", title: "x", configuration: "", command: ["no-such-client"], transports: ["starttls"] }],
    }),
    { code: "LAB_COMMAND", message: /"no-such-client" cannot be started \(ENOENT\)/ },
  );
});

test("on loopback a client gets an address that is not 127.0.0.1, another port, and the authority", async () => {
  const { client } = await tell("echo {host} {port}; cat {ca}; env", { isolation: "loopback" });
  assert.match(client.output, /^127\.0\.0\.2 \d{4,5}$/m);
  assert.match(client.output, /BEGIN CERTIFICATE/);
  assert.match(client.output, /SSL_CERT_FILE=/);
});

test("without namespaces the vectors that need a name are left out, and the report says so", async () => {
  const report = await runLab({ vectors: [vectorNamed("H-wildcard")], subjects: [], isolation: "loopback" });
  assert.deepEqual(report.vectors, []);
  assert.match(report.isolationNote ?? "", /1 vector/);
});

for (const mode of [[], ["--loopback"]]) {
  test(`Ctrl-C ends the clients and leaves no file${mode.length > 0 ? ", on loopback" : ""}`, async () => {
    const mark = token();
    const command = ["sh", "-c", `sleep ${mark} & sleep ${mark}`];
    const ended = await postseal(["lab", "run", ...mode, "--timeout", "60", "--", ...command], {
      environment: { TMPDIR: folder, PATH: process.env["PATH"] ?? "" },
      meanwhile: async (interrupt) => {
        while (processesWith(mark).length < 2) await delay(20);
        interrupt("SIGINT");
      },
    });
    assert.equal(ended.code, 130, ended.stderr);
    assert.match(ended.stderr, /interrupted by SIGINT/);
    assert.deepEqual(processesWith(mark), []);
    assert.deepEqual(readdirSync(folder), []);
  });
}

/** A unique number of seconds to sleep, by which the process is found again. */
function token(): string {
  return `600.${process.pid}${Math.floor(Math.random() * 1e6)}`;
}

function processesWith(mark: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(`sleep\0${mark}`);
    } catch {
      return false;
    }
  });
}
