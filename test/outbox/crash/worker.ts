/** A process that sends from an outbox until it is ended. What it needs, a password among it, comes by message. */
import { createOutbox, type AccountOptions } from "@postseal/outbox";
import { follow, type Plan } from "./points.ts";

export interface Task {
  readonly location: string;
  readonly account: AccountOptions;
  readonly silence: number;
  readonly plans: readonly Plan[];
}

process.once("message", (task: Task) => {
  void work(task);
});

async function work({ location, account, silence, plans }: Task): Promise<void> {
  const outbox = await createOutbox(location, { accounts: { default: account }, silence });
  follow(plans);
  outbox.work();
  process.send?.("working");
}
