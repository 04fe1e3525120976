/** State machines as tables: what is not in the table cannot happen. */

/** By state and event: the state that follows. */
export type Table<State extends string, Event extends string> = {
  readonly [S in State]: { readonly [E in Event]?: State };
};

/**
 * Return the state that follows.
 *
 * @throws Error for an event that cannot happen in a state: a fault of this package.
 */
export function step<State extends string, Event extends string>(
  table: Table<State, Event>,
  state: State,
  event: Event,
): State {
  const next = table[state][event];
  if (next === undefined) throw new Error(`${event} cannot happen in the state ${state}`);
  return next;
}
