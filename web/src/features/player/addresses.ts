/** Two addresses of one file differ only in how long they are good. */
export const fileAt = (url: string) => url.split('?')[0]!;

const AGAIN_MS = 1000;   // a file that could not be had is tried again after this, then after twice as long, and so on
const TRIES = 6;

type Owner = { addressOf(file: string): string | undefined; askAnew(): void; tryAgain(): void };

/**
 * Addresses are good for some minutes only, so one that fails is most often too old. Its owner may have a newer one at hand:
 * what plays keeps the address it began with. Only when it has none is it asked for, and the same address gets another
 * chance later, since a server that was away for a moment gives out the same.
 */
export class Addresses {
  private refused = new Set<string>();
  private failures = new Map<string, number>();
  private later = new Set<ReturnType<typeof setTimeout>>();
  constructor(private readonly owner: Owner) {}

  isRefused = (address: string) => this.refused.has(address);
  /** The file came: what went wrong with it before is forgotten. */
  came(m: HTMLMediaElement) { this.failures.delete(m.dataset.file ?? ''); }

  refuse(m: HTMLMediaElement) {
    const address = m.getAttribute('src'), file = m.dataset.file;
    if (!address || !file) return;
    delete m.dataset.file;
    this.refused.add(address);
    if (this.owner.addressOf(file) !== address) return this.owner.tryAgain();
    this.owner.askAnew();
    const times = this.failures.get(file) ?? 0;
    this.failures.set(file, times + 1);
    if (times < TRIES) this.giveAnotherChance(address, AGAIN_MS * 2 ** times);
  }

  private giveAnotherChance(address: string, after: number) {
    const timer = setTimeout(() => { this.later.delete(timer); this.refused.delete(address); this.owner.tryAgain(); }, after);
    this.later.add(timer);
  }

  stop() {
    this.later.forEach(clearTimeout);
    this.later.clear();
  }
}
