/** One call of `send` as observers know it: its number, and the connections that it went over. */

let messages = 0;

export class Sighting {
  /** A number that only this call has. */
  readonly message: number;
  readonly #connections: number[] = [];

  constructor() {
    messages += 1;
    this.message = messages;
  }

  /** The connections on which something of it was written, in order, each once. */
  get connections(): readonly number[] {
    return Object.freeze([...this.#connections]);
  }

  /** Call it before something of the message is written on that connection. */
  over(connection: number): void {
    if (!this.#connections.includes(connection)) this.#connections.push(connection);
  }
}
