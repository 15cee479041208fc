/** What a client said before it left is heard, although the connection breaks at our next write. */
import type { Socket } from "node:net";

type Done = (error?: Error | null) => void;

/**
 * A socket that fails to write destroys itself, and with it the octets that have come and were not read yet: then it would depend
 * on who is faster whether a leak is seen. So a failed write is no error here: reading ends when the client's words do. Returns
 * whether a write has failed.
 */
export function hearOut(socket: Socket): () => boolean {
  let isBroken = false;
  const quietly =
    (done: Done): Done =>
    (error) => {
      if (error) isBroken = true;
      done();
    };
  const write = socket._write.bind(socket);
  const writev = socket._writev?.bind(socket);
  // defence: a-failed-write-ends-no-reading
  socket._write = (chunk, encoding, done): void => write(chunk, encoding, quietly(done));
  if (writev !== undefined) socket._writev = (chunks, done): void => writev(chunks, quietly(done));
  return () => isBroken;
}
