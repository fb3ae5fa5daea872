import { z } from 'zod';
import { type CommandContext, commandHandler } from './command-handler.ts';
import type { Decider } from './decider.ts';
import { eventCodec } from './event-codec.ts';
import { type EventStore, StoreClosed } from './event-store.ts';
import { type CommandId, newCommandId } from './ids.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { Refusal } from './refusal.ts';
import { newEvent } from './testing/index.ts';
import { Day } from './time.ts';

const on = Day.parse('2014-05-01');
const GroupEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('GroupFormed'), occurredAt: Day, headcount: z.int() }),
  z.object({ type: z.literal('GroupRecounted'), occurredAt: Day, headcount: z.int() }),
]);
type GroupEvent = z.infer<typeof GroupEvent>;
type GroupCommand =
  | { readonly type: 'form'; readonly headcount: number }
  | { readonly type: 'recount'; readonly headcount: number }
  | { readonly type: 'add'; readonly people: number };
interface Group {
  readonly headcount: number;
}

/** A group of people whose headcount changes: `recount` to the same number does nothing, `add` counts in two events. */
const group: Decider<Group | undefined, GroupCommand, GroupEvent> = {
  initialState: undefined,
  decide(command, state) {
    switch (command.type) {
      case 'form':
        if (state) throw new Refusal('conflict', 'already-exists');
        return [{ type: 'GroupFormed', occurredAt: on, headcount: command.headcount }];
      case 'recount':
        if (!state) throw new Refusal('not-found', 'unknown-group');
        if (state.headcount === command.headcount) return [];
        return [{ type: 'GroupRecounted', occurredAt: on, headcount: command.headcount }];
      case 'add':
        if (!state) throw new Refusal('not-found', 'unknown-group');
        return Array.from({ length: command.people }, (_, index) => ({
          type: 'GroupRecounted' as const,
          occurredAt: on,
          headcount: state.headcount + index + 1,
        }));
    }
  },
  evolve: (_, { headcount }) => ({ headcount }),
};

const by = 'operator';
const context = (command: CommandId = newCommandId()): CommandContext => ({ by, command });
const codec = eventCodec(GroupEvent);
const headcount = (of: number): string => JSON.stringify({ headcount: of });

