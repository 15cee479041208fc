import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Containment } from "./containment.ts";

test("what a call returns is returned, and what it throws is not thrown", () => {
  const containment = new Containment("A watcher that throws");
  assert.equal(
    containment.run(() => 7),
    7,
  );
  assert.equal(containment.run(fail), undefined);
});

test("only the first failure is a warning", async () => {
  using warnings = new Warnings("A watcher that throws twice");
  const containment = new Containment("A watcher that throws twice");
  containment.run(fail);
  containment.run(fail);
  const [warning] = await warnings.settled();
  assert.match(String(warning), /^PostsealWarning: A watcher that throws twice failed, which changes nothing/);
  assert.match(JSON.stringify(warning), /"code":"POSTSEAL_OBSERVER".*Error: the watcher failed/);
  assert.equal(warnings.all.length, 1);
});

test("a promise that rejects later is contained, too", async () => {
  using warnings = new Warnings("A watcher that rejects");
  const rejections: unknown[] = [];
  const note = (reason: unknown): unknown => rejections.push(reason);
  process.on("unhandledRejection", note);
  void new Containment("A watcher that rejects").run(async () => fail());
  assert.equal((await warnings.settled()).length, 1);
  process.off("unhandledRejection", note);
  assert.deepEqual(rejections, []);
});

test("an error that throws when it is read is a warning like any other", async () => {
  using warnings = new Warnings("A watcher with an unreadable error");
  const unreadable = Object.assign(new Error("x"), { [Symbol.for("nodejs.util.inspect.custom")]: fail });
  new Containment("A watcher with an unreadable error").run(() => {
    throw unreadable;
  });
  const [warning] = await warnings.settled();
  assert.match(JSON.stringify(warning), /cannot be shown/);
});

function fail(): never {
  throw new Error("the watcher failed");
}

/** The warnings that begin with the name. */
class Warnings {
  readonly all: Error[] = [];
  readonly #name: string;
  readonly #note = (warning: Error): void => {
    if (warning.message.startsWith(this.#name)) this.all.push(warning);
  };

  constructor(name: string) {
    this.#name = name;
    process.on("warning", this.#note);
  }

  /** After a later warning, all earlier ones are there. */
  async settled(): Promise<readonly Error[]> {
    await Promise.resolve();
    const last = once(process, "warning");
    process.emitWarning("The last one", { type: "PostsealWarning", code: "TEST" });
    await last;
    return this.all;
  }

  [Symbol.dispose](): void {
    process.off("warning", this.#note);
  }
}
