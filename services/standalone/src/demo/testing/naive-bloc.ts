import { z } from 'zod';
import type { DemoLedger, DemoRequest } from '../demo-plan.ts';

const Text = z.string();
const Results = z.object({
  savings: z.number().default(0),
  charity: z.number().default(0),
  bloodDonations: z.number().default(0),
});
const NONE = Results.parse({});

interface Organisation {
  parent: string | undefined;
  closed: boolean;
}
interface Member {
  cell: string | undefined;
  joined: string;
  left?: string;
}
interface Assignment {
  readonly member: string;
  readonly group: string;
  readonly from: string;
  readonly selfRegistered: boolean;
  suspended: boolean;
  until?: string;
}
interface Group {
  readonly organisation: string;
  readonly kind: string;
  readonly from: string;
}
type Body = DemoRequest['body'];

/**
 * Reads the demo's requests as a careful clerk would, one by one, without the plan's own state: complains of whatever
 * points to something that is not there, comes twice, or contradicts what was said before; counts what is left.
 */
export class NaiveBloc {
  readonly complaints: string[] = [];
  readonly #organisations = new Map<string, Organisation>();
  readonly #members = new Map<string, Member>();
  readonly #candidates = new Map<string, { introduced: string; trained?: string; closed?: string }>();
  readonly #groups = new Map<string, Group>();
  readonly #assignments = new Map<string, Assignment>();
  readonly #campaigns = new Map<string, { from: string; until: string | undefined }>();
  readonly #deeds = new Map<string, z.infer<typeof Results>>();
  readonly #codes = new Set<string>();
  #handedOver = 0;

