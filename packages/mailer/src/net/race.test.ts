import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { mock, test } from "node:test";
import { byTurns, race } from "./race.ts";

class Socket extends EventEmitter {
  isDestroyed = false;
  readonly address: string;

  constructor(address: string) {
    super();
    this.address = address;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

function begin(...addresses: readonly string[]): {
  readonly sockets: Socket[];
  readonly won: Socket[];
  readonly lost: unknown[];
  readonly stop: () => void;
} {
  const [sockets, won, lost]: [Socket[], Socket[], unknown[]] = [[], [], []];
  const open = (address: string): Socket => {
    const socket = new Socket(address);
    sockets.push(socket);
    return socket;
  };
  const stop = race(
    addresses,
    open,
    (socket) => won.push(socket),
    (cause) => lost.push(cause),
  );
  return { sockets, won, lost, stop };
}

const addressesOf = (sockets: readonly Socket[]): readonly string[] => sockets.map(({ address }) => address);

test("an address that refuses gives way to the next at once", () => {
  const { sockets, won } = begin("a", "b", "c");
  sockets[0]?.emit("error", new Error("refused"));
  assert.deepEqual(addressesOf(sockets), ["a", "b"]);
  sockets[1]?.emit("connect");
  assert.deepEqual(addressesOf(won), ["b"]);
});

test("an address that does not answer is joined by the next after a while, and may still win: then the others are ended", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sockets, won, lost } = begin("a", "b", "c");
  mock.timers.tick(249);
  assert.deepEqual(addressesOf(sockets), ["a"]);
  mock.timers.tick(1);
  assert.deepEqual(addressesOf(sockets), ["a", "b"]);
  sockets[0]?.emit("connect");
  assert.deepEqual([addressesOf(won), sockets[0]?.isDestroyed, sockets[1]?.isDestroyed], [["a"], false, true]);
  // What the loser reports now changes nothing.
  sockets[1]?.emit("error", new Error("late"));
  sockets[1]?.emit("connect");
  mock.timers.tick(10_000);
  assert.deepEqual([addressesOf(sockets), addressesOf(won), lost], [["a", "b"], ["a"], []]);
  mock.timers.reset();
});

test("if all addresses fail, the first failure is reported, once", () => {
  const { sockets, lost } = begin("a", "b");
  const cause = new Error("first");
  sockets[0]?.emit("error", cause);
  sockets[1]?.emit("error", new Error("second"));
  assert.deepEqual(lost, [cause]);
});

test("giving up ends every attempt, and no other begins", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sockets, won, lost, stop } = begin("a", "b", "c");
  mock.timers.tick(250);
  stop();
  mock.timers.tick(10_000);
  assert.ok(sockets.length === 2 && sockets.every(({ isDestroyed }) => isDestroyed));
  for (const socket of sockets) socket.emit("error", new Error("ended"));
  assert.deepEqual([won, lost], [[], []]);
  mock.timers.reset();
});

test("the families take turns, the resolver's choice first", () => {
  const found = (["6a", "6b", "6c", "4a"] as const).map((address) => ({ address, family: Number(address[0]) }));
  assert.deepEqual(byTurns(found), ["6a", "4a", "6b", "6c"]);
  assert.deepEqual(byTurns([]), []);
});
