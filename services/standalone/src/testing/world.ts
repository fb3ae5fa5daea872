import { z } from 'zod';
import type { HttpAnswer } from '@phancong/nest/testing';
import type { JsonSchema, Operation } from './api-document.ts';
import { ground, type Served, tell } from './served.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Prepared {
  /** Where to send it, with ids in the place of `{id}`. */
  readonly path: string;
  readonly body: string | FormData | undefined;
}

/** What a request needs beside what its schema says, to be about something that can be. */
const special: Readonly<Record<string, Fields>> = {
  '/membership/organisations': { kind: 'cell', parent: 'bloc', from: '2004-01-01' },
  '/assignment/groups': { kind: 'residents', from: '2004-01-01' },
  '/membership/members/{id}/exempt': { from: '2014-06-01' },
  // Something must change.
  '/assignment/assignments/{id}/correct': { from: '2012-02-01' },
  '/activity/activities/{id}/amend': { reached: 6 },
};

/** What must have been done with a thing before, by what is done with it then. */
const before: Readonly<Record<string, readonly [verb: string, on: Fields]>> = {
  admit: ['train', { on: '2014-01-01' }],
  resume: ['suspend', { on: '2014-01-01', reason: 'đi công tác' }],
  'end-exemption': ['exempt', { from: '2014-01-01', reason: 'ốm' }],
};

/** How things end. */
const ends: Readonly<Record<string, readonly [verb: string, fields: Fields]>> = {
  '/membership/organisations': ['dissolve', { on: '2014-05-01' }],
  '/membership/members': ['leave', { on: '2014-05-01', reason: 'resigned' }],
  '/membership/candidates': ['withdraw', { on: '2014-05-01', reason: 'theo nguyện vọng' }],
  '/assignment/groups': ['close', { on: '2014-05-01' }],
  '/assignment/assignments': ['end', { on: '2014-05-01', reason: 'hết nhiệm kỳ' }],
  '/assignment/registrations': ['decline', { on: '2014-06-01', reason: 'chưa phù hợp' }],
  '/activity/activities': ['void', { reason: 'ghi nhầm' }],
};

const register = (name: string): string => `Họ và tên,Ngày vào Đảng,Số thẻ đảng viên\n${name},01/01/2011,T${name}\n`;

/**
 * Makes right requests from the schemas: each field by its name, and new things where something is named that must be
 * there. A route whose right request is more than that says so here.
 */
export class World {
  #number = 0;

  constructor(
    private readonly served: Served,
    private readonly operations: readonly Operation[],
  ) {}

  static async in(served: Served, operations: readonly Operation[]): Promise<World> {
    await tell(served, [
      ...ground,
      [
        '/membership/organisations',
        { id: 'committee', code: 'U', name: 'Đảng ủy', kind: 'committee', parent: 'bloc', from: '2004-01-01' },
      ],
    ]);
    return new World(served, operations);
  }

  /** A request that is right, about things of its own. @param id of the thing, if there is one already */
  async request(operation: Operation, id?: string): Promise<Prepared> {
    const thing = operation.path.includes('{id}') ? (id ?? (await this.thing(operation))) : undefined;
    const path = thing === undefined ? operation.path : operation.path.replace('{id}', thing);
    const asked = await this.#query(operation);
    return { path: asked === '' ? path : `${path}?${asked}`, body: await this.#body(operation) };
  }

  /** A new thing that the operation can be done with. @returns its id */
  async thing({ path }: Operation): Promise<string> {
    const [collection = '', verb = ''] = path.split('/{id}');
    const id = await this.#make(this.#collection(collection));
    const [first, fields] = before[verb.slice(1)] ?? [];
    if (first !== undefined) await this.#post(`${collection}/${id}/${first}`, fields);
    return id;
  }

  /** A thing that has come to its end before anything else is done with it. @returns its id */
  async ended({ path }: Operation): Promise<string> {
    const [collection = ''] = path.split('/{id}');
    const [verb, fields] = ends[collection] ?? [];
    if (verb === undefined) throw new Error(`nothing ends what ${path} is about`);
    const id = await this.#make(collection);
    await this.#post(`${collection}/${id}/${verb}`, fields);
    return id;
  }

  /** Where its things are made: another service's, for those that it only knows. */
  #collection(path: string): string {
    const makes = (each: Operation): boolean => each.method === 'POST' && each.path === path;
    const named = path.slice(path.lastIndexOf('/'));
    const found =
      this.operations.find(makes) ?? this.operations.find((each) => each.status === 201 && each.path.endsWith(named));
    if (!found) throw new Error(`nothing makes what ${path} is about`);
    return found.path;
  }

