import { Gate } from './gate.ts';

/** Steps that end when they are told to. */
function steps() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const step = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    log.push(`${name} ends`);
    return name;
  };
  const turns = () => new Promise((resolve) => setImmediate(resolve));
  return { log, step, turns, end: (name: string) => ends.get(name)?.() };
}

describe('the gate', () => {
  it('lets many pass side by side', async () => {
    const { log, step, turns, end } = steps();
    const gate = new Gate();
    const both = Promise.all([gate.shared(step('one')), gate.shared(step('two'))]);
    await turns();
    expect(log).toEqual(['one begins', 'two begins']);
    end('one');
    end('two');
    expect(await both).toEqual(['one', 'two']);
  });

  it('lets one alone pass when those inside have left, and the others after it', async () => {
    const { log, step, turns, end } = steps();
    const gate = new Gate();
    const all = Promise.all([gate.shared(step('one')), gate.alone(step('closing')), gate.shared(step('two'))]);
    await turns();
    expect(log).toEqual(['one begins']);
    end('one');
    await turns();
    expect(log.slice(2)).toEqual(['closing begins']);
    end('closing');
    await turns();
    expect(log.slice(3)).toEqual(['closing ends', 'two begins']);
    end('two');
    await all;
  });

  it('opens again after what failed inside', async () => {
    const gate = new Gate();
    await expect(gate.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(gate.shared(() => Promise.reject(new Error('neither')))).rejects.toThrow('neither');
    expect(await gate.alone(async () => 'yes')).toBe('yes');
  });
});
