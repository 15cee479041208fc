/** Reports to observers what became of a message: the same result that its caller gets, and the connections that it went over. */
import { receiptOf } from "../errors/mail-error.ts";
import type { Receipt } from "../outcome/receipt.ts";
import type { Server } from "../policy/server.ts";
import { Outlet } from "./channels.ts";
import { Sighting } from "./sighting.ts";
import { factsOfServer, isConversationObserved } from "./witness.ts";

const begun = new Outlet("message.begun");
const concluded = new Outlet("message.concluded");

/** `send` passes the sighting on to the connections; there is none if nobody subscribes. */
export function witnessSend(
  server: Server,
  send: (sighting: Sighting | undefined) => Promise<Receipt>,
): Promise<Receipt> {
  const isObserved = begun.hasSubscribers || concluded.hasSubscribers || isConversationObserved();
  return isObserved ? observed(server, send) : send(undefined);
}

async function observed(server: Server, send: (sighting: Sighting) => Promise<Receipt>): Promise<Receipt> {
  const sighting = new Sighting();
  const event = { message: sighting.message, server: factsOfServer(server) };
  if (begun.hasSubscribers) begun.publish(event);
  try {
    const receipt = await send(sighting);
    conclude({ receipt });
    return receipt;
  } catch (error) {
    const receipt = receiptOf(error);
    conclude({ error, ...(receipt === undefined ? {} : { receipt }) });
    throw error;
  }

  function conclude(result: { readonly receipt?: Receipt; readonly error?: unknown }): void {
    if (concluded.hasSubscribers) concluded.publish({ ...event, connections: sighting.connections, ...result });
  }
}
