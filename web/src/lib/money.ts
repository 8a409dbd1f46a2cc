const dollars = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD' });

/** A price as it is said on a button; null is a price nobody knows. Stand-ins take no real money, and it says so. */
export const price = (usd: number | null | undefined, emulated = false) =>
  usd === null || usd === undefined ? 'price unknown' : usd === 0 ? 'free' : `${dollars.format(usd)}${emulated ? ', not real money' : ''}`;

type Lengths = { usdPerSecond: number | null; lengths?: number[]; secondsMin?: number };

/** What a take of these seconds costs: models film the next length they can, and that is paid. Null: unknown. */
export function takeCost(model: Lengths, seconds: number): number | null {
  const filmed = model.lengths?.length ? (model.lengths.find(l => l >= seconds - 1e-6) ?? model.lengths.at(-1)!) : Math.max(seconds, model.secondsMin ?? 0);
  return model.usdPerSecond === null ? null : model.usdPerSecond * filmed;
}

const units = ['B', 'kB', 'MB', 'GB'];
export function bytes(n: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, n)) / 3)));
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: power > 1 ? 1 : 0 }).format(n / 1000 ** power)} ${units[power]}`;
}
