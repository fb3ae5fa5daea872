/**
 * The rules of one aggregate, pure and synchronous (Chassaing, "Functional Event Sourcing Decider").
 * Clocks, ids and look-ups come in with the command.
 */
export interface Decider<State, Command, Event> {
  readonly initialState: State;
  /** The events that the command causes; `[]` when there is nothing to do. Throws `Refusal` when it may not happen. */
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}

export const fold = <State, Event>(
  decider: Pick<Decider<State, never, Event>, 'evolve'>,
  state: State,
  events: readonly Event[],
): State => events.reduce(decider.evolve, state);
