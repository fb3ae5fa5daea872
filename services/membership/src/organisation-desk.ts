import type { OrganisationId } from '@phancong/contracts';
import { type CommandContext, type CommandHandler, type Day, Refusal } from '@phancong/event-sourcing';
import type { Gate } from './gate.ts';
import type { Occupants } from './occupants.ts';
import { ORGANISATIONS } from './organisation-event.ts';
import type { OrganisationCommand } from './organisation-tree.ts';
import { type Organisations, revisionOf } from './organisations.ts';
import { refuseFuture } from './told-days.ts';

export interface OrganisationDeskOptions {
  readonly organisations: CommandHandler<Organisations, OrganisationCommand>;
  readonly occupants: Occupants;
  readonly gate: Gate;
  readonly today: () => Day;
}

export type ToDissolve = Omit<Extract<OrganisationCommand, { readonly type: 'dissolve' }>, 'members' | 'type'>;

/** What happened to an organisation; `revision` is the organisation's own. */
export interface HandledOrganisation {
  readonly organisation: OrganisationId;
  readonly state: Organisations;
  readonly revision: number;
  readonly position: number;
}

/** Gives commands to the tree. If-Match of a request is about one organisation, not about the whole stream. */
export class OrganisationDesk {
  readonly #options: OrganisationDeskOptions;

  constructor(options: OrganisationDeskOptions) {
    this.#options = options;
  }

  async handle(command: OrganisationCommand, { by, command: id }: CommandContext): Promise<HandledOrganisation> {
    const { organisation, on } = command;
    refuseFuture(this.#options.today(), { [command.type === 'register' ? 'from' : 'on']: on });
    const { state, position } = await this.#options.organisations.handle(ORGANISATIONS, command, { by, command: id });
    return { organisation, state, revision: revisionOf(state, organisation), position };
  }

  /** Nobody comes in while it is being closed. */
  dissolve(told: ToDissolve, context: CommandContext): Promise<HandledOrganisation> {
    const { gate, occupants, today } = this.#options;
    return gate.alone(async () => {
      refuseFuture(today(), { on: told.on });
      const members = (await occupants(told.organisation, told.on)).length;
      return this.handle({ type: 'dissolve', ...told, members }, context);
    });
  }

  async all(): Promise<Organisations> {
    return (await this.#options.organisations.load(ORGANISATIONS)).state;
  }

  /** @throws Refusal `organisation-not-found` */
  async get(organisation: OrganisationId) {
    const state = await this.all();
    const known = state.tree.get(organisation);
    if (!known) throw new Refusal('not-found', 'organisation-not-found', { organisation });
    return { state, known, revision: revisionOf(state, organisation) };
  }
}
