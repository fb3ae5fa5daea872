import { SharedTurn } from './shared-turn.ts';

describe('what a turn of the event loop shares', () => {
  let said: string[];
  let shared: SharedTurn;
  beforeEach(() => {
    said = [];
    shared = new SharedTurn(
      () => said.push('begun'),
      () => said.push('ended'),
    );
  });
  const nextTurn = () => new Promise(setImmediate);

  it('is begun once and ends with the turn', async () => {
    shared.join();
    await Promise.resolve();
    shared.join();
    expect(said).toEqual(['begun']);
    await nextTurn();
    expect(said).toEqual(['begun', 'ended']);
  });

  it('begins anew for who joins after it was ended', async () => {
    shared.join();
    shared.finish();
    shared.join();
    expect(said).toEqual(['begun', 'ended', 'begun']);
    await nextTurn();
    expect(said).toEqual(['begun', 'ended', 'begun', 'ended']);
  });

  it('is not ended when nobody has begun it, nor twice', async () => {
    shared.finish();
    shared.join();
    shared.finish();
    shared.finish();
    await nextTurn();
    expect(said).toEqual(['begun', 'ended']);
  });

  it('is not begun if beginning it fails', () => {
    let full = true;
    const failing = new SharedTurn(
      () => {
        if (full) throw new Error('cannot begin');
        said.push('begun');
      },
      () => said.push('ended'),
    );
    expect(() => failing.join()).toThrow('cannot begin');
    failing.finish();
    full = false;
    failing.join();
    failing.finish();
    expect(said).toEqual(['begun', 'ended']);
  });
});
