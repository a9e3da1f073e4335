/** The Jalali calendar by the arithmetic rule of Borkowski, as safar/lib/jalali.py has it by Intl: years 1178 to 1633. */
const BREAKS = [-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178];
const div = (a: number, b: number) => Math.trunc(a / b);

function year(jy: number): { leap: number; gy: number; march: number } {
  const gy = jy + 621;
  let leapJ = -14;
  let jp = BREAKS[0]!;
  let jump = 0;
  for (const jm of BREAKS.slice(1)) {
    jump = jm - jp;
    if (jy < jm) break;
    leapJ += div(jump, 33) * 8 + div(jump % 33, 4);
    jp = jm;
  }
  let n = jy - jp;
  leapJ += div(n, 33) * 8 + div((n % 33) + 3, 4);
  if (jump % 33 === 4 && jump - n === 4) leapJ += 1;
  const leapG = div(gy, 4) - div((div(gy, 100) + 1) * 3, 4) - 150;
  if (jump - n < 6) n = n - jump + div(jump + 4, 33) * 33;
  let leap = (((n + 1) % 33) - 1) % 4;
  if (leap === -1) leap = 4;
  return { leap, gy, march: 20 + leapJ - leapG };
}

export const isLeap = (jy: number): boolean => year(jy).leap === 0;
export const daysOf = (jy: number, jm: number): number => (jm <= 6 ? 31 : jm <= 11 ? 30 : isLeap(jy) ? 30 : 29);

/** Gregorian date (UTC midnight) of a Jalali day. */
export function fromJalali(jy: number, jm: number, jd: number): Date {
  const { gy, march } = year(jy);
  const day = (jm - 1) * 31 - div(jm, 7) * (jm - 7) + jd - 1;
  return new Date(Date.UTC(gy, 2, march + day));
}

/** [year, month, day] of a Gregorian date. */
export function toJalali(date: Date): [number, number, number] {
  let jy = date.getUTCFullYear() - 621;
  let first = fromJalali(jy, 1, 1);
  if (date < first) first = fromJalali((jy -= 1), 1, 1);
  let left = Math.round((date.getTime() - first.getTime()) / 86_400_000);
  let jm = 1;
  while (left >= daysOf(jy, jm)) left -= daysOf(jy, jm++);
  return [jy, jm, left + 1];
}