describe('handling a command', () => {
  let store: EventStore;
  beforeEach(() => {
    store = inMemoryEventStore();
  });
  const handler = (on: EventStore = store, cached?: number) => commandHandler(on, group, codec, cached);

  it('appends what is decided, in the name of who gave the command', async () => {
    const command = newCommandId();
    const handled = await handler().handle('group-1', { type: 'form', headcount: 5 }, context(command));
    expect(handled).toEqual({ state: { headcount: 5 }, revision: 0, position: 1 });
    expect(await store.readStream('group-1')).toMatchObject([
      { type: 'GroupFormed', version: 1, occurredAt: on, data: headcount(5), by, command, id: command },
    ]);
  });

  it('decides on what the stream holds, whoever wrote it', async () => {
    const one = handler();
    const other = handler();
    await one.handle('group-1', { type: 'form', headcount: 5 }, context());
    await other.handle('group-1', { type: 'add', people: 2 }, context());
    expect((await one.handle('group-1', { type: 'add', people: 1 }, context())).state).toEqual({ headcount: 8 });
    expect((await other.load('group-1')).state).toEqual({ headcount: 8 });
  });

  it('keeps nothing that could not be read again', async () => {
    const broken = handler().handle('group-1', { type: 'form', headcount: 5.5 }, context());
    await expect(broken).rejects.toThrow(z.ZodError);
    expect(await store.head()).toBe(0);
  });

  it('keeps nothing of a refused command', async () => {
    await expect(handler().handle('group-1', { type: 'recount', headcount: 5 }, context())).rejects.toMatchObject({
      name: 'Refusal',
      kind: 'not-found',
      code: 'unknown-group',
    });
    expect(await store.head()).toBe(0);
  });

  it('says whether a command would be refused, and appends nothing', async () => {
    const { check, handle } = handler();
    const form = { type: 'form', headcount: 5 } as const;
    const given = context();
    await check('group-1', form, given);
    expect(await store.head()).toBe(0);
    await handle('group-1', form, given);
    await check('group-1', form, given);
    await expect(check('group-1', form, context())).rejects.toMatchObject({ code: 'already-exists' });
    const seen = { ...context(), ifRevision: 4 };
    await expect(check('group-1', { type: 'add', people: 1 }, seen)).rejects.toMatchObject({
      code: 'revision-mismatch',
    });
    expect(await store.head()).toBe(1);
  });

  it('appends nothing when there is nothing to do, and tells where the stream is', async () => {
    const groups = handler();
    expect(await groups.load('group-1')).toEqual({ state: undefined, revision: -1, position: 0 });
    const formed = await groups.handle('group-1', { type: 'form', headcount: 5 }, context());
    expect(await groups.handle('group-1', { type: 'recount', headcount: 5 }, context())).toEqual(formed);
    expect(await store.head()).toBe(1);
  });

  it('answers a command that was done from the log, without deciding again', async () => {
    const form = context();
    const formed = await handler().handle('group-1', { type: 'form', headcount: 5 }, form);
    await handler().handle('group-1', { type: 'add', people: 3 }, context());
    for (const groups of [handler(), handler()]) {
      expect(await groups.handle('group-1', { type: 'form', headcount: 5 }, form)).toEqual({
        state: { headcount: 8 },
        revision: formed.revision,
        position: formed.position,
      });
    }
    expect(await store.head()).toBe(4);
  });

  it('answers with the last of the events of a command', async () => {
    const groups = handler();
    await groups.handle('group-1', { type: 'form', headcount: 5 }, context());
    const add = context();
    const added = await groups.handle('group-1', { type: 'add', people: 3 }, add);
    expect(added).toMatchObject({ revision: 3, position: 4 });
    expect(await groups.handle('group-1', { type: 'add', people: 3 }, add)).toEqual(added);
    expect(new Set((await store.readStream('group-1')).map(({ id }) => id)).size).toBe(4);
  });

  it('does the same command given twice at the same time once', async () => {
    const form = context();
    const answers = await Promise.all([
      handler().handle('group-1', { type: 'form', headcount: 5 }, form),
      handler().handle('group-1', { type: 'form', headcount: 5 }, form),
    ]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await store.head()).toBe(1);
  });

  it('loses none of many commands at the same time, from two handlers', async () => {
    const groups = [handler(), handler()];
    await handler().handle('group-1', { type: 'form', headcount: 0 }, context());
    await Promise.all(
      groups.flatMap((each) =>
        Array.from({ length: 25 }, () => each.handle('group-1', { type: 'add', people: 1 }, context())),
      ),
    );
    expect((await handler().load('group-1')).state).toEqual({ headcount: 50 });
  });

  it('starts again on the new state when someone was faster', async () => {
    await handler().handle('group-1', { type: 'form', headcount: 5 }, context());
    let meddled = false;
    const slow: EventStore = {
      ...store,
      append: async (...call) => {
        if (!meddled) await handler().handle('group-1', { type: 'recount', headcount: 100 }, context());
        meddled = true;
        return store.append(...call);
      },
    };
    const handled = await handler(slow).handle('group-1', { type: 'add', people: 1 }, context());
    expect(handled).toMatchObject({ state: { headcount: 101 }, revision: 2 });
  });

  it('gives up when someone is always faster', async () => {
    await handler().handle('group-1', { type: 'form', headcount: 5 }, context());
    let revision = 0;
    const contested: EventStore = {
      ...store,
      append: async (...call) => {
        await store.append('group-1', revision, [newEvent({ type: 'GroupRecounted', data: headcount(1) })]);
        revision += 1;
        return store.append(...call);
      },
    };
    const add = handler(contested).handle('group-1', { type: 'add', people: 1 }, context());
    await expect(add).rejects.toMatchObject({ name: 'WrongExpectedRevision' });
  });

  it('hands on what the store says, and goes on when the store does', async () => {
    let closed = true;
    const failing: EventStore = {
      ...store,
      append: (...call) => (closed ? Promise.reject(new StoreClosed('closed')) : store.append(...call)),
    };
    const groups = handler(failing);
    await expect(groups.handle('group-1', { type: 'form', headcount: 5 }, context())).rejects.toThrow(StoreClosed);
    closed = false;
    expect(await groups.handle('group-1', { type: 'form', headcount: 6 }, context())).toMatchObject({
      state: { headcount: 6 },
      revision: 0,
    });
  });

  describe('for whoever saw a certain revision', () => {
    beforeEach(() => handler().handle('group-1', { type: 'form', headcount: 5 }, context()));

    it('goes through while it is the last', async () => {
      const seen = { ...context(), ifRevision: 0 };
      expect(await handler().handle('group-1', { type: 'recount', headcount: 6 }, seen)).toMatchObject({ revision: 1 });
    });

    it.each([-1, 1, 7])('is refused for another (%i)', async (ifRevision) => {
      const seen = { ...context(), ifRevision };
      const recount = handler().handle('group-1', { type: 'recount', headcount: 6 }, seen);
      await expect(recount).rejects.toMatchObject({
        kind: 'conflict',
        code: 'revision-mismatch',
        facts: { expected: ifRevision, actual: 0 },
      });
    });

    it('is refused, not tried again, when someone was faster', async () => {
      const groups = handler();
      const outcomes = await Promise.allSettled([
        groups.handle('group-1', { type: 'recount', headcount: 6 }, { ...context(), ifRevision: 0 }),
        groups.handle('group-1', { type: 'recount', headcount: 7 }, { ...context(), ifRevision: 0 }),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect((await groups.load('group-1')).state).toEqual({ headcount: 6 });
    });

    it('is answered as before when it is only sent again', async () => {
      const recount = { ...context(), ifRevision: 0 };
      const first = await handler().handle('group-1', { type: 'recount', headcount: 6 }, recount);
      expect(await handler().handle('group-1', { type: 'recount', headcount: 6 }, recount)).toEqual(first);
    });
  });

  it('reads of a stream that it knows only what is new', async () => {
    const asked: (number | undefined)[] = [];
    const counting: EventStore = {
      ...store,
      readStream: (stream, from) => {
        asked.push(from);
        return store.readStream(stream, from);
      },
    };
    const groups = handler(counting);
    await groups.handle('group-1', { type: 'form', headcount: 5 }, context());
    await groups.handle('group-1', { type: 'add', people: 2 }, context());
    expect(asked).toEqual([0, 1]);
  });

  it('is right with however little it may keep in memory', async () => {
    const groups = handler(store, 1);
    for (const id of ['1', '2', '1', '2', '3', '1']) {
      const { revision } = await groups.load(`group-${id}`);
      const command: GroupCommand = revision < 0 ? { type: 'form', headcount: 0 } : { type: 'add', people: 1 };
      await groups.handle(`group-${id}`, command, context());
    }
    expect((await groups.load('group-1')).state).toEqual({ headcount: 2 });
    expect((await groups.load('group-2')).state).toEqual({ headcount: 1 });
  });
});
