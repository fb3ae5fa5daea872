import type { Told } from './told.ts';

interface Organisation {
  readonly parents: { readonly on: string; readonly parent: string }[];
  closed?: string;
  into?: string;
}
interface Group {
  readonly kind: string;
  readonly organisation: string;
  closed?: string;
}
interface Member {
  /** Where the member was put on a day: the first by the admission. */
  readonly places: { on: string; cell: string }[];
  left?: string;
  readonly exemptions: Pause[];
  readonly exemptionEnds: string[];
}
interface Pause {
  readonly on: string;
  readonly until?: string | undefined;
}
interface Assignment {
  readonly member: string;
  readonly group: string;
  readonly asked: boolean;
  from: string;
  /** Where the committee took the member to be on the first day. */
  cell: string | undefined;
  ended: string | undefined;
  pauses: Pause[];
  resumed: { readonly on: string; readonly after: number }[];
}
interface Deed {
  readonly member: string;
  on: string;
  reached: number;
  readonly campaign: string | undefined;
}
export interface Coverage {
  due: number;
  assigned: number;
  selfRegistered: number;
}

/** Of entries in the order in which they were told, the last for the latest day that is not after the day. */
function lastOn<Entry extends { readonly on: string }>(entries: readonly Entry[], day: string): Entry | undefined {
  let last: Entry | undefined;
  for (const entry of entries) if (entry.on <= day && (!last || entry.on >= last.on)) last = entry;
  return last;
}

/**
 * The figures by the words of the rules alone: from a list of commands that were accepted, in plain loops over days. Knows nothing
 * of events, messages, read models or the services' code. Days are ISO texts.
 */
export class NaiveParty {
  readonly organisations = new Map<string, Organisation>();
  readonly members = new Map<string, Member>();
  readonly groups = new Map<string, Group>();
  readonly assignments = new Map<string, Assignment>();
  readonly deeds = new Map<string, Deed>();
  readonly candidates = new Map<string, string>();
  readonly #steps: { readonly member: string; readonly on: string; readonly step: string }[] = [];

  tell(told: Told): void {
    switch (told.do) {
      case 'register':
        this.organisations.set(told.id, {
          parents: told.parent === undefined ? [] : [{ on: told.on, parent: told.parent }],
        });
        break;
      case 'move':
        this.organisations.get(told.id)?.parents.push({ on: told.on, parent: told.parent });
        break;
      case 'merge': {
        const merged = this.organisations.get(told.id);
        merged?.parents.push({ on: told.on, parent: told.into });
        if (merged) Object.assign(merged, { closed: told.on, into: told.into });
        break;
      }
      case 'dissolve': {
        const dissolved = this.organisations.get(told.id);
        if (dissolved) dissolved.closed = told.on;
        break;
      }
      case 'admit':
        this.#admit(told.id, told.cell, told.on);
        break;
      case 'transfer':
        this.members.get(told.id)?.places.push({ on: told.on, cell: told.cell });
        break;
      case 'correct-member': {
        // The place of the first day, also if it was told by a transfer on that day.
        const { places = [] } = this.members.get(told.id) ?? {};
        const later = places.filter(({ on }) => on !== places[0]?.on);
        places.splice(0, Infinity, { on: told.on, cell: told.cell }, ...later);
        break;
      }
      case 'leave': {
        const member = this.members.get(told.id);
        if (member) member.left = told.on;
        break;
      }
      case 'exempt':
        this.members.get(told.id)?.exemptions.push({ on: told.on, until: told.until });
        break;
      case 'end-exemption':
        this.members.get(told.id)?.exemptionEnds.push(told.on);
        break;
      case 'introduce':
        this.candidates.set(told.id, told.by);
        this.#step(told.id, told.on, 'introduced');
        break;
      case 'train':
        this.#step(told.id, told.on, 'trained');
        break;
      case 'withdraw':
        this.#step(told.id, told.on, 'withdrawn');
        break;
      case 'admit-candidate':
        this.#step(told.id, told.on, 'admitted');
        this.#admit(told.member, told.cell, told.on);
        break;
      case 'form':
        this.groups.set(told.id, { kind: told.kind, organisation: told.organisation });
        break;
      case 'close': {
        const group = this.groups.get(told.id);
        if (group) group.closed = told.on;
        break;
      }
      case 'assign':
      case 'volunteer':
        this.#assign(told.id, told.member, told.group, told.on, told.do === 'volunteer');
        break;
      case 'suspend':
        this.assignments.get(told.id)?.pauses.push({ on: told.on, until: told.until });
        break;
      case 'resume': {
        const resumed = this.assignments.get(told.id);
        resumed?.resumed.push({ on: told.on, after: resumed.pauses.length });
        break;
      }
      case 'end':
      case 'hand-over': {
        const given = this.assignments.get(told.id);
        if (!given) break;
        if (given.ended === undefined || told.on < given.ended) given.ended = told.on;
        // A committee's decision, whoever asked for the first.
        if (told.do === 'hand-over') this.#assign(`${told.id}+`, told.to, given.group, told.on, false);
        break;
      }
      case 'correct-assignment': {
        const wrong = this.assignments.get(told.id);
        if (!wrong) break;
        const cell = this.cellOn(wrong.member, told.on);
        const pauses = this.#pausesOf(wrong).filter(({ on, until }) => until === undefined || on < until);
        Object.assign(wrong, { from: told.on, ended: told.endedOn ?? undefined, cell, pauses, resumed: [] });
        break;
      }
      case 'log': {
        const { on, reached, campaign } = told;
        const member = this.assignments.get(told.assignment)?.member;
        if (member !== undefined) this.deeds.set(told.id, { member, on, reached, campaign });
        break;
      }
      case 'amend': {
        const deed = this.deeds.get(told.id);
        if (deed) Object.assign(deed, { on: told.on, reached: told.reached });
        break;
      }
      case 'void':
        this.deeds.delete(told.id);
        break;
      case 'rename':
        break;
    }
  }

