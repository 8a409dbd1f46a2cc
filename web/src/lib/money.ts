const dollars = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD' });

/** A price as it is said on a button; null is a price nobody knows. */
export const price = (usd: number | null | undefined) => usd === null || usd === undefined ? 'price unknown' : usd === 0 ? 'free' : dollars.format(usd);
export const amount = (usd: number) => dollars.format(usd);

const units = ['B', 'kB', 'MB', 'GB'];
export function bytes(n: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, n)) / 3)));
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: power > 1 ? 1 : 0 }).format(n / 1000 ** power)} ${units[power]}`;
}
