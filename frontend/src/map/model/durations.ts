/** ISO 8601 durations as forms show them: one number and one unit; what has several parts is edited as it is written. */
export const UNITS = ["PTM", "PTH", "PD", "PW", "PM", "PY"] as const;
export type Unit = (typeof UNITS)[number];
export type Span = { sign: 1 | -1; amount: number; unit: Unit };

const SINGLE = /^([+-]?)P(?:(\d+)([YMWD])|T(\d+)([HM]))$/;

/** null where it is not of one part. */
export function readSpan(text: string): Span | null {
  const found = SINGLE.exec(text.trim());
  if (!found) return null;
  const [, sign, days, day, hours, hour] = found;
  const unit = (day ? `P${day}` : `PT${hour}`) as Unit;
  return { sign: sign === "-" ? -1 : 1, amount: Number(days ?? hours), unit };
}

export function writeSpan({ sign, amount, unit }: Span): string {
  const [head, letter] = unit.startsWith("PT") ? ["PT", unit.slice(2)] : ["P", unit.slice(1)];
  return `${sign < 0 && amount ? "-" : ""}${head}${amount}${letter}`;
}
