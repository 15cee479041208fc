/** The catalogue of clients: those on this machine deliver to an honest server, and the others are reported as absent. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import path from "node:path";
import { suite, test } from "node:test";
import { clients, runLab } from "@postseal/lab";
import { findClients, subjectOf } from "./machine.ts";

const found = await findClients();
const report = await runLab({
  subjects: found.flatMap((one) => one.client.configurations.map((configuration) => subjectOf(one, configuration))),
  vectors: [],
  environment: process.env,
});

suite("the catalogue", () => {
  for (const { id, name, configurations } of clients) {
    test(`${name} delivers sealed, in every configuration and over every transport`, (t) => {
      if (!found.some(({ client }) => client.id === id)) {
        t.skip("not on this machine");
        return;
      }
      for (const configuration of configurations) {
        const runs = report.clients
          .filter((client) => client.id === id && client.configuration === configuration.name)
          .flatMap((client) => client.runs);
        assert.equal(runs.length, configuration.transports.length, configuration.name);
        for (const { vector, outcome, canaries, client, connections } of runs) {
          const where = `${configuration.name}, ${vector}: ${client.output}`;
          assert.equal(outcome, "delivered-sealed", where);
          // If a canary is never sent, or sent in another form, a leak of it could not be seen.
          const sent = connections.flatMap(({ entries }) => entries.filter(({ by }) => by === "client"));
          assert.ok(
            sent
              .map(({ text }) => text)
              .join("")
              .includes(canaries.body),
            where,
          );
        }
      }
    });
  }

  test("the project's own clients, and those whose programs are here, are among those tried", () => {
    const expected = ["postseal", "postseal-mailer", "nodemailer", "upyo", "emailjs"];
    const here = [
      ...(isHere("curl") ? ["curl"] : []),
      ...(isHere("msmtp") ? ["msmtp"] : []),
      ...(isHere("python3") ? ["smtplib"] : []),
    ];
    const tried = report.clients.map(({ id }) => id);
    assert.deepEqual(
      [...expected, ...here].filter((id) => !tried.includes(id)),
      [],
    );
  });

  test("a client that goes around its proxy does not count as one that has sent", () => {
    const driver = path.resolve("packages/lab/drivers/through-proxy.mjs");
    const { status, stderr } = spawnSync(process.execPath, [driver, "socks5", "true"], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /did not use its proxy/);
  });

  test("on a machine without any client none is found, and nothing fails", () => {
    // The search always looks at Python's standard path.
    const elsewhere = ["smtplib", "aiosmtplib", "django", "twisted"];
    const program = `
      import { clients } from "@postseal/lab";
      const surroundings = { postseal: ["postseal"], directories: ["/nonexistent"] };
      const versions = await Promise.all(clients.map(async (client) => [client.id, await client.version(surroundings)]));
      process.stdout.write(versions.filter(([, version]) => version !== undefined).map(([id]) => id).join(" "));
    `;
    const output = execFileSync(process.execPath, [...process.execArgv, "--input-type=module", "--eval", program], {
      env: { PATH: "/nonexistent" },
      encoding: "utf8",
    });
    const ids = output.split(" ").filter((id) => id !== "");
    assert.deepEqual(
      ids.filter((id) => !elsewhere.includes(id)),
      [],
    );
  });

  test("no two clients have the same name, and no two configurations of a client", () => {
    const names = clients.flatMap(({ id, configurations }) => configurations.map(({ name }) => `${id} ${name}`));
    assert.deepEqual(
      names.filter((name, at) => names.indexOf(name) !== at),
      [],
    );
  });
});

function isHere(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
