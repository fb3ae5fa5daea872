import { sayDay, sayInstant } from './say.ts';

describe('a day and an instant', () => {
  const { LC_ALL } = process.env;
  afterEach(() => {
    if (LC_ALL === undefined) delete process.env['LC_ALL'];
    else process.env['LC_ALL'] = LC_ALL;
  });

  it.each([
    ['vi_VN.UTF-8', '31/12/2014', '01/01/2015 00:30'],
    ['en_GB.UTF-8', '2014-12-31', '2015-01-01 00:30'],
  ])('are said as %s writes them', (locale, day, instant) => {
    process.env['LC_ALL'] = locale;
    expect(sayDay('2014-12-31')).toBe(day);
    expect(sayInstant('2014-12-31T17:30:00.000Z', 'Asia/Ho_Chi_Minh')).toBe(instant);
  });
});