  async #make(collection: string): Promise<string> {
    const operation = this.operations.find(({ method, path }) => method === 'POST' && path === collection);
    if (!operation) throw new Error(`nothing makes ${collection}`);
    const { body } = await this.request(operation);
    const answer = await this.#post(collection, body);
    return z.object({ id: z.string() }).parse(answer.body).id;
  }

  async #post(path: string, body: unknown): Promise<HttpAnswer> {
    const answer = await this.served.request('POST', path, { body });
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await this.served.settled();
    return answer;
  }

  async #query({ query }: Operation): Promise<string> {
    const values = new URLSearchParams();
    for (const { name, required, schema } of query) {
      if (required) values.set(name, String(await this.#sample(schema, name, {})));
    }
    return values.toString();
  }

  async #body({ path, body }: Operation): Promise<string | FormData | undefined> {
    if (!body) return undefined;
    const given = special[path.replace(/\/bulk$/, '')] ?? {};
    const [, collection = '', verb] = /^(.*)\/bulk-(.*)$/.exec(path) ?? [];
    const one =
      verb === undefined ? undefined : this.operations.find((each) => each.path === `${collection}/{id}/${verb}`);
    const fields = one ? { id: await this.thing(one) } : given;
    const sample = await this.#sample(body.schema, '', fields);
    if (body.type !== 'multipart/form-data') return JSON.stringify(sample);
    const form = new FormData();
    for (const [name, value] of Object.entries(z.record(z.string(), z.string()).parse(sample))) form.set(name, value);
    form.set('file', new Blob([register(this.#text('Ngô Văn'))]), 'so.csv');
    return form;
  }

  async #sample(schema: JsonSchema, name: string, given: Fields): Promise<unknown> {
    const { type, properties = {}, required = [], items, anyOf, oneOf } = schema;
    const [first] = anyOf ?? oneOf ?? [];
    if (first) return this.#sample(first, name, given);
    if (type === 'array') return items ? [await this.#sample(items, name, given)] : [];
    if (type !== 'object') return this.#value(schema, name);
    const fields: Record<string, unknown> = {};
    for (const [field, of] of Object.entries(properties)) {
      if (field in given) fields[field] = given[field];
      else if (field === 'id' || required.includes(field)) fields[field] = await this.#sample(of, field, given);
    }
    return fields;
  }

  async #value({ type, format, enum: [option] = [] }: JsonSchema, name: string): Promise<unknown> {
    if (option !== undefined) return option;
    if (type === 'integer') return 5;
    if (format === 'date') return days[name] ?? '2014-06-01';
    const kept = fixed[name];
    if (kept !== undefined) return kept;
    const collection = named[name];
    return collection === undefined ? this.#text(name) : this.#make(collection);
  }

  #text(name: string): string {
    this.#number += 1;
    return name === 'id' || name === 'code'
      ? `${name}-${this.#number}`
      : `${name} ${String.fromCharCode(65 + (this.#number % 26))}`;
  }
}

const days: Readonly<Record<string, string>> = {
  admittedOn: '2010-01-01',
  introducedOn: '2011-01-01',
  consentOn: '2011-01-01',
  from: '2012-01-01',
};
const fixed: Readonly<Record<string, string>> = { organisation: 'cell', parent: 'committee' };
/** Where what a field names is made. */
const named: Readonly<Record<string, string>> = {
  cell: '/membership/organisations',
  into: '/membership/organisations',
  member: '/membership/members',
  to: '/membership/members',
  introducedBy: '/membership/members',
  group: '/assignment/groups',
  assignment: '/assignment/assignments',
  campaign: '/activity/campaigns',
};