  #admit(id: string, cell: string, on: string): void {
    this.members.set(id, { places: [{ on, cell }], exemptions: [], exemptionEnds: [] });
  }

  #step(candidate: string, on: string, step: string): void {
    const member = this.candidates.get(candidate);
    if (member !== undefined) this.#steps.push({ member, on, step });
  }

  #assign(id: string, member: string, group: string, from: string, asked: boolean): void {
    const cell = this.cellOn(member, from);
    this.assignments.set(id, { member, group, asked, from, cell, ended: undefined, pauses: [], resumed: [] });
  }

  /** What an organisation has become by the day. */
  becameOn(id: string, day: string): string {
    const { closed, into } = this.organisations.get(id) ?? {};
    return closed !== undefined && into !== undefined && closed <= day ? this.becameOn(into, day) : id;
  }

  /** Itself and all above it; who is not yet there stands where it will. */
  lineOn(id: string, day: string): string[] {
    const parents = this.organisations.get(id)?.parents ?? [];
    const founded = parents[0]?.on ?? day;
    const parent = lastOn(parents, day < founded ? founded : day)?.parent;
    return parent === undefined ? [id] : [id, ...this.lineOn(this.becameOn(parent, day), day)];
  }

  cellOn(id: string, day: string): string | undefined {
    const { places = [], left } = this.members.get(id) ?? {};
    if (left !== undefined && left <= day) return undefined;
    const place = lastOn(places, day);
    return place && this.becameOn(place.cell, day);
  }

  /** Rule 7: from the first day on, a move ends it unless it was for residents, or its organisation is the new cell or above it. */
  #runsOn({ member, group: id, from, cell, ended }: Assignment, day: string): boolean {
    const group = this.groups.get(id);
    if (!group || day < from || (ended !== undefined && ended <= day)) return false;
    if (group.closed !== undefined && group.closed <= day) return false;
    if (this.cellOn(member, day) === undefined) return false;
    if (group.kind === 'residents') return true;
    let before = cell;
    for (const turn of [from, ...this.#turns(member).filter((turn) => from < turn && turn <= day)]) {
      const now = this.cellOn(member, turn);
      if (now === undefined) continue;
      const kept = now === before || this.lineOn(now, turn).includes(this.becameOn(group.organisation, turn));
      if (!kept) return false;
      before = now;
    }
    return true;
  }

  /** Days on which a member may come to another cell, in order. */
  #turns(member: string): string[] {
    const mergers = [...this.organisations.values()].flatMap(({ closed }) => closed ?? []);
    const places = this.members.get(member)?.places.map(({ on }) => on) ?? [];
    return [...new Set([...mergers, ...places])].sort();
  }

  #pausesOf({ pauses, resumed }: Assignment): Pause[] {
    return pauses.map((pause, index) => {
      const ends = resumed.filter(({ on, after }) => pause.on < on || (pause.on === on && index < after));
      const until = [pause.until, ...ends.map(({ on }) => on)].filter((on) => on !== undefined).sort()[0];
      return { on: pause.on, until };
    });
  }

  activeOn(id: string, day: string): boolean {
    const assignment = this.assignments.get(id);
    return !!assignment && this.#runsOn(assignment, day) && !this.#pausesOf(assignment).some((one) => holds(one, day));
  }

  exemptOn(id: string, day: string): boolean {
    const { exemptions = [], exemptionEnds = [] } = this.members.get(id) ?? {};
    return exemptions.some(
      ({ on, until }) => holds({ on, until }, day) && !exemptionEnds.some((end) => on <= end && end <= day),
    );
  }

  coverage(organisation: string, day: string, excludeExempt: boolean): Coverage {
    const count = { due: 0, assigned: 0, selfRegistered: 0 };
    for (const member of this.members.keys()) {
      const cell = this.cellOn(member, day);
      if (cell === undefined || !this.lineOn(cell, day).includes(organisation)) continue;
      if (excludeExempt && this.exemptOn(member, day)) continue;
      const active = [...this.assignments].filter(([id, one]) => one.member === member && this.activeOn(id, day));
      count.due += 1;
      if (active.length > 0) count.assigned += 1;
      if (active.some(([, { asked }]) => asked)) count.selfRegistered += 1;
    }
    return count;
  }

  /** Deeds and steps of the range, each credited to the cell of its day, added up by the tree of `asOf`. */
  results(organisation: string, from: string, to: string, asOf: string) {
    const counts = (member: string, on: string): boolean => {
      const cell = this.cellOn(member, on);
      return from <= on && on <= to && cell !== undefined && this.lineOn(cell, asOf).includes(organisation);
    };
    const done = [...this.deeds.values()].filter(({ member, on }) => counts(member, on));
    const steps = this.#steps.filter(({ member, on }) => counts(member, on));
    const taken = (step: string): number => steps.filter((one) => one.step === step).length;
    return {
      activities: done.length,
      reached: done.reduce((sum, { reached }) => sum + reached, 0),
      introduced: taken('introduced'),
      trained: taken('trained'),
      admitted: taken('admitted'),
      withdrawn: taken('withdrawn'),
    };
  }
}

const holds = ({ on, until }: Pause, day: string): boolean => on <= day && (until === undefined || day < until);
