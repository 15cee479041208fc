/** Reports to observers what became of a message: the same result that its caller gets. */
import { receiptOf } from "../errors/mail-error.ts";
import type { Receipt } from "../outcome/receipt.ts";
import type { Server } from "../policy/server.ts";
import { Outlet } from "./channels.ts";
import { factsOfServer } from "./witness.ts";

const begun = new Outlet("message.begun");
const concluded = new Outlet("message.concluded");
let messages = 0;

export function witnessSend(server: Server, send: () => Promise<Receipt>): Promise<Receipt> {
  return begun.hasSubscribers || concluded.hasSubscribers ? observed(server, send) : send();
}

async function observed(server: Server, send: () => Promise<Receipt>): Promise<Receipt> {
  messages += 1;
  const event = { message: messages, server: factsOfServer(server) };
  begun.publish(event);
  try {
    const receipt = await send();
    concluded.publish({ ...event, receipt });
    return receipt;
  } catch (error) {
    const receipt = receiptOf(error);
    concluded.publish({ ...event, error, ...(receipt === undefined ? {} : { receipt }) });
    throw error;
  }
}
