import { CommandId, commandIdFrom, createdId, eventIdOf, idText, newCommandId } from './ids.ts';

describe('ids', () => {
  it.each(['a', 'CB-01', '4d5e.x_y~z', '7'.repeat(64)])('a client may use %s', (text) => {
    expect(idText.parse(text)).toBe(text);
  });

  it.each(['', '-a', '.', 'a b', 'a/b', '../x', 'đ', '7'.repeat(65), 'a\n'])('a client may not use %p', (text) => {
    expect(idText.safeParse(text).success).toBe(false);
  });

  it('new ones are different and in order of time', () => {
    const ids = Array.from({ length: 100 }, newCommandId);
    expect(new Set(ids).size).toBe(100);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('are read in any case and kept in lower case', () => {
    const id = newCommandId();
    expect(CommandId.parse(id.toUpperCase())).toBe(id);
  });

  it('the same parts give the same id, other parts another', () => {
    expect(commandIdFrom('hand-over', 'e1')).toBe(commandIdFrom('hand-over', 'e1'));
    const others = [['hand-over', 'e2'], ['hand-overe1'], ['hand-over', 'e', '1'], ['hand-over,e1']];
    expect(new Set([['hand-over', 'e1'], ...others].map((parts) => commandIdFrom(...parts))).size).toBe(5);
  });

  it("a command's events have ids of their own, the same again at each try", () => {
    const command = newCommandId();
    const ids = Array.from({ length: 50 }, (_, index) => eventIdOf(command, index));
    expect(new Set(ids).size).toBe(50);
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => eventIdOf(command, index)));
    expect(ids[0]).toBe(command);
    expect(eventIdOf(newCommandId(), 1)).not.toBe(ids[1]);
  });

  it("a command's events keep its time, so that they stand near each other in an index", () => {
    const command = newCommandId();
    expect(eventIdOf(command, 7).slice(0, 13)).toBe(command.slice(0, 13));
    expect(eventIdOf(command, 7)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('what a command creates is named after it', () => {
    const command = newCommandId();
    expect(idText.parse(createdId(command))).toBe(command);
  });
});
