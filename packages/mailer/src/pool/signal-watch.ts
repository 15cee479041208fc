/** Watches signals with one listener for each, however many members share it: adding a listener walks all that a signal has. */

export class SignalWatch<T> {
  readonly #groups = new Map<AbortSignal, { readonly members: Set<T>; readonly onAbort: () => void }>();
  readonly #tell: (member: T, reason: unknown) => void;

  /** `tell` is called for each member of a signal that aborts, after that member was removed. */
  constructor(tell: (member: T, reason: unknown) => void) {
    this.#tell = tell;
  }

  add(signal: AbortSignal, member: T): void {
    const group = this.#groups.get(signal) ?? this.#begin(signal);
    group.members.add(member);
  }

  remove(signal: AbortSignal, member: T): void {
    const group = this.#groups.get(signal);
    if (group === undefined || !group.members.delete(member) || group.members.size > 0) return;
    this.#groups.delete(signal);
    signal.removeEventListener("abort", group.onAbort);
  }

  #begin(signal: AbortSignal): { readonly members: Set<T>; readonly onAbort: () => void } {
    const members = new Set<T>();
    const onAbort = (): void => {
      // One by one: `tell` for one member may remove another.
      // defence: told-once
      for (const member of members) {
        members.delete(member);
        this.#tell(member, signal.reason);
      }
      this.#groups.delete(signal);
    };
    const group = { members, onAbort };
    this.#groups.set(signal, group);
    signal.addEventListener("abort", onAbort, { once: true });
    return group;
  }
}
