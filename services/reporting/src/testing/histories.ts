import fc from 'fast-check';
import { above, cellOn, existed, isActive, lineOf, type World, worldOf } from './recount.ts';
import { Logs, type Telling } from './messages.ts';

/** One thing that may happen, in numbers that are taken as choices: a history shrinks by leaving things out. */
interface Chance {
  readonly what: number;
  readonly who: number;
  readonly where: number;
  readonly late: number;
  readonly gap: number;
  readonly length: number;
}

const chance = fc.record<Chance>({
  what: fc.nat(999),
  who: fc.nat(999),
  where: fc.nat(999),
  late: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(1_200) }),
  gap: fc.nat(60),
  length: fc.nat(500),
});

/** Logs of the three services over some years, with late entries, corrections, moves and mergers; every story in them is possible. */
export const histories = (things = 120): fc.Arbitrary<Logs> =>
  fc.array(chance, { minLength: 5, maxLength: things, size: 'max' }).map((chances) => {
    const history = new History();
    for (const one of chances) history.happen(one);
    return history.logs;
  });

export const START = '2004-01-01';
export const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);

const KINDS = ['researchers', 'workers', 'youth', 'residents'];
export const CAMPAIGNS = ['blood', 'summer'];
const ORIGINS = ['assigned', 'self-registered', 'both'];

class History {
  readonly logs = new Logs();
  #today = START;
  #made = 0;
  #chance: Chance = { what: 0, who: 0, where: 0, late: 0, gap: 0, length: 0 };

  constructor() {
    const found = (id: string, kind: string, parent?: string) =>
      this.#tellTree({ type: 'OrganisationRegistered', organisation: id, code: id, name: id, kind, parent }, START);
    found('bloc', 'bloc');
    for (const committee of ['north', 'south']) {
      found(committee, 'committee', 'bloc');
      for (const cell of ['1', '2']) found(`${committee}-${cell}`, 'cell', committee);
    }
    for (const campaign of CAMPAIGNS) {
      const opened = { type: 'CampaignOpened', campaign, code: campaign, name: campaign, occurredAt: START };
      this.logs.tell('activity', `campaign-${campaign}`, START, opened);
    }
    for (const cell of ['north-1', 'north-2', 'south-1']) this.#admit(cell, START);
  }

