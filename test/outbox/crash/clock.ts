/** Loaded before the outbox, in its thread too: the wall clock of this process is wrong by `?shift=MILLISECONDS`. */

const shift = Number(new URL(import.meta.url).searchParams.get("shift"));
const now = Date.now.bind(Date);

Date.now = () => now() + shift;
globalThis.Date = new Proxy(Date, {
  construct(real, given: readonly unknown[], target) {
    // Only a date without arguments asks for the time.
    const made: unknown = Reflect.construct(real, given.length === 0 ? [now() + shift] : given, target);
    if (made instanceof real) return made;
    throw new TypeError("a Date is made of something else here");
  },
});
