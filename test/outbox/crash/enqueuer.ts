/** A process that queues one message with a key, and says whether it was new. */
import { createOutbox } from "@postseal/outbox";

process.once("message", ({ location, key }: { readonly location: string; readonly key: string }) => {
  void enqueue(location, key);
});

async function enqueue(location: string, key: string): Promise<void> {
  await using outbox = await createOutbox(location);
  const { duplicate } = await outbox.enqueue({ from: "a@example.org", to: "b@example.net", text: "once" }, { key });
  process.send?.(duplicate ? "duplicate" : "new");
  process.disconnect();
}