  happen(next: Chance): void {
    this.#chance = next;
    this.#today = dayAfter(this.#today, next.gap);
    const day = dayAfter(this.#today, -next.late);
    const possible = [
      () => this.#register(day),
      () => this.#move(day),
      () => this.#merge(day),
      () => this.#admit(this.#pick(this.#cells(day)), day),
      () => this.#admit(this.#pick(this.#cells(day)), day),
      () => this.#transfer(day),
      () => this.#transfer(day),
      () => this.#leave(day),
      () => this.#exempt(day),
      () => this.#correct(day),
      () => this.#assign(day),
      () => this.#assign(day),
      () => this.#assign(day),
      () => this.#changeAssignment(day),
      () => this.#changeAssignment(day),
      () => this.#log(day),
      () => this.#log(day),
      () => this.#log(day),
      () => this.#amend(day),
      () => this.#introduce(day),
      () => this.#introduce(day),
      () => this.#advance(day),
      () => this.#advance(day),
      () => this.#mention(day),
    ];
    possible[next.what % possible.length]?.();
  }

  get #world(): World {
    return worldOf({ messages: this.logs.messages });
  }
  #pick<Of>(list: readonly Of[], by: keyof Chance = 'where'): Of | undefined {
    return list[this.#chance[by] % Math.max(1, list.length)];
  }
  #id(): string {
    this.#made += 1;
    return `x${this.#made}`;
  }
  #tellTree(telling: Omit<Telling, 'occurredAt'> & { type: string }, day: string): void {
    this.logs.tell('membership', 'organisations', this.#today, { ...telling, occurredAt: day });
  }
  #tellMember(member: string, telling: Omit<Telling, 'occurredAt'> & { type: string }, day: string): void {
    this.logs.tell('membership', `member-${member}`, this.#today, { ...telling, member, occurredAt: day });
  }
  #tellBook(member: string, telling: Omit<Telling, 'occurredAt'> & { type: string }, day: string): void {
    this.logs.tell('assignment', `book-${member}`, this.#today, { ...telling, member, occurredAt: day });
  }
  #organisations(day: string, kinds: readonly string[]): string[] {
    const registered = this.logs.messages.flatMap((message) =>
      message.type === 'OrganisationRegistered' && kinds.includes(message.kind) ? [String(message.organisation)] : [],
    );
    return registered.filter((id) => existed(this.#world, id, day));
  }
  #cells(day: string): string[] {
    return this.#organisations(day, ['cell']);
  }
  #member(day: string): string | undefined {
    const world = this.#world;
    return this.#pick(
      [...world.members.keys()].filter((id) => cellOn(world, id, day) !== undefined),
      'who',
    );
  }

  #register(day: string): void {
    const parent = this.#pick(this.#organisations(day, ['bloc', 'committee']));
    if (!parent) return;
    const kind = parent === 'bloc' && this.#chance.length % 2 === 0 ? 'committee' : 'cell';
    const id = this.#id();
    this.#tellTree({ type: 'OrganisationRegistered', organisation: id, code: id, name: id, kind, parent }, day);
  }

  /** Tells it, unless something would then stand above itself on any day. */
  #reorganise(telling: Omit<Telling, 'occurredAt'> & { type: string }, day: string): boolean {
    const after = new Logs();
    for (const message of this.logs.messages) after.messages.push(message);
    const told = after.tell('membership', 'organisations', this.#today, { ...telling, occurredAt: day });
    after.messages[after.messages.length - 1] = { ...told, revision: 1_000_000 };
    const world = worldOf({ messages: after.messages });
    const days = [...world.organisations.values()].flatMap(({ founded, closed, parents }) => [
      founded,
      ...parents.map((entry) => entry.day),
      ...(closed ? [closed] : []),
    ]);
    try {
      for (const on of new Set([START, ...days])) {
        for (const id of world.organisations.keys()) lineOf(world, id, on);
      }
    } catch {
      return false;
    }
    this.#tellTree(telling, day);
    return true;
  }

  #move(day: string): void {
    const organisation = this.#pick(this.#organisations(day, ['committee', 'cell']), 'who');
    const parent = this.#pick(this.#organisations(day, ['bloc', 'committee']));
    if (!organisation || !parent || organisation === parent) return;
    if (this.#world.organisations.get(organisation)?.closed !== undefined) return;
    this.#reorganise({ type: 'OrganisationMoved', organisation, parent }, day);
  }

  #merge(day: string): void {
    const kind = this.#chance.length % 3 === 0 ? 'committee' : 'cell';
    const ones = this.#organisations(day, [kind]);
    const [organisation, into] = [this.#pick(ones, 'who'), this.#pick(ones)];
    if (!organisation || !into || organisation === into) return;
    const world = this.#world;
    const [merged, target] = [world.organisations.get(organisation), world.organisations.get(into)];
    if (merged?.closed !== undefined || target?.closed !== undefined) return;
    if (merged?.parents.some((entry) => entry.day > day)) return;
    const inIt = [...world.members].filter(([, { changes }]) => changes.some(({ cell }) => cell === organisation));
    if (inIt.some(([, { changes }]) => changes.some((change) => change.cell === organisation && change.day > day)))
      return;
    if (!this.#reorganise({ type: 'OrganisationMerged', organisation, into }, day)) return;
    for (const [member] of inIt) {
      if (cellOn(world, member, day) !== organisation || this.#chance.length % 5 === 0) continue;
      this.#tellMember(member, { type: 'MemberTransferred', from: organisation, to: into }, day);
    }
  }

  #admit(cell: string | undefined, day: string): void {
    if (!cell) return;
    const id = this.#id();
    this.#tellMember(id, { type: 'MemberAdmitted', code: id, cell, admittedOn: day }, day);
  }

  #transfer(day: string): void {
    const member = this.#member(day);
    const to = this.#pick(this.#cells(day));
    const from = member && cellOn(this.#world, member, day);
    if (member && to && from) this.#tellMember(member, { type: 'MemberTransferred', from, to }, day);
  }

  #leave(day: string): void {
    const member = this.#member(day);
    if (!member || this.#world.members.get(member)?.changes.some((change) => change.day > day)) return;
    this.#tellMember(member, { type: 'MemberLeft', reason: 'resigned' }, day);
  }

  #exempt(day: string): void {
    const member = this.#member(day);
    if (!member) return;
    const { length } = this.#chance;
    if (length % 3 === 0) this.#tellMember(member, { type: 'MemberExemptionEnded' }, day);
    else {
      const until = length % 2 === 0 ? undefined : dayAfter(day, length + 1);
      this.#tellMember(member, { type: 'MemberExempted', until }, day);
    }
  }

  #correct(day: string): void {
    const member = this.#member(day);
    const cells = this.#cells(day);
    const cell = this.#pick(cells);
    if (!member || !cell) return;
    const later = dayAfter(day, this.#chance.length + 1);
    const stays = [{ cell, from: day, ...(this.#chance.length % 2 === 0 && { until: later }) }];
    const moved = this.#chance.length % 4 === 0 ? [{ cell: this.#pick(cells, 'who'), from: later }] : [];
    const life = { member, code: member, admittedOn: day, stays: [...stays, ...moved], exemptions: [] };
    this.#tellMember(member, { type: 'MemberCorrected', life }, day);
  }

  #assign(day: string): void {
    const member = this.#member(day);
    if (!member) return;
    const [groupKind, origin] = [this.#pick(KINDS), this.#pick(ORIGINS, 'length')];
    const assignment = this.#id();
    this.#tellBook(member, { type: 'AssignmentMade', assignment, group: 'g', groupKind, origin, role: 'direct' }, day);
  }

  #changeAssignment(day: string): void {
    const held = [...this.#world.members].flatMap(([member, { assignments }]) =>
      [...assignments].map(([id, known]) => ({ member, id, known })),
    );
    const one = this.#pick(held, 'who');
    if (!one) return;
    const { member, id: assignment, known } = one;
    const { length, where } = this.#chance;
    const until = length % 2 === 0 ? undefined : dayAfter(day, length + 1);
    switch (where % 5) {
      case 0:
        if (isActive(known, day)) this.#tellBook(member, { type: 'AssignmentSuspended', assignment, until }, day);
        break;
      case 1:
        this.#tellBook(member, { type: 'AssignmentResumed', assignment }, day);
        break;
      case 2:
        if (known.from <= day) this.#tellBook(member, { type: 'AssignmentEnded', assignment }, day);
        break;
      case 3:
        if (known.from > day) break;
        this.#tellBook(member, { type: 'AssignmentHandedOver', assignment, to: 'other', successor: 's' }, day);
        break;
      default: {
        const [groupKind, origin] = [this.#pick(KINDS, 'length'), this.#pick(ORIGINS, 'what')];
        const suspensions = length % 3 === 0 ? [{ from: dayAfter(day, 10), until: dayAfter(day, 10 + length) }] : [];
        const terms = { assignment, group: 'g', groupKind, origin, from: day, until, suspensions };
        this.#tellBook(member, { type: 'AssignmentCorrected', assignment, terms }, day);
      }
    }
  }

  #deed(member: string, day: string) {
    const { what, who, where, length } = this.#chance;
    const campaign = this.#pick([undefined, ...CAMPAIGNS]);
    const about = { assignment: 'a', member, group: 'g', kind: 'visit', campaign, on: day };
    return {
      ...about,
      reached: who,
      visits: where,
      savings: what * 1_000_000,
      charity: length,
      bloodDonations: length % 3,
    };
  }
  #tellActivity(activity: string, member: string, telling: { type: string; deed?: unknown }, day: string): void {
    const message = { ...telling, activity, member, occurredAt: day };
    this.logs.tell('activity', `activity-${activity}`, this.#today, message);
  }
  #log(day: string): void {
    const member = this.#member(day);
    if (member) this.#tellActivity(this.#id(), member, { type: 'ActivityLogged', deed: this.#deed(member, day) }, day);
  }
  #amend(day: string): void {
    const logged = this.logs.messages.flatMap((message) =>
      message.type === 'ActivityLogged' ? [{ activity: message.activity, member: message.member }] : [],
    );
    const one = this.#pick(logged, 'who');
    if (!one) return;
    if (this.#chance.length % 3 === 0) this.#tellActivity(one.activity, one.member, { type: 'ActivityVoided' }, day);
    else {
      const deed = this.#deed(one.member, day);
      this.#tellActivity(one.activity, one.member, { type: 'ActivityAmended', deed }, day);
    }
  }

  #tellCandidate(candidate: string, telling: Omit<Telling, 'occurredAt'> & { type: string }, day: string): void {
    this.logs.tell('membership', `candidate-${candidate}`, this.#today, { ...telling, candidate, occurredAt: day });
  }
  #introduce(day: string): void {
    const introducedBy = this.#member(day);
    if (introducedBy) this.#tellCandidate(this.#id(), { type: 'CandidateIntroduced', introducedBy }, day);
  }
  #advance(day: string): void {
    const introduced = this.logs.messages.flatMap((message) =>
      message.type === 'CandidateIntroduced' ? [message] : [],
    );
    const one = this.#pick(introduced, 'who');
    const cell = this.#pick(this.#cells(day));
    if (!one || !cell) return;
    const { candidate, introducedBy } = one;
    const type = this.#pick(
      ['CandidateTrained', 'CandidateAdmitted', 'CandidateWithdrawn', 'CandidateErased'],
      'length',
    );
    if (type) this.#tellCandidate(candidate, { type, introducedBy, cell, member: `m-${candidate}` }, day);
  }

  /** What changes no figure. */
  #mention(day: string): void {
    const member = this.#member(day);
    if (!member) return;
    const group = { group: 'g', code: 'g', name: 'g', kind: 'youth', organisation: 'bloc', headcount: 10 };
    switch (this.#chance.length % 4) {
      case 0:
        return this.#tellMember(member, { type: 'MemberErased' }, day);
      case 1:
        return this.#tellMember(member, { type: 'MemberOfficialised' }, day);
      case 2:
        return this.#tellBook(member, { type: 'AssignmentContentChanged', assignment: 'none' }, day);
      default:
        this.logs.tell('assignment', 'group-g', this.#today, { type: 'GroupFormed', ...group, occurredAt: day });
    }
  }
}

/** What stands directly below on the day. */
export const partsIn = (world: World, id: string, day: string): string[] =>
  [...world.organisations.keys()].filter((part) => above(world, part, day) === id);
