/** A process whose fsyncs are counted from outside: queues messages, or sends them, and says when. */
import { createOutbox, type AccountOptions } from "@postseal/outbox";

export interface Counted {
  readonly location: string;
  readonly account: AccountOptions;
  readonly singles: number;
  readonly together: number;
}

process.once("message", (task: Counted) => {
  void count(task);
});

async function count({ location, account, singles, together }: Counted): Promise<void> {
  const outbox = await createOutbox(location, { accounts: { default: account } });
  const letter = { from: "a@example.org", to: "b@example.net", text: "x".repeat(1_000) };
  // Between two of these marks in the trace, everything is of one kind.
  await mark("opened");
  for (let turn = 0; turn < singles; turn++) await outbox.enqueue(letter);
  await mark("singles");
  await Promise.all(Array.from({ length: together }, () => outbox.enqueue(letter)));
  await mark("together");
  await outbox.drain();
  await mark("drained");
  await outbox.close();
  process.disconnect();
}

/** A system call that is seen in the trace, and that nothing else makes. */
async function mark(name: string): Promise<void> {
  const { access } = await import("node:fs/promises");
  await access(`/proc/mark-${name}`).catch(() => undefined);
}
