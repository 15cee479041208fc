/** What the lab's exit code says of the clients. */

/** Every client held, or delivered sealed. */
export const HELD = 0;
export const FOUND = 1;
