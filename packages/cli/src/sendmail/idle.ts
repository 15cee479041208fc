/** Which settings of sendmail have no effect here, and may be given: about a queue, a log, limits, and how errors are reported. */

/** `-oX`: the delivery mode, the error mode, the type of the body, limits and times, and switches of old. */
const OLD = /^[78BLTcdehlmoqrsv]/;
const LONG =
  /^(?:Max\w*|DeliveryMode|ErrorMode|MeToo|LogLevel|CheckpointInterval|Timeout(?:\.\w+)?|EightBitMode|SendMimeErrors|SuperSafe|ForkEachJob|HoldExpensive|QueueLA|RefuseLA|MinQueueAge|QueueSortOrder|Verbose)=/i;

/** `value`: of `-o`, such as `dq`. */
export function isIdleOld(value: string): boolean {
  return OLD.test(value);
}

/** `value`: of `-O`, such as `DeliveryMode=b`. */
export function isIdleLong(value: string): boolean {
  return LONG.test(value);
}