  read({ path, body }: DemoRequest, recordedOn: string): void {
    for (const field of ['on', 'from', 'introducedOn'] as const) {
      const day = body[field];
      if (typeof day === 'string' && day > recordedOn) this.#complain(`${path}: ${day} is after ${recordedOn}`);
    }
    const [, service, thing, third = '', fourth = ''] = path.split('/');
    const bulk = /^bulk-?(.*)/.exec(third)?.[1];
    const id = bulk === undefined ? third : String(body['id']);
    const step = [service, thing, ...[bulk ?? (fourth || third)].filter((verb) => verb !== '')].join('/');
    switch (step) {
      case 'membership/organisations':
        return this.#organisation(body);
      case 'membership/organisations/move':
        return this.#need(this.#organisations, id, (organisation) => {
          organisation.parent = this.#open(Text.parse(body['parent']));
        });
      case 'membership/organisations/merge':
        return this.#close(id, Text.parse(body['into']), Text.parse(body['on']));
      case 'membership/organisations/dissolve':
        return this.#close(id, undefined, Text.parse(body['on']));
      case 'membership/organisations/rename':
        return this.#need(this.#organisations, id, () => undefined);
      case 'membership/members':
        return this.#member(Text.parse(body['id']), Text.parse(body['cell']), Text.parse(body['from']), body['code']);
      case 'membership/members/transfer':
        return this.#here(id, (member) => this.#move(id, member, Text.parse(body['cell']), Text.parse(body['on'])));
      case 'membership/members/leave':
        return this.#here(id, (member) => this.#leave(id, member, body));
      case 'membership/members/officialise':
      case 'membership/members/correct':
      case 'membership/members/exempt':
        return this.#here(id, () => undefined);
      case 'membership/candidates':
        this.#wasHere(Text.parse(body['introducedBy']), Text.parse(body['introducedOn']));
        return this.#add(this.#candidates, body, { introduced: Text.parse(body['introducedOn']) });
      case 'membership/candidates/train':
      case 'membership/candidates/admit':
      case 'membership/candidates/withdraw':
        return this.#need(this.#candidates, id, (candidate) => this.#candidate(bulk ?? '', candidate, body));
      case 'assignment/groups':
        this.#open(Text.parse(body['organisation']));
        return this.#add(this.#groups, body, {
          organisation: Text.parse(body['organisation']),
          kind: Text.parse(body['kind']),
          from: Text.parse(body['from']),
        });
      case 'assignment/groups/recount':
        return this.#need(this.#groups, id, () => undefined);
      case 'assignment/groups/close':
        for (const assignment of this.#running())
          if (assignment.group === id) assignment.until = Text.parse(body['on']);
        return;
      case 'assignment/assignments':
        return this.#assign(body, Text.parse(body['from']), false);
      case 'assignment/registrations': {
        const approved = z.object({ on: z.string() }).optional().parse(body['approve']);
        return approved && this.#assign(body, approved.on, true);
      }
      case 'assignment/assignments/changes':
        return this.#need(this.#assignments, Text.parse(body['assignment']), (one) => this.#change(one, body));
      case 'activity/campaigns':
        return this.#add(this.#campaigns, body, {
          from: Text.parse(body['from']),
          until: Text.optional().parse(body['until']),
        });
      case 'activity/activities':
        this.#deed(body);
        return this.#add(this.#deeds, body, Results.parse(body['results'] ?? NONE));
      case 'activity/activities/amend':
        return this.#need(this.#deeds, id, () => this.#deeds.set(id, Results.parse(body['results'])));
      case 'activity/activities/void':
        return this.#need(this.#deeds, id, () => this.#deeds.delete(id));
      default:
        return this.#complain(`${step}: nobody knows what that is`);
    }
  }

  count(): DemoLedger {
    const here = [...this.#members].filter(([, { cell }]) => cell !== undefined).map(([id]) => id);
    const active = this.#running().filter(({ suspended }) => !suspended);
    const deeds = [...this.#deeds.values()];
    const candidates = [...this.#candidates.values()];
    const sum = (of: keyof typeof NONE): number => deeds.reduce((total, deed) => total + deed[of], 0);
    return {
      due: here.length,
      assigned: new Set(active.map(({ member }) => member)).size,
      selfRegistered: new Set(active.filter(({ selfRegistered }) => selfRegistered).map(({ member }) => member)).size,
      savings: sum('savings'),
      charity: sum('charity'),
      bloodDonations: sum('bloodDonations'),
      introduced: candidates.length,
      trained: candidates.filter(({ trained }) => trained !== undefined).length,
      admitted: candidates.filter(({ closed }) => closed === 'admit').length,
    };
  }

  #running(): Assignment[] {
    return [...this.#assignments.values()].filter(({ until }) => until === undefined);
  }

  #complain(complaint: string): void {
    this.complaints.push(complaint);
  }

  #add<Thing>(things: Map<string, Thing>, body: Body, thing: Thing): void {
    const id = Text.parse(body['id']);
    if (things.has(id)) this.#complain(`${id} comes twice`);
    things.set(id, thing);
  }

  #need<Thing>(things: ReadonlyMap<string, Thing>, id: string, use: (thing: Thing) => unknown): void {
    const thing = things.get(id);
    if (thing === undefined) this.#complain(`${id} is not there`);
    else use(thing);
  }

  #here(id: string, use: (member: Member) => void): void {
    this.#need(this.#members, id, (member) =>
      member.cell === undefined ? this.#complain(`${id} has left`) : use(member),
    );
  }

  #wasHere(id: string, day: string): void {
    this.#need(this.#members, id, ({ joined, left }) => {
      if (day < joined || (left !== undefined && left <= day)) this.#complain(`${id} is not here on ${day}`);
    });
  }

  #open(id: string): string {
    this.#need(this.#organisations, id, ({ closed }) => closed && this.#complain(`${id} is closed`));
    return id;
  }

  #organisation(body: Body): void {
    const parent = Text.optional().parse(body['parent']);
    this.#add(this.#organisations, body, { parent: parent && this.#open(parent), closed: false });
  }

  #close(id: string, into: string | undefined, on: string): void {
    for (const [name, member] of this.#members) {
      if (member.cell !== id) continue;
      if (into === undefined) this.#complain(`${name} is still in ${id}`);
      else this.#move(name, member, into, on);
    }
    this.#need(this.#organisations, id, (organisation) => (organisation.closed = true));
  }

  #member(id: string, cell: string, joined: string, code: unknown): void {
    const card = Text.parse(code);
    if (this.#codes.has(card)) this.#complain(`code ${card} comes twice`);
    this.#codes.add(card);
    this.#add(this.#members, { id }, { cell: this.#open(cell), joined });
  }

  #isUnder(cell: string, above: string): boolean {
    if (cell === above) return true;
    const parent = this.#organisations.get(cell)?.parent;
    return parent !== undefined && this.#isUnder(parent, above);
  }

  #move(id: string, member: Member, cell: string, on: string): void {
    member.cell = this.#open(cell);
    for (const assignment of this.#running()) {
      const group = this.#groups.get(assignment.group);
      if (assignment.member !== id || !group || group.kind === 'residents') continue;
      if (!this.#isUnder(cell, group.organisation)) assignment.until = on;
    }
  }

  #leave(id: string, member: Member, body: Body): void {
    member.cell = undefined;
    member.left = Text.parse(body['on']);
    const successor = Text.optional().parse(body['successor']);
    for (const assignment of this.#running()) {
      if (assignment.member !== id) continue;
      if (assignment.from > member.left) this.#complain(`${id} leaves on ${member.left}, before a later assignment`);
      assignment.until = member.left;
      if (successor === undefined) continue;
      this.#handedOver += 1;
      const { group } = assignment;
      this.#assign({ id: `handed-over-${this.#handedOver}`, member: successor, group }, member.left, false);
    }
  }

  #candidate(verb: string, candidate: { introduced: string; trained?: string; closed?: string }, body: Body): void {
    const on = Text.parse(body['on']);
    if (on < candidate.introduced) this.#complain(`${verb} on ${on}, before the introduction`);
    if (candidate.closed !== undefined) this.#complain(`${verb} after ${candidate.closed}`);
    if (verb === 'train') candidate.trained = on;
    else candidate.closed = verb;
    if (verb !== 'admit') return;
    if (candidate.trained === undefined || candidate.trained > on) this.#complain('admitted without training');
    this.#member(Text.parse(body['member']), Text.parse(body['cell']), on, body['code']);
  }

  #assign(body: Body, from: string, selfRegistered: boolean): void {
    const member = Text.parse(body['member']);
    const group = Text.parse(body['group']);
    this.#wasHere(member, from);
    this.#need(this.#groups, group, (known) => known.from > from && this.#complain(`${group} is not there on ${from}`));
    const own = [...this.#assignments.values()].filter(
      (other) => other.member === member && (other.until === undefined || other.until > from),
    );
    if (own.length >= 3) this.#complain(`${member} has three assignments on ${from}`);
    if (own.some((other) => other.group === group)) this.#complain(`${member} has ${group} twice on ${from}`);
    this.#add(this.#assignments, body, { member, group, from, selfRegistered, suspended: false });
  }

  #change(assignment: Assignment, body: Body): void {
    const on = Text.parse(body['on']);
    const verb = Text.parse(body['verb']);
    if (assignment.until !== undefined || on < assignment.from) this.#complain(`${verb} of what does not run on ${on}`);
    if (verb === 'end') assignment.until = on;
    if (verb === 'suspend' || verb === 'resume') {
      if (assignment.suspended === (verb === 'suspend')) this.#complain(`${verb} again`);
      assignment.suspended = verb === 'suspend';
    }
  }

  #deed(body: Body): void {
    const on = Text.parse(body['on']);
    this.#need(this.#assignments, Text.parse(body['assignment']), ({ member, from, until }) => {
      this.#wasHere(member, on);
      if (on < from || (until !== undefined && until <= on)) this.#complain(`${on} is not within the assignment`);
    });
    const campaign = Text.optional().parse(body['campaign']);
    if (campaign === undefined) return;
    this.#need(this.#campaigns, campaign, ({ from, until }) => {
      if (on < from || (until !== undefined && until <= on)) this.#complain(`${campaign} is not open on ${on}`);
    });
  }
}
