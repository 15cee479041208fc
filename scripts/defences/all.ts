/** All defences. */
import { accountDefences } from "./account.ts";
import { channelDefences } from "./channel.ts";
import { chunkDefences } from "./chunk.ts";
import { commandDefences } from "./command.ts";
import { conversationDefences } from "./conversation.ts";
import type { Defence } from "./defence.ts";
import { dropInDefences } from "./drop-ins.ts";
import { earDefences } from "./ear.ts";
import { evidenceDefences } from "./evidence.ts";
import { fateDefences } from "./fate.ts";
import { handoverDefences } from "./handover.ts";
import { inFlightDefences } from "./in-flight.ts";
import { inputDefences } from "./input.ts";
import { labDefences } from "./lab.ts";
import { machineDefences } from "./machine.ts";
import { mendingDefences } from "./mending.ts";
import { oauthDefences } from "./oauth.ts";
import { observationDefences } from "./observation.ts";
import { outboxDefences } from "./outbox.ts";
import { poolDefences } from "./pool.ts";
import { testingDefences } from "./testing.ts";

export const defences: readonly Defence[] = [
  ...channelDefences,
  ...conversationDefences,
  ...inFlightDefences,
  ...handoverDefences,
  ...observationDefences,
  ...dropInDefences,
  ...machineDefences,
  ...labDefences,
  ...testingDefences,
  ...earDefences,
  ...inputDefences,
  ...chunkDefences,
  ...fateDefences,
  ...evidenceDefences,
  ...accountDefences,
  ...commandDefences,
  ...mendingDefences,
  ...poolDefences,
  ...oauthDefences,
  ...outboxDefences,
];
